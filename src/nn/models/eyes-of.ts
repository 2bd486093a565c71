/**
 * The eyes of a configuration, or null of a decoder alone.
 */
import type { Eyes } from "./eyes.ts";
import type { GenerativeConfig } from "./generative-config.ts";
import { llavaEyes } from "./llava.ts";
import { vtimellmEyes } from "./vtimellm.ts";

export function eyesOf(config: GenerativeConfig): Eyes | null {
  switch (config.model_type) {
    case "llama":
    case "qwen2":
      return null;
    case "llava":
      return llavaEyes(config);
    case "vtimellm":
      return vtimellmEyes(config);
    default:
      return config satisfies never;
  }
}
