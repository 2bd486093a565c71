/** Oracle: blocks worked out by hand, and the same model with the dequantised numbers as float32 weights. */
import { expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import type { TensorData } from "../checkpoint/index.ts";
import type { GenerativeConfig } from "./generative-config.ts";
import { Generator } from "./generator.ts";
import { initialWeights, modelShapes, parseModelConfig } from "./index.ts";
import { WeightQuantiser } from "./quantise-weights.ts";
import { dequantisedRow, type QuantisedBits, quantise, quantisedBytes } from "./quantised-matrix.ts";

test("4 bits: the largest magnitude becomes -8 whatever its sign, two numbers a byte, the first below (by hand)", () => {
  const row = new Float32Array(32);
  row.set([16, -2, 3, 15]);
  const { packed, scales } = quantise(row, [1, 32], 4);
  expect(Array.from(scales)).toEqual([-2]);
  // round(x / -2) + 8 = 0, 9, 7 (-1.5 rounds up to -1), 1 (-7.5 up to -7); zeros are 8.
  expect(Array.from(packed.subarray(0, 3))).toEqual([0x90, 0x17, 0x88]);
  expect(Array.from(dequantisedRow(quantise(row, [1, 32], 4), 0).subarray(0, 4))).toEqual([16, -2, 2, 14]);
});

test("8 bits: 127 steps to the largest magnitude (by hand)", () => {
  const row = new Float32Array(32);
  row.set([-12.7, 0.1, 6.4]);
  const { packed } = quantise(row, [1, 32], 8);
  expect(Array.from(packed.subarray(0, 4))).toEqual([1, 129, 192, 128]);
});

test.each<QuantisedBits>([4, 8])("%d bits: no number moves by more than a step, rows of any length", (bits) => {
  const rng = new Rng(bits);
  const shape = [5, 50] as const;
  const values = Float32Array.from({ length: 250 }, () => rng.normal());
  const matrix = quantise(values, shape, bits);
  for (let row = 0; row < 5; row++) {
    dequantisedRow(matrix, row).forEach((value, i) => {
      const step = Math.abs(matrix.scales[row * 2 + Math.floor(i / 32)] as number);
      expect(Math.abs(value - (values[row * 50 + i] as number))).toBeLessThanOrEqual(step * (bits === 4 ? 1 : 0.501));
    });
  }
  expect(matrix.packed.byteLength + matrix.scales.byteLength).toBe(quantisedBytes(shape, bits));
});

test("a block of zeros stays zeros", () => {
  expect(Array.from(dequantisedRow(quantise(new Float32Array(64), [1, 64], 4), 0))).toEqual(new Array(64).fill(0));
});

test.each(["int8", "int4"] as const)("%s: a model answers as with the same numbers in float32", async (type) => {
  const config = parseModelConfig(
    {
      model_type: "qwen2",
      vocab_size: 61,
      hidden_size: 64,
      intermediate_size: 96,
      num_hidden_layers: 2,
      num_attention_heads: 4,
      num_key_value_heads: 2,
      max_position_embeddings: 64,
      tie_word_embeddings: true,
    },
    "test",
  ) as GenerativeConfig;
  const weights = initialWeights(modelShapes(config), new Rng("quantised"), 0.15);
  const quantiser = new WeightQuantiser(config, type);
  const kept = new Map([...weights].filter(([name, tensor]) => !quantiser.take(name, tensor)));
  expect([...quantiser.quantised.values()].map(({ bits }) => bits)).toContain(type === "int8" ? 8 : 4);
  expect([...kept.keys()].filter((name) => /_proj\.weight|embed_tokens/.test(name))).toEqual([]);
  const rounded = new Map<string, TensorData>(kept);
  for (const [name, matrix] of quantiser.quantised) {
    const data = new Float32Array(matrix.shape[0] * matrix.shape[1]);
    for (let row = 0; row < matrix.shape[0]; row++) data.set(dequantisedRow(matrix, row), row * matrix.shape[1]);
    rounded.set(name, { shape: matrix.shape, data });
  }
  const small = new Generator(config, kept, { quantised: quantiser.quantised, threads: 1 });
  const plain = new Generator(config, rounded, { threads: 1 });
  const prompts = Array.from({ length: 3 }, (_, n) => ({
    ids: Array.from({ length: 9 + n }, (_, i) => (7 * i + n) % 61),
  }));
  const options = prompts.map(() => Array.from({ length: 61 }, (_, id) => [id]));
  const [got, expected] = [
    await small.logProbabilities(prompts, options),
    await plain.logProbabilities(prompts, options),
  ];
  // Activations are rounded to 8 bits a block on the way, so that a little is lost beside the weights.
  const differences = got.flatMap((row, p) => row.map((value, id) => Math.abs(value - (expected[p]?.[id] as number))));
  expect(Math.max(...differences)).toBeLessThan(0.15);
  const spread = expected.flatMap((row) => Math.max(...row) - Math.min(...row));
  expect(Math.min(...spread)).toBeGreaterThan(2);
  await small.dispose();
  await plain.dispose();
});
