import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { captureOutput } from "./captured-output.fixture.ts";
import { run } from "./run.ts";

const folder = mkdtempSync(join(tmpdir(), "synth-compass-"));
const data = join(folder, "data");
const captured = captureOutput();
afterAll(() => rmSync(folder, { recursive: true }));

test("a benchmark is written, told in one object, and not written twice", async () => {
  expect(await run(["synth", "world-compass", "-o", data, "--videos", "9", "--json"])).toBe(0);
  const { summary } = JSON.parse(captured.stdout);
  expect(summary).toMatchObject({ videos: 8, written: 8, conflicts: 2, questions: 8 * 16, yes_no: 8 * 6 });
  captured.stdout = "";
  expect(await run(["synth", "world-compass", "-o", data, "--videos", "9"])).toBe(0);
  expect(captured.stdout).toContain("8 videos in 2 conflicts, 128 questions");
  expect(captured.stdout).toContain("(0 videos written now)");
});

test("eval takes the folder as TempCompass, check finds it whole", async () => {
  const script = join(folder, "script.json");
  writeFileSync(script, '{"yes or no": "yes", ".*": "A"}');
  const output = join(folder, "run");
  const asked = ["eval", "world-compass", "--data", data, "-m", `scripted:${script}`, "-o", output, "--json"];
  expect(await run(asked)).toBe(0);
  const { summary } = JSON.parse(captured.stdout);
  // Always yes and always one letter of two, over whole conflicts of four videos.
  expect(summary).toMatchObject({ yesNo: 50, multiChoice: 25, unasked: 0 });
  expect(existsSync(join(output, "predictions", "yes_no.json"))).toBe(true);
  captured.stdout = "";
  expect(await run(["data", "check", "world-compass", data, "--json"])).toBe(0);
  expect(JSON.parse(captured.stdout).summary).toMatchObject({
    items: 128,
    askable: 128,
    missing: 0,
    extra: 0,
    problems: 0,
  });
});

test.each([
  [["--videos", "3"], /4 videos at least, got 3/],
  [["--videos", "many"], /--videos.*"many"/],
  [["--seed", "-1"], /--seed.*"-1"/],
  [["--seed", "9"], /Pass another folder/],
])("%j is refused, and what was there stays", async (flags, message) => {
  const films = readFileSync(join(data, "films.json"), "utf8");
  expect(await run(["synth", "world-compass", "-o", data, ...flags])).toBe(1);
  expect(captured.stderr).toMatch(message);
  expect(readFileSync(join(data, "films.json"), "utf8")).toBe(films);
});
