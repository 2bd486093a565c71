/**
 * Oracles: the one-graph loss of language-model.ts, which training-graph.test.ts holds against float64 differences, and the
 * gradients that transformers and PEFT gave for the shared LoRA checkpoint.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { adapterParameterName, isLoraName, readSafetensors, type TensorData } from "../checkpoint/index.ts";
import { compile } from "../runtime/index.ts";
import { DecoderGradients, type DecoderGradientsOptions, type Run } from "./decoder-gradients.ts";
import type { GenerativeConfig } from "./generative-config.ts";
import { goldenSequences } from "./golden-graph.ts";
import { initialWeights } from "./initial-weights.ts";
import { languageFeeds } from "./language-batch.ts";
import type { LanguageConfig } from "./language-model.ts";
import { loadModel } from "./load-model.ts";
import { loraScaling } from "./lora.ts";
import { parseModelConfig } from "./model-config.ts";
import { modelShapes } from "./model-shapes.ts";
import { mropePositions } from "./mrope.ts";
import { countTargets, type TrainingRow } from "./packed-run.ts";
import { languageTraining } from "./training-graph.ts";

const open: DecoderGradients[] = [];
afterEach(async () => {
  for (const each of open.splice(0)) await each.dispose();
});

const sizes = {
  vocab_size: 23,
  hidden_size: 16,
  intermediate_size: 24,
  num_hidden_layers: 3,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  max_position_embeddings: 64,
};

/** Rows of ids whose first positions are a question. */
function randomRows(lengths: readonly number[]): TrainingRow[] {
  const rng = new Rng("rows");
  return lengths.map((length) => {
    const ids = Array.from({ length }, () => rng.below(sizes.vocab_size));
    return { ids, labels: ids.map((id, t) => (t > 2 ? id : -100)) };
  });
}

const weightOf = (rows: readonly TrainingRow[]) => 1 / rows.reduce((sum, row) => sum + countTargets(row), 0);
const packed = (rows: readonly TrainingRow[]): Run[] => [
  { rows, shape: { length: 48, masked: true, lossRows: 48 }, weight: weightOf(rows) },
];
const apart = (rows: readonly TrainingRow[]): Run[] =>
  rows.map((row) => ({ rows: [row], shape: { length: 24, masked: false, lossRows: 24 }, weight: weightOf(rows) }));

type Given = Readonly<{
  config: GenerativeConfig;
  weights: ReadonlyMap<string, TensorData>;
  trained: readonly string[];
}>;

async function gradientsOf(
  { config, weights, trained }: Given,
  runs: readonly Run[],
  more: Partial<DecoderGradientsOptions> = {},
) {
  // Filled with rubbish: what an update leaves must not depend on what was there.
  const gradients = Object.fromEntries(
    trained.map((name) => [name, new Float32Array(weights.get(name)?.data.length ?? 0).fill(7)]),
  );
  const shapes = new Map([...weights].map(([name, { shape }]) => [name, shape]));
  const decoder = new DecoderGradients(config, { weights, shapes, gradients, threads: 1, ...more });
  open.push(decoder);
  const { loss } = await decoder.compute(runs);
  return { loss, gradients };
}

/** The largest difference over the largest number, of the worst parameter. */
function worstError(got: Readonly<Record<string, ArrayLike<number>>>, expected: (name: string) => ArrayLike<number>) {
  return Math.max(
    ...Object.entries(got).map(([name, values]) => {
      const oracle = expected(name);
      const difference = Math.max(...Array.from(values, (value, i) => Math.abs(value - (oracle[i] as number))));
      return difference / Math.max(1e-6, ...Array.from(oracle, Math.abs));
    }),
  );
}

describe.each([
  ["llama", false],
  ["qwen2", true],
])("%s, tied word table: %s", (model_type, tie_word_embeddings) => {
  const config = parseModelConfig({ ...sizes, model_type, tie_word_embeddings }, "test") as LanguageConfig;
  const weights = initialWeights(modelShapes(config), new Rng(3), 0.3);
  const given = { config, weights, trained: [...weights.keys()] };
  const rows = randomRows([7, 12, 5, 20]);

  test("one big batch, packed runs, added runs and checkpointed layers have one loss and one gradient", async () => {
    const shape = { batch: 4, length: 20 };
    const { graph } = languageTraining(config, shape);
    const executable = await compile(graph, { threads: 1 });
    const numbers = Object.fromEntries([...weights].map(([name, { data }]) => [name, data]));
    const whole = await executable.run({ ...languageFeeds(config, shape, rows), ...numbers });
    await executable.dispose();
    for (const runs of [packed(rows), apart(rows)]) {
      for (const segmentLayers of [3, 2, 1]) {
        const { loss, gradients } = await gradientsOf(given, runs, { segmentLayers });
        expect(loss).toBeCloseTo(whole.loss?.[0] as number, 5);
        expect(worstError(gradients, (name) => whole[`grad.${name}`] as Float32Array)).toBeLessThan(1e-5);
      }
    }
  });

  test("checkpointing changes no bit", async () => {
    const all = await gradientsOf(given, packed(rows));
    const each = await gradientsOf(given, packed(rows), { segmentLayers: 1 });
    expect(each).toEqual(all);
  });

  test("what is not trained has no gradient, and layers below what is trained are not gone back through", async () => {
    const trained = ["model.layers.2.mlp.up_proj.weight", "model.norm.weight"];
    const all = await gradientsOf(given, packed(rows));
    const some = await gradientsOf({ ...given, trained }, packed(rows), { segmentLayers: 1 });
    expect(Object.keys(some.gradients)).toEqual(trained);
    expect(worstError(some.gradients, (name) => all.gradients[name] as Float32Array)).toBe(0);
  });
});

test("rows with pictures and positions of three kinds are what they are alone, and the word table learns nothing of pictures", async () => {
  const raw = { ...sizes, rope_scaling: { type: "mrope", mrope_section: [2, 1, 1] }, video_token_id: 4 };
  const vision_config = { depth: 1, num_heads: 2, patch_size: 4, embed_dim: 16, mlp_ratio: 2 };
  const config = parseModelConfig({ ...raw, model_type: "qwen2_vl", vision_config }, "test") as GenerativeConfig;
  const rng = new Rng("pictures");
  const weights = initialWeights(modelShapes(config), rng, 0.3);
  const seeing = (times: number[]): TrainingRow => {
    const visual = new Array<number>(times.length * 4).fill(4);
    const ids = [7, ...visual, 9, 10, 11];
    const images = [Float32Array.from({ length: visual.length * 16 }, () => rng.normal())];
    const positions = mropePositions(ids, 4, [{ times, rows: 2, columns: 2 }]);
    return { ids, labels: ids.map((id, t) => (t > visual.length ? id : -100)), images, positions };
  };
  const rows = [seeing([0, 3]), seeing([0, 1, 5]), ...randomRows([9])];
  const trained = [...weights.keys()].filter((name) => name.startsWith("language_model."));
  const given = { config, weights, trained };
  const together = await gradientsOf(given, packed(rows));
  const alone = await gradientsOf(given, apart(rows), { segmentLayers: 1 });
  expect(together.loss).toBeCloseTo(alone.loss, 5);
  expect(worstError(together.gradients, (name) => alone.gradients[name] as Float32Array)).toBeLessThan(1e-5);
  const table = together.gradients["language_model.model.embed_tokens.weight"] as Float32Array;
  // 4 stands for pictures and is no word of the random row.
  expect(rows[2]?.ids).not.toContain(4);
  expect(table.slice(4 * 16, 5 * 16).every((value) => value === 0)).toBe(true);
  expect(table.slice(9 * 16, 10 * 16).some((value) => value !== 0)).toBe(true);
});

const shared = join(import.meta.dirname, "../../../../shared/parity/qwen2_lora");

test.skipIf(!existsSync(shared))(
  `a LoRA's gradients are those of transformers and PEFT${existsSync(shared) ? "" : " (skipped: ../shared is not there)"}`,
  async () => {
    const model = loadModel(shared);
    const config = model.config as LanguageConfig;
    const golden = readSafetensors(join(shared, "golden.safetensors"));
    const rows = goldenSequences(config, golden).map(({ ids, labels }) => ({ ids: Array.from(ids), labels }));
    const trained = [...model.weights.keys()].filter(isLoraName);
    const scaling = { loraScaling: loraScaling(model.adapter ?? expect.fail("no adapter")) };
    const long = { length: 256, masked: true, lossRows: 256 };
    const runs = [{ rows, shape: long, weight: weightOf(rows) }];
    const got = await gradientsOf({ config, weights: model.weights, trained }, runs, { ...scaling, segmentLayers: 1 });
    expect(got.loss).toBeCloseTo(golden.read("loss").data[0] as number, 4);
    const grads = [...golden.tensors.keys()].filter((name) => name.startsWith("grad."));
    const oracle = new Map(
      grads.map((name) => [adapterParameterName(name.slice("grad.".length)), golden.read(name).data]),
    );
    const known = Object.fromEntries(Object.entries(got.gradients).filter(([name]) => oracle.has(name)));
    expect(Object.keys(known)).toHaveLength(grads.length);
    expect(worstError(known, (name) => oracle.get(name) as Float32Array)).toBeLessThan(1e-3);
  },
);

test("rows that do not fit a run are refused with the numbers, and parameters that are none of the decoder's by name", async () => {
  const config = parseModelConfig({ ...sizes, model_type: "llama" }, "test") as GenerativeConfig;
  const weights = initialWeights(modelShapes(config), new Rng(3), 0.3);
  const given = { config, weights, trained: [...weights.keys()] };
  const [row] = randomRows([30]) as [TrainingRow];
  const run = { rows: [row], shape: { length: 24, masked: true, lossRows: 48 }, weight: 1 };
  await expect(gradientsOf(given, [run])).rejects.toThrow(/rows of 24 ids and 48 targets, got 30 and 27/);
  await expect(gradientsOf({ ...given, trained: ["visual.merger.weight"] }, [run])).rejects.toThrow(/"visual\.merger/);
});
