/**
 * What config.json says about SigLIP's vision tower, with transformers' defaults (google/siglip-base-patch16-224).
 */
import { z } from "zod";
import { activation } from "./clip-config.ts";

const size = z.int().positive();

export const siglipVisionConfigSchema = z.looseObject({
  model_type: z.literal("siglip_vision_model"),
  hidden_size: size.default(768),
  intermediate_size: size.default(3072),
  num_hidden_layers: size.default(12),
  num_attention_heads: size.default(12),
  num_channels: size.default(3),
  image_size: size.default(224),
  patch_size: size.default(16),
  hidden_act: activation.default("gelu_pytorch_tanh"),
  layer_norm_eps: z.number().positive().default(1e-6),
  /** Is there a head that pools the patches? Towers inside other models have none. */
  vision_use_head: z.boolean().default(true),
});

export type SiglipVisionConfig = Readonly<z.output<typeof siglipVisionConfigSchema>>;
