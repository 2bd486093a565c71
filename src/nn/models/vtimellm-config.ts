/**
 * What VTimeLLM is made of: CLIP's vision tower with its projection, and a Llama decoder. VTimeLLM itself ships parts and no
 * configuration of the whole; vtimellm-parts.ts finds them.
 */
import { z } from "zod";
import { clipVisionConfigSchema } from "./clip-config.ts";
import { decoderConfigSchema } from "./decoder-config.ts";

export const vtimellmConfigSchema = z.looseObject({
  model_type: z.literal("vtimellm"),
  vision_config: clipVisionConfigSchema,
  text_config: decoderConfigSchema,
  /** Frames that every video is looked at with; the times in questions and answers are their indices. */
  num_frames: z.int().positive().default(100),
});

export type VtimellmConfig = Readonly<z.output<typeof vtimellmConfigSchema>>;
