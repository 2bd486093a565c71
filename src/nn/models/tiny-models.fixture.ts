/**
 * Configurations small enough for tests, with everything in them that can go wrong: grouped queries, a head width that is
 * not hidden_size / heads, several layers, pooling.
 */

import type { LlavaConfig } from "./llava-config.ts";
import { parseModelConfig } from "./model-config.ts";

export const tinyDecoder = {
  vocab_size: 29,
  hidden_size: 12,
  intermediate_size: 20,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  head_dim: 6,
  rms_norm_eps: 1e-6,
  rope_parameters: { rope_theta: 10000, rope_type: "default" },
  max_position_embeddings: 96,
  eos_token_id: 2,
};

export const tinyVision = {
  hidden_size: 8,
  intermediate_size: 16,
  num_hidden_layers: 2,
  num_attention_heads: 2,
  image_size: 8,
  patch_size: 2,
  projection_dim: 6,
};

/** The content of config.json of a tiny LLaVA: 16 patches an image, 4 tokens with pooling by 2. */
export function tinyLlava(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    model_type: "llava",
    image_token_index: 3,
    vision_config: { model_type: "clip_vision_model", ...tinyVision },
    text_config: { model_type: "qwen2", ...tinyDecoder },
    ...changes,
  };
}

export function tinyLlavaConfig(changes: Readonly<Record<string, unknown>> = {}): LlavaConfig {
  const config = parseModelConfig(tinyLlava(changes), "test");
  if (config.model_type !== "llava") throw new TypeError("Expected a LLaVA configuration.");
  return config;
}
