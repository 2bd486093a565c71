/**
 * What config.json says about a LLaVA model: a CLIP vision transformer, a projector, a Llama or Qwen2 decoder.
 */
import { z } from "zod";
import { clipVisionConfigSchema } from "./clip-config.ts";
import { decoderConfigSchema } from "./decoder-config.ts";

export const llavaConfigSchema = z
  .looseObject({
    model_type: z.literal("llava"),
    vision_config: clipVisionConfigSchema,
    text_config: decoderConfigSchema,
    /** The name of image_token_index in some newer configurations. */
    image_token_id: z.int().optional(),
    image_token_index: z.int().optional(),
    vision_feature_layer: z.int().default(-2),
    /** "default" drops the class token, "full" keeps it. */
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
  const { image_size, patch_size } = config.vision_config;
  const side = Math.floor(image_size / patch_size);
  const pooled = Math.floor(side / config.mm_spatial_pool_stride) ** 2;
  return pooled + (config.vision_feature_select_strategy === "full" ? 1 : 0);
}
