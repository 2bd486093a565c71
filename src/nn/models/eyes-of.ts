/**
 * The eyes of a configuration, or null of a decoder alone.
 */
import type { Eyes } from "./eyes.ts";
import type { GenerativeConfig } from "./generative-config.ts";
import { llavaEyes } from "./llava.ts";
import { llavaOnevisionEyes } from "./llava-onevision.ts";
import { llavaOriginalEyes } from "./llava-original.ts";
import { qwen25VlEyes } from "./qwen2-5-vl.ts";
import { qwen2VlEyes } from "./qwen2-vl.ts";
import { vtimellmEyes } from "./vtimellm.ts";

export function eyesOf(config: GenerativeConfig): Eyes | null {
  switch (config.model_type) {
    case "llama":
    case "qwen2":
      return null;
    case "llava":
      return llavaEyes(config);
    case "llava_onevision":
      return llavaOnevisionEyes(config);
    case "llava_qwen":
    case "llava_llama":
      return llavaOriginalEyes(config);
    case "vtimellm":
      return vtimellmEyes(config);
    case "qwen2_vl":
      return qwen2VlEyes(config);
    case "qwen2_5_vl":
      return qwen25VlEyes(config);
    default:
      return config satisfies never;
  }
}
