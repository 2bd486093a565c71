import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { saveCheckpoint } from "../checkpoint/index.ts";
import {
  describeCheckpoint,
  initialWeights,
  loadModel,
  modelShapes,
  parseModelConfig,
  readModelConfig,
  tokensPerImage,
} from "./index.ts";
import { tinyDecoder, tinyLlava, tinyLlavaConfig } from "./tiny-models.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-config-"));
afterAll(() => rmSync(folder, { recursive: true }));
const { rope_parameters: _, head_dim: __, num_key_value_heads: ___, ...old } = tinyDecoder;

test("rope_theta is read from its place before and since transformers 5, else it is 10000", () => {
  const theta = (changes: object) => parseModelConfig({ model_type: "llama", ...old, ...changes }, "test");
  expect(theta({ rope_theta: 5e5, rope_scaling: null })).toMatchObject({ rope_theta: 5e5 });
  expect(theta({ rope_parameters: { rope_theta: 1e6, rope_type: "default" } })).toMatchObject({ rope_theta: 1e6 });
  expect(theta({})).toMatchObject({ rope_theta: 10_000 });
  expect(() => theta({ rope_scaling: { type: "linear", factor: 2 } })).toThrow(/linear/);
});

test("widths that configurations leave out follow from the others", () => {
  const config = parseModelConfig({ model_type: "qwen2", ...old }, "test");
  expect(config).toMatchObject({ head_dim: 3, num_key_value_heads: 4, tie_word_embeddings: false });
});

test("llava-1.5-7b-hf's configuration, which leaves out most sizes, gives Vicuna 7B's", () => {
  // The text_config as published: https://huggingface.co/llava-hf/llava-1.5-7b-hf/blob/main/config.json
  const text_config = { model_type: "llama", max_position_embeddings: 4096, rms_norm_eps: 1e-5, vocab_size: 32064 };
  const shapes = modelShapes(parseModelConfig(tinyLlava({ text_config }), "test"));
  expect(shapes.get("language_model.lm_head.weight")).toEqual([32064, 4096]);
  expect(shapes.get("language_model.model.layers.31.mlp.down_proj.weight")).toEqual([4096, 11008]);
  expect(shapes.has("language_model.model.layers.32.mlp.down_proj.weight")).toBe(false);
});

test("tied embeddings have no lm_head of their own", () => {
  const names = (tied: boolean) =>
    modelShapes(parseModelConfig({ model_type: "llama", ...old, tie_word_embeddings: tied }, "test"));
  expect(names(false).has("lm_head.weight")).toBe(true);
  expect(names(true).has("lm_head.weight")).toBe(false);
});

test("an image takes a position a patch, fewer with pooling, one more with the class token", () => {
  expect(tokensPerImage(tinyLlavaConfig())).toBe(16);
  expect(tokensPerImage(tinyLlavaConfig({ mm_spatial_pool_stride: 2 }))).toBe(4);
  expect(tokensPerImage(tinyLlavaConfig({ vision_feature_select_strategy: "full" }))).toBe(17);
});

test("unknown models and wrong fields are named", () => {
  expect(() => parseModelConfig({ model_type: "mamba" }, "config.json")).toThrow(
    /llava.* in config\.json, got "mamba"/,
  );
  expect(() => parseModelConfig({ model_type: "llama", vocab_size: "9" }, "config.json")).toThrow(/vocab_size/);
  expect(() => readModelConfig(join(folder, "absent"))).toThrow(/absent/);
  writeFileSync(join(folder, "config.json"), "{");
  expect(() => readModelConfig(folder)).toThrow(/JSON/);
});

test("a LLaVA checkpoint loads under the names of any transformers version", () => {
  const raw = tinyLlava();
  const weights = initialWeights(modelShapes(parseModelConfig(raw, "test")), new Rng(1));
  const renamings: ((name: string) => string)[] = [
    (name) => name,
    (name) => name.replace(/^vision_tower\./, "vision_tower.vision_model."),
    (name) =>
      name
        .replace(/^language_model\.model\./, "model.language_model.")
        .replace(/^language_model\.lm_head/, "lm_head")
        .replace(/^(vision_tower|multi_modal_projector)\./, "model.$1."),
  ];
  for (const rename of renamings) {
    saveCheckpoint(folder, {
      config: raw,
      weights: new Map([...weights].map(([name, tensor]) => [rename(name), tensor])),
    });
    expect(loadModel(folder).weights).toEqual(weights);
    expect(describeCheckpoint(folder)).toMatchObject({ model: "llava", faults: [], unused: [], tokenizer: false });
  }
});

test("a description counts the parameters and lists what does not fit", () => {
  const raw = tinyLlava();
  const weights = initialWeights(modelShapes(parseModelConfig(raw, "test")), new Rng(1));
  const total = [...weights.values()].reduce((sum, { data }) => sum + data.length, 0);
  saveCheckpoint(folder, { config: raw, weights });
  expect(describeCheckpoint(folder).parameters).toBe(total);
  weights.delete("multi_modal_projector.linear_1.bias");
  weights.set("extra", { shape: [1], data: Float32Array.of(1) });
  saveCheckpoint(folder, { config: raw, weights });
  const found = describeCheckpoint(folder);
  expect(found.faults).toEqual(["Expected tensor multi_modal_projector.linear_1.bias of shape [12], got none"]);
  expect(found.unused).toEqual(["extra"]);
  expect(() => loadModel(folder)).toThrow(/linear_1\.bias of shape \[12\], got none/);
});
