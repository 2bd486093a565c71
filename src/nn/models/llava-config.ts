/**
 * What config.json says about a LLaVA model: a CLIP or SigLIP vision transformer, a projector, a Llama or Qwen2 decoder.
 */
import { z } from "zod";
import { clipVisionConfigSchema } from "./clip-config.ts";
import { decoderConfigSchema } from "./decoder-config.ts";
import { siglipVisionConfigSchema } from "./siglip-config.ts";
import { selectedTokens } from "./vision-tower.ts";

/** CLIP where model_type is left out, as in the first published configurations. */
export const visionTowerConfigSchema = z.union([siglipVisionConfigSchema, clipVisionConfigSchema]);

export const llavaConfigSchema = z
  .looseObject({
    model_type: z.literal("llava"),
    vision_config: visionTowerConfigSchema,
    text_config: decoderConfigSchema,
    /** The name of image_token_index in some newer configurations. */
    image_token_id: z.int().optional(),
    image_token_index: z.int().optional(),
    /** A list: the features of several layers side by side. */
    vision_feature_layer: z.union([z.int(), z.array(z.int()).min(1)]).default(-2),
    /** "default" drops the first token, which is CLIP's class token; "full" keeps it. */
    vision_feature_select_strategy: z.enum(["default", "full"]).default("default"),
    projector_hidden_act: z.literal("gelu").default("gelu"),
    multimodal_projector_bias: z.boolean().default(true),
    /** LongVA's UniRes: patch tokens are averaged 2x2 after the projector. Ours; absent from upstream's LLaVA. */
    mm_spatial_pool_stride: z.int().positive().default(1),
    tie_word_embeddings: z.boolean().default(false),
  })
  .transform((raw) => ({ ...raw, image_token_index: raw.image_token_index ?? raw.image_token_id ?? 32_000 }));

export type LlavaConfig = Readonly<z.output<typeof llavaConfigSchema>>;

/** Positions that one image takes in the sequence of the decoder. */
export function tokensPerImage(config: LlavaConfig): number {
  const { vision_config: vision, vision_feature_select_strategy: strategy, mm_spatial_pool_stride: stride } = config;
  const selected = selectedTokens(vision, strategy);
  const side = Math.floor(vision.image_size / vision.patch_size);
  return selected - side ** 2 + (stride === 1 ? side : Math.floor(side / stride)) ** 2;
}
