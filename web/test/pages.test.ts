/** Every page in both themes. Oracles: axe-core; the width of the page; a log that grows while it is watched. */
import { appendFileSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { appendEvent } from "zoetrope/train";
import { inBrowser } from "./studio.fixture.ts";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

type Violation = { id: string; impact: string; nodes: { html: string }[] };

async function violations(page: Page): Promise<string[]> {
  // The policy of the pages lets no script in; a debugger may.
  const found = (await page.evaluate(`${axe}; axe.run().then((result) => result.violations)`)) as Violation[];
  return found
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
}

const ways: Readonly<Record<string, (page: Page) => Promise<unknown>>> = {
  "the start": (page) => page.waitForSelector(".sample img"),
  "an answer": async (page) => {
    await page.click("button.sample");
    await page.click("button:has-text('Find the moment')");
    await page.waitForSelector(".strip canvas");
    await page.click(".answer summary");
  },
  runs: async (page) => {
    await page.click("nav >> text=Runs");
    await page.click("text=Open the example");
    await page.waitForSelector(".sample-row");
  },
  transfer: async (page) => {
    await page.click("nav >> text=Transfer");
    await page.waitForSelector(".plot svg");
  },
  annotate: async (page) => {
    await page.click("nav >> text=Annotate");
    await page.click("text=Try it on a sample");
    await page.waitForSelector(".annotate-bar");
    await page.keyboard.press("i");
    await page.waitForSelector(".moments input");
  },
  "the help": async (page) => {
    await page.waitForSelector(".sample img");
    await page.keyboard.press("?");
    await page.waitForSelector("dialog[open]");
  },
};

inBrowser("pages", ({ open, folder }) => {
  test.each(
    (["light", "dark"] as const).flatMap((colorScheme) =>
      Object.keys(ways).map((name) => [name, colorScheme] as const),
    ),
  )("%s, %s: no serious fault of accessibility, nothing wider than 900 px, no error", async (name, colorScheme) => {
    const { page, faults } = await open("", { colorScheme, viewport: { width: 900, height: 800 } });
    await ways[name]?.(page);
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(900);
    expect(faults).toEqual([]);
  });

  test("a training is drawn while it goes on", async () => {
    mkdirSync(join(folder, "t3"), { recursive: true });
    const path = join(folder, "t3/events.jsonl");
    const told = (step: number, loss: number) =>
      ({
        type: "step",
        stage: "t3",
        step,
        steps: 50,
        loss,
        lr: 1,
        gradNorm: 1,
        tokens: 1,
        tokensPerSecond: 1000,
        seconds: step,
        etaSeconds: 60,
      }) as const;
    appendEvent(path, { type: "start", stage: "t3", step: 0, steps: 50, parameters: 1, notes: [] });
    appendEvent(path, told(1, 2.5));
    const { page, faults } = await open("#/transfer");
    await page.waitForFunction(() =>
      document.querySelector(".training")?.textContent?.includes("Step 1 of 50, loss 2.5000"),
    );
    const line = `${JSON.stringify(told(3, 1.25))}\n`;
    // Half a line first, as a reader may find it while it is written.
    appendFileSync(path, `${JSON.stringify(told(2, 2))}\n${line.slice(0, 20)}`);
    await page.waitForFunction(() => document.querySelector(".training")?.textContent?.includes("Step 2 of 50"));
    appendFileSync(path, line.slice(20));
    await page.waitForFunction(() =>
      document.querySelector(".training")?.textContent?.includes("Step 3 of 50, loss 1.2500"),
    );
    expect(faults).toEqual([]);
  });

  test("the theme is kept, and the place is in the address", async () => {
    const { page } = await open("#/runs?find=dog");
    await page.click("button[aria-label^='Theme']");
    await page.reload();
    expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe("light");
    expect(await page.title()).toBe("Runs · Zoetrope studio");
  });
});
