/**
 * What config.json says about the models of the LLaVA family that look at videos as such: LLaVA-OneVision in transformers'
 * layout, and the layout of the LLaVA-NeXT repository (LLaVA-Video, LongVA, LLaVA 1.5 as first published), whose fields begin
 * with mm_ and whose decoder's fields stand beside them.
 */
import { z } from "zod";
import { decoderConfigSchema } from "./decoder-config.ts";
import { visionTowerConfigSchema } from "./llava-config.ts";

export const llavaOnevisionConfigSchema = z
  .looseObject({
    model_type: z.literal("llava_onevision"),
    vision_config: visionTowerConfigSchema,
    text_config: decoderConfigSchema,
    /** The name of video_token_index in newer configurations. */
    video_token_id: z.int().optional(),
    video_token_index: z.int().optional(),
    vision_feature_layer: z.union([z.int(), z.array(z.int()).min(1)]).default(-1),
    vision_feature_select_strategy: z.enum(["default", "full"]).default("full"),
    multimodal_projector_bias: z.boolean().default(true),
  })
  .transform((raw) => ({ ...raw, video_token_index: raw.video_token_index ?? raw.video_token_id ?? 151_647 }));

export type LlavaOnevisionConfig = Readonly<z.output<typeof llavaOnevisionConfigSchema>>;

const original = z.looseObject({
  model_type: z.string(),
  /** Resolved from mm_vision_tower by vision-tower-folder.ts. */
  vision_config: visionTowerConfigSchema,
  mm_projector_type: z.literal("mlp2x_gelu").default("mlp2x_gelu"),
  mm_vision_select_layer: z.int().default(-2),
  mm_vision_select_feature: z.enum(["patch", "cls_patch"]).default("patch"),
  mm_patch_merge_type: z.string().default("flat"),
  mm_spatial_pool_mode: z.enum(["average", "bilinear"]).nullish(),
  mm_spatial_pool_stride: z.int().positive().nullish(),
  mm_newline_position: z.enum(["grid", "frame", "one_token", "no_token"]).default("one_token"),
  add_faster_video: z.literal(false).default(false),
  /** Does the prompt tell the times of the frames in words? */
  add_time_instruction: z.boolean().default(false),
});

/** "llava_qwen" and "llava_llama"; older files say "llava". */
export const llavaOriginalConfigSchema = original.transform((raw) => {
  const isQwen = /qwen/i.test(`${raw.model_type} ${raw.architectures} ${raw._name_or_path}`);
  const isSpatial = raw.mm_patch_merge_type.startsWith("spatial");
  const hasNewline = raw.mm_patch_merge_type.includes("unpad");
  return {
    model_type: isQwen ? ("llava_qwen" as const) : ("llava_llama" as const),
    vision_config: raw.vision_config,
    text_config: decoderConfigSchema.parse({ ...raw, model_type: isQwen ? "qwen2" : "llama" }),
    select_layer: raw.mm_vision_select_layer,
    select_strategy: raw.mm_vision_select_feature === "patch" ? ("default" as const) : ("full" as const),
    pool_mode: raw.mm_spatial_pool_mode ?? ("average" as const),
    pool_stride: raw.mm_spatial_pool_stride ?? (raw.mm_spatial_pool_mode ? 2 : 1),
    has_newline: hasNewline,
    /** Where a newline stands: behind each row of a frame, each frame, the video, or nowhere. */
    newline: isSpatial && hasNewline ? raw.mm_newline_position : ("no_token" as const),
    tells_times: raw.add_time_instruction,
  };
});

export type LlavaOriginalConfig = Readonly<z.output<typeof llavaOriginalConfigSchema>>;
