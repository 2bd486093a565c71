/**
 * The main job, small: two questions a task and four steps an arm. Oracle for the figures: the logs that it leaves, counted
 * here. How well it learns is for docs/results.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type Answer, answerOf, readRun } from "../src/evals/index.ts";
import { reproduceT3 } from "./reproduce-t3.ts";
import { batch } from "./transfer/fine-tune.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-reproduce-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const silent = { task: () => ({ update() {}, finish() {} }), note() {} };
const context = { progress: silent, signal: new AbortController().signal };
const options = { seeds: 1, seed: 3, steps: 4, questions: 2, folder };

function rowsOf(arm: string): Answer[] {
  return Array.from(readRun(join(folder, "seed-3", `${arm}.jsonl`)).rows, answerOf);
}
const percent = (rows: readonly Answer[]) => (100 * rows.filter(({ correct }) => correct).length) / rows.length;

test("evaluates, trains both arms on text, evaluates again and reports; a second call changes nothing", async () => {
  const { summary } = await reproduceT3(options, context);
  const arms = { baseline: rowsOf("baseline"), control: rowsOf("control"), t3: rowsOf("t3") };
  for (const rows of Object.values(arms)) {
    expect(rows.map(({ sample }) => sample.question)).toEqual(arms.t3.map(({ sample }) => sample.question));
    for (const { frames } of rows) expect(frames.length).toBe(8);
  }
  const of = (rows: readonly Answer[], kind: string) => percent(rows.filter(({ sample }) => sample.kind === kind));
  expect(summary.baselineTemporal).toBeCloseTo(of(arms.baseline, "temporal"), 9);
  expect(summary.controlTemporal).toBeCloseTo(of(arms.control, "temporal"), 9);
  expect(summary.t3Temporal).toBeCloseTo(of(arms.t3, "temporal"), 9);
  expect(summary.baselineStatic).toBeCloseTo(of(arms.baseline, "static"), 9);
  expect(summary.gain).toBeCloseTo(of(arms.t3, "temporal") - of(arms.baseline, "temporal"), 9);
  expect(summary.questions).toBe(arms.t3.length);
  const page = readFileSync(join(folder, "report.html"), "utf8");
  expect(page).not.toMatch(/(src|href)="https?:/);
  const again = await reproduceT3(options, context);
  expect(again.summary).toEqual(summary);
}, 240_000);

test("training text of an arm holds no picture", () => {
  for (const arm of ["t3", "control"]) {
    const text = readFileSync(join(folder, "seed-3", arm, "text.json"), "utf8");
    expect(text).not.toContain("<image>");
    expect((JSON.parse(text) as unknown[]).length).toBe(4 * batch);
  }
});
