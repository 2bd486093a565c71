/**
 * Oracles: the fields and names of an adapter that PEFT 0.21 wrote, and loadModel, which reads such adapters.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { readSafetensors, saveCheckpoint, type TensorData, writeAdapter } from "../../nn/checkpoint/index.ts";
import {
  type GenerativeConfig,
  initialWeights,
  loadModel,
  modelShapes,
  parseModelConfig,
} from "../../nn/models/index.ts";
import { type LoraChoice, loraOf, peftAdapter } from "./trained-parts.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-adapter-"));
afterAll(() => rmSync(folder, { recursive: true }));

const sizes = { vocab_size: 11, hidden_size: 8, intermediate_size: 12, num_hidden_layers: 2, num_attention_heads: 2 };
const choice: LoraChoice = { rank: 2, alpha: 4, targets: ["q_proj", "down_proj"], save: ["embed_tokens"] };

function checkpoint(name: string, raw: Record<string, unknown>) {
  const config = parseModelConfig(raw, name) as GenerativeConfig;
  const at = join(folder, name);
  const weights = initialWeights(modelShapes(config), new Rng(name), 0.3);
  saveCheckpoint(at, { config: raw, weights });
  return { config, at, weights };
}

/** Train nothing: every trained number becomes another. */
function changed(config: GenerativeConfig, weights: ReadonlyMap<string, TensorData>, own = choice) {
  const parts = loraOf(config, new Map([...weights].map(([name, { shape }]) => [name, shape])), {
    choice: own,
    seed: 1,
  });
  const all = new Map([...weights, ...parts.added]);
  const rng = new Rng("changed");
  for (const name of parts.trained) {
    const { shape, data } = all.get(name) as TensorData;
    all.set(name, { shape, data: Float32Array.from(data, () => rng.normal()) });
  }
  return { parts, all };
}

const clip = {
  model_type: "clip_vision_model",
  hidden_size: 8,
  intermediate_size: 16,
  num_hidden_layers: 1,
  num_attention_heads: 2,
};
const models = {
  llama: { model_type: "llama", ...sizes },
  tied: { model_type: "qwen2", ...sizes, tie_word_embeddings: true },
  llava: {
    model_type: "llava",
    image_token_index: 3,
    vision_config: { ...clip, image_size: 8, patch_size: 4, projection_dim: 6 },
    text_config: { model_type: "llama", ...sizes },
  },
};

test.each(Object.entries(models))("%s: what is written is what is read, eyes untouched", (name, raw) => {
  const { config, at, weights } = checkpoint(name, raw);
  const { parts, all } = changed(config, weights);
  const out = join(folder, `${name}-adapter`);
  writeAdapter(out, peftAdapter(config, all, { choice, trained: parts.trained, base: at }));
  const loaded = loadModel(out);
  expect(loaded.adapter).toMatchObject({ r: 2, lora_alpha: 4 });
  expect([...loaded.weights.keys()].sort()).toEqual([...all.keys()].sort());
  for (const [each, { data }] of all) expect(loaded.weights.get(each)?.data, each).toEqual(data);
});

test("a tied table is written as both of PEFT's modules; two different ones untie it", () => {
  const { config, at, weights } = checkpoint("tied-twice", models.tied);
  const { parts, all } = changed(config, weights);
  const adapter = peftAdapter(config, all, { choice, trained: parts.trained, base: at });
  expect(adapter.config.modules_to_save).toEqual(["embed_tokens", "lm_head"]);
  const head = adapter.weights.get("lm_head.weight") as TensorData;
  expect(head.data).toEqual(adapter.weights.get("model.embed_tokens.weight")?.data);
  const out = join(folder, "untied");
  const other = { shape: head.shape, data: head.data.map((value) => value + 1) };
  writeAdapter(out, { ...adapter, weights: new Map([...adapter.weights, ["lm_head.weight", other]]) });
  const loaded = loadModel(out);
  expect(loaded.config).toMatchObject({ tie_word_embeddings: false });
  expect(loaded.weights.get("lm_head.weight")?.data).toEqual(other.data);
});

test("tables with rows for new tokens make the vocabulary larger, and must agree", () => {
  const { config, at, weights } = checkpoint("more-tokens", models.llama);
  const own = { ...choice, save: ["embed_tokens", "lm_head"] } as const;
  const { parts, all } = changed(config, weights, own);
  const grown = (name: string): [string, TensorData] => {
    const { data } = all.get(name) as TensorData;
    return [name, { shape: [13, 8], data: Float32Array.from({ length: 104 }, (_, i) => data[i] ?? 0.5) }];
  };
  const [table, head] = [grown("model.embed_tokens.weight"), grown("lm_head.weight")];
  const adapter = peftAdapter(config, new Map([...all, table, head]), {
    choice: own,
    trained: parts.trained,
    base: at,
  });
  const out = join(folder, "grown");
  writeAdapter(out, adapter);
  expect(loadModel(out).config).toMatchObject({ vocab_size: 13 });
  writeAdapter(out, { ...adapter, weights: new Map([...adapter.weights].filter(([name]) => name !== head[0])) });
  expect(() => loadModel(out)).toThrow(/lm_head.weight.*13 rows.*got 11/);
});

test("an adapter of an adapter changes by both", () => {
  const { config, at, weights } = checkpoint("stacked", models.llama);
  const own = { ...choice, save: [] };
  const first = changed(config, weights, own);
  const [lower, upper] = [join(folder, "lower"), join(folder, "upper")];
  writeAdapter(lower, peftAdapter(config, first.all, { choice: own, trained: first.parts.trained, base: at }));
  writeAdapter(upper, peftAdapter(config, first.all, { choice: own, trained: first.parts.trained, base: lower }));
  expect(loadModel(upper).adapter).toMatchObject({ r: 4 });
  expect(loadModel(upper).weights.get("model.layers.0.self_attn.q_proj.lora_A.weight")?.shape).toEqual([4, 8]);
});

test("targets that are no projections of the decoder are refused by name", () => {
  const { config, weights } = checkpoint("refused", models.llava);
  expect(() => changed(config, weights, { ...choice, targets: ["q_proj", "fc1"] })).toThrow(/"fc1"/);
});

const shared = join(import.meta.dirname, "../../../../shared/parity");

test.skipIf(!existsSync(shared))(
  `fields and names are PEFT's${existsSync(shared) ? "" : " (skipped: ../shared is not there)"}`,
  () => {
    const theirs = JSON.parse(readFileSync(join(shared, "qwen2_lora/adapter_config.json"), "utf8")) as Record<
      string,
      unknown
    >;
    const base = loadModel(join(shared, "qwen2"));
    const own: LoraChoice = { rank: 4, alpha: 8, targets: ["down_proj", "q_proj", "v_proj"], save: [] };
    const config = base.config as GenerativeConfig;
    const { parts, all } = changed(config, base.weights, own);
    const out = join(folder, "as-peft");
    writeAdapter(out, peftAdapter(config, all, { choice: own, trained: parts.trained, base: "x" }));
    const ours = JSON.parse(readFileSync(join(out, "adapter_config.json"), "utf8")) as Record<string, unknown>;
    expect({ ...theirs, ...ours, base_model_name_or_path: null }).toEqual(theirs);
    const tensors = (at: string) =>
      [...readSafetensors(join(at, "adapter_model.safetensors")).tensors]
        .map(([name, { shape }]) => [name, shape])
        .sort();
    expect(tensors(out)).toEqual(tensors(join(shared, "qwen2_lora")));
  },
);
