/**
 * Stages in order, interrupted and resumed; the oracle is the same recipe run without interruption.
 */
import { appendFileSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Weights } from "../nn/checkpoint/index.ts";
import { loadModel } from "../nn/models/index.ts";
import { readEvents } from "./event-log.ts";
import type { JsonRecord } from "./run-config.ts";
import { runStages, type Stage, stageWeights } from "./stages.ts";
import { rawConfig, tinyTraining, tinyWeights } from "./tiny-training.fixture.ts";
import type { TrainingEvent } from "./training-event.ts";

const root = mkdtempSync(join(tmpdir(), "zoetrope-stages-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const newFolder = () => join(root, String(folders++));

/** A stage of 6 steps that begins where the one before ended. */
function stage(name: string, config: JsonRecord = {}): Stage {
  return {
    name,
    config,
    async run({ weights, train }) {
      const { objective, source } = tinyTraining();
      const options = { objective, source, weights, steps: 6, threads: 1, optimizer: { peak: 1e-2 } };
      const result = await train({ ...options, checkpoint: { every: 2 } });
      return { weights: result.weights, model: { config: rawConfig }, summary: { loss: result.losses.at(-1) ?? null } };
    },
  };
}

const stages = [stage("first"), stage("second")];
const run = (folder: string, more: Partial<Parameters<typeof runStages>[0]> = {}) =>
  runStages({ folder, stages, weights: tinyWeights(), ...more });
const numbers = (weights: Weights) => Object.fromEntries([...weights].map(([name, { data }]) => [name, [...data]]));
const losses = (folder: string) =>
  readEvents(join(folder, "events.jsonl")).flatMap((row) =>
    row.type === "step" ? [[row.stage, row.step, row.loss]] : [],
  );

test("interrupted anywhere and started again, a recipe gives the weights and the log of one run", async () => {
  const whole = newFolder();
  await run(whole);
  expect(losses(whole).map(([name, step]) => `${name} ${step}`)).toEqual(
    ["first", "second"].flatMap((name) => [1, 2, 3, 4, 5, 6].map((step) => `${name} ${step}`)),
  );
  const folder = newFolder();
  for (const at of [
    ["first", 3],
    ["second", 1],
    ["second", 5],
  ]) {
    const stop = new AbortController();
    const onEvent = (event: TrainingEvent) => {
      if (event.type === "step" && event.stage === at[0] && event.step === at[1]) stop.abort();
    };
    await expect(run(folder, { signal: stop.signal, onEvent })).rejects.toThrow(/Stopped stage/);
  }
  // A kill while a line was written, behind steps that no checkpoint knows.
  appendFileSync(join(folder, "events.jsonl"), `{"type":"step","stage":"second","step":6,"loss":9}\n{"type":"st`);
  await run(folder);
  expect(losses(folder)).toEqual(losses(whole));
  expect(numbers(stageWeights(folder, "second"))).toEqual(numbers(stageWeights(whole, "second")));
  expect(numbers(loadModel(join(folder, "second")).weights)).toEqual(numbers(stageWeights(whole, "second")));
  expect(existsSync(join(folder, "second", "training"))).toBe(false);
  const again = await run(folder);
  expect(again.map(({ name, skipped }) => [name, skipped])).toEqual([
    ["first", true],
    ["second", true],
  ]);
  expect(again.map(({ summary }) => summary)).toEqual((await run(whole)).map(({ summary }) => summary));
});

test("one stage runs alone when those before it are finished", async () => {
  const folder = newFolder();
  await expect(run(folder, { only: "second" })).rejects.toThrow(/"first" to be finished before "second"/);
  expect((await run(folder, { only: "first" })).length).toBe(1);
  expect((await run(folder, { only: "second" })).map(({ skipped }) => skipped)).toEqual([true, false]);
  await expect(run(folder, { only: "third" })).rejects.toThrow(/one of the stages first, second, got "third"/);
});

test("a finished stage of another configuration, or from other weights, is refused", async () => {
  const folder = newFolder();
  await run(folder);
  const changed = [stage("first", { seed: 2 }), stage("second")];
  await expect(run(folder, { stages: changed })).rejects.toThrow(/first, but seed is 2, was absent\. Remove/);
  rmSync(join(folder, "first"), { recursive: true });
  await expect(run(folder, { weights: tinyWeights(1) })).rejects.toThrow(/"second" was run from other weights/);
});
