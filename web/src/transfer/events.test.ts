/** Oracle: the writer of training events, and a stage that was interrupted and went on. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { appendEvent } from "zoetrope/train";
import { readEvents, smoothed, thinned } from "./events.ts";

const folder = mkdtempSync(join(tmpdir(), "events-"));
afterAll(() => rmSync(folder, { recursive: true }));

const told = (stage: string, step: number, loss: number) =>
  ({
    type: "step",
    stage,
    step,
    steps: 9,
    loss,
    lr: 1,
    gradNorm: 1,
    tokens: 1,
    tokensPerSecond: 1,
    seconds: step,
    etaSeconds: 1,
  }) as const;
const begun = (stage: string, step: number) =>
  ({ type: "start", stage, step, steps: 9, parameters: 1, notes: [] }) as const;

test("events read as they were written, stage by stage, with a torn line left out", () => {
  const path = join(folder, "events.jsonl");
  for (const event of [begun("a", 0), told("a", 1, 3), told("a", 2, 2), begun("b", 0), told("b", 1, 9)]) {
    appendEvent(path, event);
  }
  appendEvent(path, { type: "validation", stage: "b", step: 1, values: { loss: 8 } });
  const stages = readEvents(`${readFileSync(path, "utf8")}{"type":"step","sta`);
  expect(stages.map(({ name, steps }) => [name, steps.map(({ loss }) => loss)])).toEqual([
    ["a", [3, 2]],
    ["b", [9]],
  ]);
  expect(stages[1]?.validations).toEqual([{ step: 1, values: { loss: 8 } }]);
});

test("a run that went on tells every step once, also where its log was only appended to", () => {
  const lines = [begun("a", 0), told("a", 1, 3), told("a", 2, 2), begun("a", 1), told("a", 2, 1)];
  const [stage] = readEvents(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  expect(stage?.steps.map(({ step, loss }) => [step, loss])).toEqual([
    [1, 3],
    [2, 1],
  ]);
});

test("thinning keeps the mean and the last step, smoothing keeps a constant", () => {
  const steps = Array.from({ length: 1000 }, (_, i) => told("a", i + 1, i));
  const points = thinned(steps, 100);
  expect(points).toHaveLength(100);
  expect(points.at(-1)?.step).toBe(1000);
  expect(points.reduce((sum, { loss }) => sum + loss, 0) / 100).toBeCloseTo(499.5, 9);
  expect(smoothed([1, 2, 3].map((step) => ({ step, loss: 7 }))).map(({ loss }) => loss)).toEqual([7, 7, 7]);
});
