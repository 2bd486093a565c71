import { expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { interpret, sizeOf } from "../graph/index.ts";
import { compile } from "../runtime/index.ts";
import {
  type BatchShape,
  clipTraining,
  endRows,
  initialLoraWeights,
  initialWeights,
  languageFeeds,
  languageShapes,
  languageTraining,
  loraScaling,
  loraShapes,
  mergeLora,
  parseModelConfig,
  type Sequence,
  tokensPerImage,
} from "./index.ts";
import { tinyLlavaConfig, tinyVision } from "./tiny-models.fixture.ts";

const rng = new Rng("training-graph");
const config = tinyLlavaConfig({ mm_spatial_pool_stride: 2 });
const shape: BatchShape = { batch: 2, length: 14, images: 3, weighted: true };

function image(): Float32Array {
  return Float32Array.from({ length: 3 * 8 * 8 }, () => rng.normal());
}

/** Two images in the first sequence, one in the second, text around them; every label counts but the images'. */
function sequences(): Sequence[] {
  const picture = new Array<number>(tokensPerImage(config)).fill(3);
  return [
    [4, ...picture, 5, ...picture, 6, 7],
    [8, 9, ...picture, 10, 11, 12],
  ].map((ids, b) => ({
    ids,
    labels: ids.map((id) => (id === 3 ? -100 : id)),
    weights: ids.map((id) => 1 + (id % 3)),
    images: b === 0 ? [image(), image()] : [image()],
  }));
}

const weights = initialWeights(languageShapes(config), rng, 0.3);
const numbers = Object.fromEntries([...weights].map(([name, { data }]) => [name, data]));

test("LLaVA's gradients are the slopes of its loss, vision tower included (oracle: float64 differences)", () => {
  const { graph, trainable } = languageTraining(config, shape);
  const feeds = { ...languageFeeds(config, shape, sequences()), ...numbers } as Record<string, ArrayLike<number>>;
  const at = interpret(graph, feeds);
  expect(trainable).toContain("vision_tower.embeddings.patch_embedding.weight");
  // The chosen layer is the last but one, so what lies behind it has no gradient.
  expect(trainable.filter((name) => /vision_tower\.(encoder\.layers\.1|post)/.test(name))).toEqual([]);
  for (const name of rng.sample(trainable, 6)) {
    const values = numbers[name] as Float32Array;
    const index = rng.below(values.length);
    const loss = (step: number) => {
      const moved = Float64Array.from(values);
      moved[index] = (moved[index] as number) + step;
      return interpret(graph, { ...feeds, [name]: moved }).get("loss")?.[0] as number;
    };
    const slope = (loss(1e-5) - loss(-1e-5)) / 2e-5;
    expect(at.get(`grad.${name}`)?.[index], name).toBeCloseTo(slope, 6);
  }
});

test("ONNX Runtime computes what the float64 interpreter computes", async () => {
  const { graph } = languageTraining(config, shape);
  const feeds = { ...languageFeeds(config, shape, sequences()), ...numbers };
  const executable = await compile(graph, { threads: 1 });
  const outputs = await executable.run(feeds as never);
  for (const [name, expected] of interpret(graph, feeds as never)) {
    const got = outputs[name] as Float32Array;
    got.forEach((value, i) => {
      expect(Math.abs(value - (expected[i] as number)), name).toBeLessThan(1e-4);
    });
  }
  await executable.dispose();
});

test("listing the rows that count changes neither loss nor gradients", () => {
  const batch = sequences();
  const run = (lossRows: number | undefined) => {
    const sizes = { ...shape, ...(lossRows !== undefined && { lossRows }) };
    const { graph } = languageTraining(config, sizes);
    return interpret(graph, { ...languageFeeds(config, sizes, batch), ...numbers } as never);
  };
  const [all, listed] = [run(undefined), run(9)];
  for (const [name, values] of all) {
    values.forEach((value, i) => {
      expect(listed.get(name)?.[i], name).toBeCloseTo(value, 9);
    });
  }
});

test("frozen weights may be built in, and get no gradient", () => {
  const frozen = (name: string) => name.startsWith("vision_tower.");
  const options = { fixed: weights, trainable: (name: string) => !frozen(name) };
  const { graph, trainable } = languageTraining(config, shape, options);
  expect(trainable.some(frozen)).toBe(false);
  expect(graph.sources.filter(({ kind, name }) => kind === "parameter" && frozen(name))).toEqual([]);
  const batch = languageFeeds(config, shape, sequences());
  const loss = interpret(graph, { ...batch, ...numbers } as never).get("loss")?.[0] as number;
  expect(Number.isFinite(loss)).toBe(true);
});

test("text alone needs no vision weights", () => {
  const { graph, trainable } = languageTraining(config, { batch: 1, length: 4 });
  expect(graph.sources.some(({ name }) => name.includes("vision"))).toBe(false);
  expect(trainable.every((name) => name.startsWith("language_model."))).toBe(true);
});

test("an adapter adds scaling B A to its modules, as a merged model has it, and is all that is trained", () => {
  const lora = {
    peft_type: "LORA" as const,
    r: 2,
    lora_alpha: 6,
    target_modules: ["q_proj", "down_proj"] as [string, ...string[]],
  };
  const shapes = loraShapes(languageShapes(config), lora);
  const adapter = new Map(
    [...initialLoraWeights(shapes, rng)].map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map((v) => v || 0.1 * rng.normal()) },
    ]),
  );
  const batch = languageFeeds(config, shape, sequences());
  const { graph, trainable } = languageTraining(config, shape, { lora });
  // The towers' q_proj have an adapter each; layers behind the chosen one are not in the graph.
  expect(trainable.length).toBe(
    [...shapes.keys()].filter((name) => !name.includes("vision_tower.encoder.layers.1")).length,
  );
  const fed = Object.fromEntries([...adapter].map(([name, { data }]) => [name, data]));
  const loss = interpret(graph, { ...batch, ...numbers, ...fed } as never).get("loss")?.[0] as number;
  const merged = Object.fromEntries(
    [...mergeLora(weights, adapter, loraScaling(lora))].map(([name, { data }]) => [name, data]),
  );
  const plain = languageTraining(config, shape).graph;
  expect(loss).toBeCloseTo(interpret(plain, { ...batch, ...merged } as never).get("loss")?.[0] as number, 6);
});

test("batches that do not fit are refused with the numbers", () => {
  const [first, second] = sequences() as [Sequence, Sequence];
  expect(() => languageFeeds(config, { ...shape, length: 9 }, [first])).toThrow(/9 ids, got 1 of up to/);
  expect(() => languageFeeds(config, { ...shape, images: 2 }, [first, second])).toThrow(/at most 2 images/);
  expect(() => languageFeeds(config, shape, [{ ...first, images: [image()] }])).toThrow(/4 image tokens for 1 images/);
  expect(() => languageFeeds(config, { ...shape, lossRows: 2 }, [first])).toThrow(/Raise lossRows/);
});

test("CLIP's gradients are the slopes of its contrastive loss (oracle: float64 differences)", () => {
  const raw = {
    model_type: "clip",
    projection_dim: 6,
    vision_config: tinyVision,
    text_config: {
      vocab_size: 11,
      hidden_size: 8,
      intermediate_size: 12,
      num_hidden_layers: 1,
      num_attention_heads: 2,
      max_position_embeddings: 6,
      eos_token_id: 10,
    },
  };
  const clip = parseModelConfig({ ...raw, vision_config: { ...tinyVision, model_type: "clip_vision_model" } }, "test");
  if (clip.model_type !== "clip") throw new TypeError("Expected CLIP.");
  const { graph, trainable, shapes } = clipTraining(clip, { pairs: 3, length: 5 });
  const parameters = Object.fromEntries([...initialWeights(shapes, rng, 0.3)].map(([name, { data }]) => [name, data]));
  const ids = [
    [1, 2, 10, 0, 0],
    [3, 10, 0, 0, 0],
    [4, 5, 6, 7, 10],
  ];
  const feeds = {
    pixel_values: Float32Array.from({ length: sizeOf([3, 3, 8, 8]) }, () => rng.normal()),
    input_ids: ids.flat(),
    end_rows: endRows(clip.text_config, ids),
    ...parameters,
  };
  expect([...endRows(clip.text_config, ids)]).toEqual([2, 6, 14]);
  const at = interpret(graph, feeds);
  for (const name of ["logit_scale", ...rng.sample(trainable, 5)]) {
    const values = parameters[name] as Float32Array;
    const index = rng.below(values.length);
    const loss = (step: number) => {
      const moved = Float64Array.from(values);
      moved[index] = (moved[index] as number) + step;
      return interpret(graph, { ...feeds, [name]: moved }).get("loss")?.[0] as number;
    };
    expect(at.get(`grad.${name}`)?.[index], name).toBeCloseTo((loss(1e-5) - loss(-1e-5)) / 2e-5, 6);
  }
});
