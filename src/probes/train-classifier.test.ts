/** The oracle is a task with a known answer: the order of two marks in noise, told only by who looks at time. */
import { expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import { interpret } from "../nn/graph/index.ts";
import { initialClassifier, trainingGraph } from "./classifier.ts";
import { paperSettings, probeSeeds, saneSettings, type TrainingSettings } from "./settings.ts";
import { type Example, parameterCount, trainClassifier } from "./train-classifier.ts";

/** Six tokens of eight numbers; a mark in dimension 0 comes before one in dimension 1, or after it. */
function marked(rng: Rng, label: number): Example {
  const data = Float32Array.from({ length: 6 * 8 }, () => 0.1 * rng.normal());
  const [early, late] = [rng.below(2), 3 + rng.below(2)];
  data[8 * early + label] = 2;
  data[8 * late + 1 - label] = 2;
  return { label, tokens: { length: 6, width: 8, data } };
}

function examples(seed: string, count: number): Example[] {
  const rng = new Rng(seed);
  // Class by class, as the paper's loaders give them.
  return [0, 1].flatMap((label) => Array.from({ length: count }, () => marked(rng, label)));
}

const quick: TrainingSettings = { rate: 5e-3, batch: 16, epochs: 12, shuffles: true, standardises: true };
const train = examples("train", 40);
const test20 = examples("test", 20);

const run = (kind: "lstm" | "linear", settings: TrainingSettings, seed = 12) =>
  trainClassifier({ kind, classes: 2, train, test: test20.map(({ tokens }) => tokens), settings, seed, threads: 1 });

const right = (predicted: readonly number[]) => predicted.filter((label, i) => label === test20[i]?.label).length;

test("the LSTM probe tells an order that the last token does not hold; the linear probe cannot", async () => {
  const lstm = await run("lstm", quick);
  expect(lstm.trainAccuracy).toBe(100);
  expect(right(lstm.predicted)).toBe(40);
  const linear = await run("linear", quick);
  expect(right(linear.predicted)).toBeLessThan(32);
});

test("a seed names the result to the last bit, and another seed is another run", async () => {
  const short = { ...quick, epochs: 2 };
  const [a, b, c] = [await run("lstm", short), await run("lstm", short), await run("lstm", short, 22)];
  expect(a.losses).toEqual(b.losses);
  expect(a.losses).not.toEqual(c.losses);
});

test("without shuffling every epoch sees the classes in the same order, and a short last batch counts its own rows only", async () => {
  const settings = { ...quick, shuffles: false, standardises: false, batch: 74, epochs: 1, rate: 0 };
  const { losses } = await run("lstm", settings);
  expect(losses).toHaveLength(2);
  const size = { kind: "lstm", classes: 2, length: 6, width: 8 } as const;
  const weights = initialClassifier(size, new Rng("probe/12").fork("weights"));
  const last = train.slice(74);
  const features = new Float32Array(6 * last.length * 8);
  last.forEach(({ tokens }, b) => {
    for (let t = 0; t < 6; t++) features.set(tokens.data.subarray(8 * t, 8 * t + 8), (t * last.length + b) * 8);
  });
  const feeds = { features, labels: Int32Array.from(last, ({ label }) => label), ...weights };
  expect(losses[1]).toBeCloseTo(interpret(trainingGraph(size, last.length), feeds).get("loss")?.[0] as number, 5);
});

test("settings are the paper's table", () => {
  expect(paperSettings("order", "lstm")).toMatchObject({ rate: 5e-5, batch: 64, epochs: 15, shuffles: false });
  expect(paperSettings("grounding", "lstm").epochs).toBe(120);
  expect(paperSettings("brightness", "lstm").epochs).toBe(80);
  expect(paperSettings("order", "linear")).toMatchObject({ rate: 5e-4, batch: 800, epochs: 100 });
  expect(paperSettings("blooming", "linear").epochs).toBe(200);
  expect(probeSeeds(5)).toEqual([12, 22, 32, 42, 52]);
  expect(saneSettings("lstm", 320, 300).epochs).toBe(30);
  expect(parameterCount({ kind: "lstm", length: 128, width: 1024, classes: 3 })).toBe(590_848 + 129 * 3);
});
