/**
 * What config.json says about CLIP's two towers. Defaults are those of transformers, because published checkpoints leave
 * out what equals them (openai/clip-vit-large-patch14 says little more than its sizes).
 */
import { z } from "zod";

const size = z.int().positive();
export const activation = z.enum(["quick_gelu", "gelu", "gelu_new", "gelu_pytorch_tanh"]);

export const clipVisionConfigSchema = z.looseObject({
  model_type: z.literal("clip_vision_model").default("clip_vision_model"),
  hidden_size: size.default(768),
  intermediate_size: size.default(3072),
  num_hidden_layers: size.default(12),
  num_attention_heads: size.default(12),
  num_channels: size.default(3),
  image_size: size.default(224),
  patch_size: size.default(32),
  hidden_act: activation.default("quick_gelu"),
  layer_norm_eps: z.number().positive().default(1e-5),
  projection_dim: size.default(512),
});

export const clipTextConfigSchema = z.looseObject({
  model_type: z.literal("clip_text_model").default("clip_text_model"),
  vocab_size: size.default(49408),
  hidden_size: size.default(512),
  intermediate_size: size.default(2048),
  num_hidden_layers: size.default(12),
  num_attention_heads: size.default(8),
  max_position_embeddings: size.default(77),
  hidden_act: activation.default("quick_gelu"),
  layer_norm_eps: z.number().positive().default(1e-5),
  /** 2 is a historical mistake of published configurations: the end is then the highest id. See clip.ts. */
  eos_token_id: z.int().default(49407),
});

export const clipConfigSchema = z.looseObject({
  model_type: z.literal("clip"),
  projection_dim: size.default(512),
  logit_scale_init_value: z.number().default(2.6592),
  text_config: clipTextConfigSchema,
  vision_config: clipVisionConfigSchema,
});

export type ClipVisionConfig = Readonly<z.output<typeof clipVisionConfigSchema>>;
export type ClipTextConfig = Readonly<z.output<typeof clipTextConfigSchema>>;
export type ClipConfig = Readonly<z.output<typeof clipConfigSchema>>;
