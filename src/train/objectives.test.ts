/**
 * Objectives against float64 runs of plainer graphs: padding and chosen rows change no loss, and clipping is what a hand
 * calculation gives.
 */
import { expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import { add, interpret, mul, reduceSum, reshape } from "../nn/graph/index.ts";
import {
  clipTraining,
  endRows,
  initialWeights,
  languageFeeds,
  languageTraining,
  parseModelConfig,
} from "../nn/models/index.ts";
import { clipObjective } from "./clip-objective.ts";
import { languageObjective, packSequences } from "./language-objective.ts";
import { lossObjective } from "./objective.ts";
import { randomSequences, tinyConfig, tinyWeights } from "./tiny-training.fixture.ts";
import { train } from "./train.ts";

const rng = new Rng("objectives");

test("buckets change neither loss nor gradients (oracle: the unpadded batch in float64)", () => {
  const numbers = Object.fromEntries([...tinyWeights()].map(([name, { data }]) => [name, data]));
  const objective = languageObjective(tinyConfig);
  const batch = randomSequences(3).map(({ ids }) => ({
    ids,
    labels: Array.from(ids, (id, t) => (t % 3 === 1 ? id : -100)),
  }));
  const shape = objective.shape(batch);
  expect(shape.length).toBe(32);
  const padded = interpret(objective.build(shape, {}).graph, { ...objective.feeds(batch, shape), ...numbers } as never);
  const plain = { batch: batch.length, length: Math.max(...batch.map(({ ids }) => ids.length)) };
  const feeds = { ...languageFeeds(tinyConfig, plain, batch), ...numbers };
  for (const [name, values] of interpret(languageTraining(tinyConfig, plain).graph, feeds as never)) {
    values.forEach((value, i) => {
      expect(padded.get(name)?.[i], name).toBeCloseTo(value, 9);
    });
  }
  expect(packSequences(tinyConfig, batch)).toEqual({ shape, feeds: objective.feeds(batch, shape) });
});

test("batches without labels or with images unannounced are refused", () => {
  const objective = languageObjective(tinyConfig);
  expect(() => objective.shape([])).toThrow(/got none/);
  expect(() => objective.shape([{ ids: [1, 2], labels: [1, -100] }])).toThrow(/labels that count/);
  const images = [new Float32Array(4)];
  expect(() => objective.shape([{ ids: [1, 2], labels: [1, 2], images }])).toThrow(/without images, got 1/);
});

test("texts are padded behind their end without effect on CLIP's loss (oracle: unpadded, float64)", () => {
  const tower = { hidden_size: 8, intermediate_size: 12, num_hidden_layers: 1, num_attention_heads: 2 };
  const config = parseModelConfig(
    {
      model_type: "clip",
      projection_dim: 6,
      vision_config: { model_type: "clip_vision_model", ...tower, image_size: 4, patch_size: 2, projection_dim: 6 },
      text_config: { ...tower, vocab_size: 11, max_position_embeddings: 6, eos_token_id: 10 },
    },
    "test",
  );
  if (config.model_type !== "clip") throw new TypeError("Expected CLIP.");
  const ids = [
    [1, 2, 3, 10],
    [5, 6, 7, 10],
  ];
  const pairs = ids.map((row) => ({ ids: row, pixels: Float32Array.from({ length: 48 }, () => rng.normal()) }));
  const objective = clipObjective(config);
  const shape = objective.shape(pairs);
  expect(shape).toEqual({ pairs: 2, length: 6 });
  const { graph, shapes } = clipTraining(config, { pairs: 2, length: 4 });
  const numbers = Object.fromEntries([...initialWeights(shapes, rng, 0.3)].map(([name, { data }]) => [name, data]));
  const padded = interpret(objective.build(shape, {}).graph, { ...objective.feeds(pairs, shape), ...numbers } as never);
  const plain = interpret(graph, {
    pixel_values: pairs.flatMap(({ pixels }) => [...pixels]),
    input_ids: ids.flat(),
    end_rows: endRows(config.text_config, ids),
    ...numbers,
  });
  expect(padded.get("loss")?.[0]).toBeCloseTo(plain.get("loss")?.[0] as number, 9);
});

/** sum(w * x) + sum(v): the gradient of w is x, that of v is 1. */
const sums = lossObjective<readonly number[], number>({
  name: "sums",
  shapes: new Map([
    ["w", [2]],
    ["v", [1]],
  ]),
  shape: (batch) => batch.length,
  feeds: (batch) => ({ x: Float32Array.from(batch) }),
  tokens: () => 1,
  loss(weights, n) {
    const product = mul(weights.tensor("w"), weights.graph.input("x", [n]));
    return add(reshape(reduceSum(product), []), reshape(weights.tensor("v"), []));
  },
});

test("an objective of one's own is trained, and clipping is as by hand", async () => {
  const weights = new Map(
    [
      ["w", 2],
      ["v", 1],
    ].map(([name, n]) => [String(name), { shape: [Number(n)], data: new Float32Array(Number(n)) }]),
  );
  const norms: number[] = [];
  // With eps far above the gradient, the first Adam step is rate x gradient / eps: it shows the clipped gradient.
  const { weights: after } = await train({
    ...{ stage: "sums", objective: sums, source: () => [3, 4], weights, steps: 1, clip: 2, threads: 1 },
    optimizer: { peak: 1e4, warmup: 0, eps: 1e4, weightDecay: 0 },
    onEvent: (event) => event.type === "step" && norms.push(event.gradNorm),
  });
  const norm = Math.sqrt(3 ** 2 + 4 ** 2 + 1 ** 2);
  expect(norms[0]).toBeCloseTo(norm, 12);
  const moved = [...(after.get("w")?.data ?? []), ...(after.get("v")?.data ?? [])];
  [3, 4, 1].forEach((gradient, i) => {
    expect(moved[i]).toBeCloseTo((-gradient * 2) / norm, 3);
  });
});
