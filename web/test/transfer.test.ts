/** Looks inside a model, dropped on the page of the transfer. Oracle: the records that the command writes, counted. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { drop, inBrowser, root } from "./studio.fixture.ts";

inBrowser("the inside of a model", ({ open, folder }) => {
  test("attention flows and knock-outs of one question are drawn", async () => {
    const args = [
      "--import",
      "tsx",
      "src/cli/main.ts",
      "look-inside",
      "examples/red-circle-grows.mp4",
      "Which item is shown first?",
    ];
    const knockOuts = ["--knock-outs", "frames-to-text,options-to-last"];
    execFileSync(
      process.execPath,
      [
        ...args,
        "--options",
        "a red circle|a blue star",
        "--answer",
        "a red circle",
        "--frames",
        "4",
        ...knockOuts,
        "--out",
        folder,
      ],
      { cwd: root, stdio: "ignore" },
    );
    const bytes = readFileSync(join(folder, "look-inside.json"));
    const { attention, groups } = JSON.parse(bytes.toString()) as { attention: unknown[]; groups: unknown[] };
    const { page, faults } = await open("#/transfer");
    await drop(page, ".runs-add", [{ name: "look-inside.json", bytes }]);
    const flow = page.locator("figure.inside", { hasText: "Where attention flows" });
    await flow.locator("[aria-label='cell'] rect").first().waitFor();
    const cells = await flow.locator("[aria-label='cell'] rect").count();
    // A triangle a layer at least, a square at most.
    const G = groups.length;
    expect(cells).toBeGreaterThanOrEqual((attention.length * G * (G + 1)) / 2);
    expect(cells).toBeLessThanOrEqual(attention.length * G * G);
    const cuts = page.locator("figure.inside", { hasText: "(A) a red circle" });
    expect(await cuts.locator("[aria-label='dot'] circle").count()).toBe(2 * attention.length);
    expect(await cuts.textContent()).toContain("no text sees the frames");
    expect(faults).toEqual([]);
  });

  test("a record that is not whole is refused in a sentence", async () => {
    const { page } = await open("#/transfer");
    const bytes = Buffer.from(JSON.stringify({ format: "zoetrope-knock-out", model: "micro" }));
    await drop(page, ".runs-add", [{ name: "knock-out.json", bytes }]);
    await page.waitForFunction(() =>
      document.body.textContent?.includes("Expected a whole record of zoetrope look-inside"),
    );
  });
});
