/**
 * What config.json says about Qwen2-VL and Qwen2.5-VL. Before transformers 4.52 the decoder's fields stood beside
 * vision_config, since then in text_config.
 */
import { z } from "zod";
import { type Qwen2Config, qwen2ConfigSchema } from "./decoder-config.ts";

const size = z.int().positive();

const sharedVision = {
  depth: size.default(32),
  num_heads: size.default(16),
  in_channels: size.default(3),
  patch_size: size.default(14),
  spatial_merge_size: size.default(2),
  temporal_patch_size: size.default(2),
};

export const qwen2VlVisionSchema = z.looseObject({
  ...sharedVision,
  embed_dim: size.default(1280),
  mlp_ratio: z.number().positive().default(4),
  hidden_act: z.enum(["quick_gelu", "gelu", "silu"]).default("quick_gelu"),
});

export const qwen25VlVisionSchema = z.looseObject({
  ...sharedVision,
  hidden_size: size.default(1280),
  intermediate_size: size.default(3420),
  hidden_act: z.literal("silu").default("silu"),
  /** Positions a second of video takes. */
  tokens_per_second: z.number().positive().default(4),
  /** Side of a window in pixels. */
  window_size: size.default(112),
  /** Blocks that look at the whole frame instead. */
  fullatt_block_indexes: z.array(z.int().nonnegative()).default([7, 15, 23, 31]),
});

const tokens = {
  video_token_id: z.int().default(151_656),
  text_config: z.looseObject({}).optional(),
  tie_word_embeddings: z.boolean().optional(),
};

export const qwen2VlConfigSchema = z
  .looseObject({ model_type: z.literal("qwen2_vl"), vision_config: qwen2VlVisionSchema, ...tokens })
  .transform((raw) => ({
    model_type: raw.model_type,
    vision_config: raw.vision_config,
    video_token_id: raw.video_token_id,
    text_config: textConfig(raw),
  }));

export const qwen25VlConfigSchema = z
  .looseObject({ model_type: z.literal("qwen2_5_vl"), vision_config: qwen25VlVisionSchema, ...tokens })
  .transform((raw) => ({
    model_type: raw.model_type,
    vision_config: raw.vision_config,
    video_token_id: raw.video_token_id,
    text_config: textConfig(raw),
  }));

export type Qwen2VlConfig = Readonly<z.output<typeof qwen2VlConfigSchema>>;
export type Qwen25VlConfig = Readonly<z.output<typeof qwen25VlConfigSchema>>;
export type QwenVlConfig = Qwen2VlConfig | Qwen25VlConfig;

/** The decoder, a Qwen2 with M-RoPE. */
function textConfig(raw: Readonly<Record<string, unknown>>): Qwen2Config {
  const own = raw.text_config as Record<string, unknown> | undefined;
  const tied = own?.tie_word_embeddings ?? raw.tie_word_embeddings ?? false;
  const decoder = qwen2ConfigSchema.parse({ ...(own ?? raw), model_type: "qwen2", tie_word_embeddings: tied });
  if (decoder.mrope_section !== undefined) return decoder;
  throw new Error("Expected mrope_section in rope_scaling or rope_parameters of a Qwen2-VL configuration, got none.");
}
