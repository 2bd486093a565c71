/**
 * The loop against what can be told without it: memorising, bit-exact resume, refusal, divergence.
 */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readSafetensors } from "../nn/checkpoint/index.ts";
import { loadModel } from "../nn/models/index.ts";
import { rawConfig, tinyTraining, tinyWeights } from "./tiny-training.fixture.ts";
import { train } from "./train.ts";
import { TrainingDiverged } from "./training-diverged.ts";
import type { TrainingEvent } from "./training-event.ts";

const root = mkdtempSync(join(tmpdir(), "zoetrope-train-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const newFolder = () => join(root, String(folders++));

const bits = (weights: ReadonlyMap<string, { data: Float32Array | Int32Array }>) =>
  new Map([...weights].map(([name, { data }]) => [name, Buffer.from(data.buffer).toString("base64")]));

test("a memorised sequence costs next to nothing, and the weights given are left as they were", async () => {
  const ids = [1, 7, 3, 20, 7, 9, 2];
  const given = tinyWeights();
  const before = bits(given);
  const { losses } = await train(
    tinyTraining({ source: () => [{ ids, labels: ids }], weights: given, steps: 120, optimizer: { peak: 1e-2 } }),
  );
  expect(losses[0]).toBeGreaterThan(2);
  expect(losses.at(-1)).toBeLessThan(0.02);
  expect(bits(given)).toEqual(before);
});

test("stopped after 10 of 20 steps and resumed, losses and weights are those of one run to the last bit", async () => {
  const whole = await train(tinyTraining());
  const checkpoint = { dir: newFolder(), every: 4, model: { config: rawConfig } };
  const stop = new AbortController();
  const first: number[] = [];
  const onEvent = (event: TrainingEvent) => {
    if (event.type === "step") first.push(event.loss);
    if (event.type === "step" && event.step === 10) stop.abort();
  };
  const stopped = train(tinyTraining({ checkpoint, onEvent, signal: stop.signal }));
  await expect(stopped).rejects.toMatchObject({
    name: "AbortError",
    message: expect.stringContaining("after 10 of 20"),
  });
  const resumed = await train(tinyTraining({ checkpoint }));
  expect([...first, ...resumed.losses]).toEqual(whole.losses);
  expect(bits(resumed.weights)).toEqual(bits(whole.weights));
  expect(readdirSync(checkpoint.dir).sort()).toEqual(["step-00000016", "step-00000020"]);
  // A finished run is not run again, and its folder is a checkpoint like any other.
  const again = await train(tinyTraining({ checkpoint }));
  expect([again.losses, bits(again.weights)]).toEqual([[], bits(whole.weights)]);
  expect(bits(loadModel(join(checkpoint.dir, "step-00000020")).weights)).toEqual(bits(whole.weights));
});

test("only what is trained changes and has optimizer state, whether the rest is fed or built in", async () => {
  const trainable = (name: string) => name.includes("layers.1.");
  const checkpoint = { dir: newFolder() };
  const options = { trainable, steps: 3, checkpoint };
  const { weights, losses } = await train(tinyTraining(options));
  const given = bits(tinyWeights());
  const changed = [...bits(weights)].filter(([name, text]) => given.get(name) !== text).map(([name]) => name);
  expect(changed.sort()).toEqual([...given.keys()].filter(trainable).sort());
  const moments = readSafetensors(join(checkpoint.dir, "step-00000003", "optimizer.safetensors"));
  expect([...moments.tensors.keys()].every(trainable)).toBe(true);
  expect(moments.tensors.size).toBe(2 * changed.length);
  const built = await train(tinyTraining({ trainable, steps: 3, fixFrozen: true }));
  built.losses.forEach((loss, i) => {
    expect(loss).toBeCloseTo(losses[i] as number, 5);
  });
});

test("dropping compiled graphs and compiling them again changes nothing", async () => {
  const { losses } = await train(tinyTraining({ steps: 6, maxShapes: 1 }));
  expect(losses).toEqual((await train(tinyTraining({ steps: 6 }))).losses);
});

test("another configuration is refused by the name of what differs", async () => {
  const checkpoint = { dir: newFolder() };
  await train(tinyTraining({ checkpoint, steps: 2, config: { seed: 1 } }));
  const other = (changes: Parameters<typeof tinyTraining>[0]) =>
    train(tinyTraining({ checkpoint, steps: 2, ...changes }));
  await expect(other({ config: { seed: 2 } })).rejects.toThrow(/seed is 2, was 1\. Use that/);
  await expect(other({ config: { seed: 1 }, optimizer: { peak: 0.5 } })).rejects.toThrow(
    /optimizer.peak is 0.5, was 0.01/,
  );
  await expect(other({ config: { seed: 1 }, trainable: (name) => name.endsWith("norm.weight") })).rejects.toThrow(
    /trained is/,
  );
  const fresh = await other({ config: { seed: 2 }, checkpoint: { ...checkpoint, resume: false } });
  expect(fresh.losses.length).toBe(2);
});

test("numbers that are not finite stop the run before they reach the weights, and the last checkpoint stays", async () => {
  const checkpoint = { dir: newFolder(), every: 2 };
  const poisoned = tinyTraining({ checkpoint, steps: 6 });
  const feeds: typeof poisoned.objective.feeds = (batch, shape) => poisoned.objective.feeds(batch, shape);
  let step = 0;
  const weights = tinyWeights();
  const source = async (at: number) => {
    step = at;
    return await poisoned.source(at);
  };
  const objective = {
    ...poisoned.objective,
    feeds: (...given: Parameters<typeof feeds>) => {
      const fed = feeds(...given);
      const norm = new Float32Array(16).fill(Number.NaN);
      return step === 3 ? { ...fed, "model.norm.weight": norm } : fed;
    },
  };
  const failure = await train({ ...poisoned, objective, source, weights }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(TrainingDiverged);
  expect(failure).toMatchObject({ stage: "tiny", step: 3, loss: Number.NaN });
  expect((failure as Error).message).toMatch(/stage "tiny".*step 4.*Lower the learning rate.*step-00000002/);
  expect(readdirSync(checkpoint.dir)).toEqual(["step-00000002"]);
});

test("events tell every step with its rate, and validation when it is due", async () => {
  const events: TrainingEvent[] = [];
  const validate = { every: 2, run: async (_: unknown, step: number) => ({ step }) };
  const optimizer = { peak: 3, warmup: 0, floor: 1 };
  await train(tinyTraining({ steps: 4, optimizer, validate, onEvent: (event) => events.push(event) }));
  const rates = events.flatMap((event) => (event.type === "step" ? [event.lr] : []));
  // Half a cosine from 3 to 1: 2 + cos(pi k / 4).
  rates.forEach((rate, k) => {
    expect(rate).toBeCloseTo(2 + Math.cos((Math.PI * k) / 4), 12);
  });
  expect(events.map(({ type }) => type).join(" ")).toBe("start step step validation step step validation");
  expect(events.at(-2)).toMatchObject({ step: 4, steps: 4, etaSeconds: 0 });
});

test("an early abort leaves nothing behind", async () => {
  const checkpoint = { dir: newFolder() };
  await expect(train(tinyTraining({ checkpoint, signal: AbortSignal.abort() }))).rejects.toThrow(/after 0 of 20/);
  expect(readdirSync(checkpoint.dir)).toEqual([]);
});

test("a checkpoint folder that is a file is refused before the first step", async () => {
  const checkpoint = { dir: newFolder() };
  writeFileSync(checkpoint.dir, "");
  await expect(train(tinyTraining({ checkpoint }))).rejects.toThrow(`folder for checkpoints at ${checkpoint.dir}`);
});
