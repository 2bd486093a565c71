/**
 * Oracle: the number of parameters that the model's page on the Hugging Face hub gives (three digits). Configurations as
 * published; what they leave out is transformers' default.
 */
import { expect, test } from "vitest";
import { modelShapes, parseModelConfig } from "./index.ts";

const mrope = { rope_theta: 1e6, rope_scaling: { type: "mrope", mrope_section: [16, 24, 24] } };
const qwen7b = {
  hidden_size: 3584,
  intermediate_size: 18_944,
  num_hidden_layers: 28,
  num_attention_heads: 28,
  num_key_value_heads: 4,
  vocab_size: 152_064,
};
const siglip = {
  model_type: "siglip_vision_model",
  hidden_size: 1152,
  intermediate_size: 4304,
  num_hidden_layers: 26,
  num_attention_heads: 16,
  image_size: 384,
  patch_size: 14,
  vision_use_head: false,
};
const clip = {
  model_type: "clip_vision_model",
  hidden_size: 1024,
  intermediate_size: 4096,
  num_hidden_layers: 24,
  num_attention_heads: 16,
  image_size: 336,
  patch_size: 14,
  projection_dim: 768,
};

const published: readonly [name: string, billions: string, config: Record<string, unknown>][] = [
  [
    "Qwen/Qwen2-VL-2B-Instruct",
    "2.21",
    {
      model_type: "qwen2_vl",
      hidden_size: 1536,
      intermediate_size: 8960,
      num_hidden_layers: 28,
      num_attention_heads: 12,
      num_key_value_heads: 2,
      vocab_size: 151_936,
      tie_word_embeddings: true,
      ...mrope,
      vision_config: { depth: 32, embed_dim: 1280, mlp_ratio: 4, num_heads: 16, hidden_size: 1536 },
    },
  ],
  [
    "Qwen/Qwen2-VL-7B-Instruct",
    "8.29",
    { model_type: "qwen2_vl", ...qwen7b, ...mrope, vision_config: { embed_dim: 1280 } },
  ],
  [
    "Qwen/Qwen2.5-VL-3B-Instruct",
    "3.75",
    {
      model_type: "qwen2_5_vl",
      hidden_size: 2048,
      intermediate_size: 11_008,
      num_hidden_layers: 36,
      num_attention_heads: 16,
      num_key_value_heads: 2,
      vocab_size: 151_936,
      tie_word_embeddings: true,
      ...mrope,
      vision_config: { hidden_size: 1280, intermediate_size: 3420, out_hidden_size: 2048, tokens_per_second: 2 },
    },
  ],
  [
    "Qwen/Qwen2.5-VL-7B-Instruct",
    "8.29",
    { model_type: "qwen2_5_vl", ...qwen7b, ...mrope, vision_config: { hidden_size: 1280, intermediate_size: 3420 } },
  ],
  [
    "llava-hf/llava-1.5-7b-hf",
    "7.06",
    {
      model_type: "llava",
      vision_config: clip,
      text_config: { model_type: "llama", max_position_embeddings: 4096, rms_norm_eps: 1e-5, vocab_size: 32_064 },
    },
  ],
  [
    "llava-hf/llava-onevision-qwen2-7b-ov-hf",
    "8.03",
    {
      model_type: "llava_onevision",
      vision_config: siglip,
      text_config: { model_type: "qwen2", ...qwen7b, vocab_size: 152_000 },
    },
  ],
  [
    "lmms-lab/LLaVA-Video-7B-Qwen2",
    "8.03",
    {
      model_type: "llava_qwen",
      ...qwen7b,
      vision_config: siglip,
      mm_patch_merge_type: "spatial_unpad",
      mm_newline_position: "grid",
    },
  ],
];

test.each(published)("%s has %s billion parameters", (_, billions, config) => {
  const shapes = modelShapes(parseModelConfig(config, "config.json"));
  const count = [...shapes.values()].reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);
  expect((count / 1e9).toFixed(2)).toBe(billions);
});
