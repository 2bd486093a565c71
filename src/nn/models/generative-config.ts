/**
 * Configurations of models that write text, with or without eyes, and the decoder in each.
 */
import type { DecoderConfig } from "./decoder-config.ts";
import type { LlavaConfig } from "./llava-config.ts";
import type { LlavaOnevisionConfig, LlavaOriginalConfig } from "./llava-video-config.ts";
import type { Qwen2VlConfig, Qwen25VlConfig } from "./qwen2-vl-config.ts";
import type { VtimellmConfig } from "./vtimellm-config.ts";

/** A decoder behind eyes. */
export type SeeingConfig =
  | LlavaConfig
  | LlavaOnevisionConfig
  | LlavaOriginalConfig
  | VtimellmConfig
  | Qwen2VlConfig
  | Qwen25VlConfig;
export type GenerativeConfig = DecoderConfig | SeeingConfig;

/** Is it a decoder alone? */
export function isBlind(config: GenerativeConfig): config is DecoderConfig {
  return config.model_type === "llama" || config.model_type === "qwen2";
}

/** The decoder's part of a configuration, and what its parameter names begin with. */
export function decoderOf(config: GenerativeConfig): { decoder: DecoderConfig; prefix: string } {
  return isBlind(config) ? { decoder: config, prefix: "" } : { decoder: config.text_config, prefix: "language_model." };
}
