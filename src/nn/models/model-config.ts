/**
 * Which model a checkpoint folder holds: config.json read, recognised by its model_type and checked.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readJson } from "../checkpoint/index.ts";
import { type ClipConfig, type ClipVisionConfig, clipConfigSchema, clipVisionConfigSchema } from "./clip-config.ts";
import { decoderConfigSchema } from "./decoder-config.ts";
import type { GenerativeConfig } from "./generative-config.ts";
import { llavaConfigSchema } from "./llava-config.ts";
import { llavaOnevisionConfigSchema, llavaOriginalConfigSchema } from "./llava-video-config.ts";
import { qwen2VlConfigSchema, qwen25VlConfigSchema } from "./qwen2-vl-config.ts";
import { type SiglipVisionConfig, siglipVisionConfigSchema } from "./siglip-config.ts";
import { withVisionConfig } from "./vision-tower-folder.ts";
import { vtimellmConfigSchema } from "./vtimellm-config.ts";

export type ModelConfig = GenerativeConfig | ClipConfig | ClipVisionConfig | SiglipVisionConfig;

/** Does a model of this configuration write text, or only turn pictures (and texts) into vectors? */
export function writesText(config: ModelConfig): config is GenerativeConfig {
  return !["clip", "clip_vision_model", "siglip_vision_model"].includes(config.model_type);
}

const schemas: Readonly<Record<string, z.ZodType<ModelConfig>>> = {
  llama: decoderConfigSchema,
  qwen2: decoderConfigSchema,
  clip: clipConfigSchema,
  clip_vision_model: clipVisionConfigSchema,
  siglip_vision_model: siglipVisionConfigSchema,
  llava: llavaConfigSchema,
  llava_onevision: llavaOnevisionConfigSchema,
  llava_qwen: llavaOriginalConfigSchema,
  llava_llama: llavaOriginalConfigSchema,
  vtimellm: vtimellmConfigSchema,
  qwen2_vl: qwen2VlConfigSchema,
  qwen2_5_vl: qwen25VlConfigSchema,
};

/** Check the content of a config.json. `where` names it in errors. */
export function parseModelConfig(raw: unknown, where: string): ModelConfig {
  const type = z.looseObject({ model_type: z.string() }).safeParse(raw);
  // Models that were published before their type had a name of its own say "llava" too.
  const isOriginal = type.success && type.data.model_type === "llava" && "mm_vision_tower" in type.data;
  const schema = isOriginal ? llavaOriginalConfigSchema : type.success ? schemas[type.data.model_type] : undefined;
  if (schema === undefined) {
    const got = type.success ? `"${type.data.model_type}"` : "none";
    throw new Error(`Expected a model_type of ${Object.keys(schemas).join(", ")} in ${where}, got ${got}.`);
  }
  const config = schema.safeParse(raw);
  if (config.success) return config.data;
  throw new Error(`Expected a ${type.data?.model_type} configuration in ${where}: ${z.prettifyError(config.error)}.`);
}

/** Read config.json of a checkpoint folder: the checked configuration, and the content as it is for saving again. */
export function readModelConfig(folder: string): { config: ModelConfig; raw: Readonly<Record<string, unknown>> } {
  const path = join(folder, "config.json");
  if (!existsSync(path)) throw new Error(`Expected a checkpoint folder with config.json, got ${folder} without one.`);
  const raw = withVisionConfig(readJson(path, z.looseObject({})), folder);
  return { config: parseModelConfig(raw, path), raw };
}
