/**
 * The parameters that a configuration implies, and how other transformers versions name them.
 */
import { clipShapes, clipVisionShapes } from "./clip.ts";
import { decoderShapes } from "./decoder.ts";
import { llavaParameterName, llavaShapes } from "./llava.ts";
import { llavaOnevisionParameterName, llavaOnevisionShapes } from "./llava-onevision.ts";
import { llavaOriginalParameterName, llavaOriginalShapes } from "./llava-original.ts";
import type { ModelConfig } from "./model-config.ts";
import { qwen25VlShapes } from "./qwen2-5-vl.ts";
import { qwen2VlShapes, qwenVlParameterName } from "./qwen2-vl.ts";
import { siglipVisionShapes } from "./siglip.ts";
import { vtimellmShapes } from "./vtimellm.ts";

/** Shapes of every parameter by our name. */
export function modelShapes(config: ModelConfig): Map<string, readonly number[]> {
  switch (config.model_type) {
    case "llama":
    case "qwen2":
      return decoderShapes(config);
    case "llava":
      return llavaShapes(config);
    case "llava_onevision":
      return llavaOnevisionShapes(config);
    case "llava_qwen":
    case "llava_llama":
      return llavaOriginalShapes(config);
    case "vtimellm":
      return vtimellmShapes(config);
    case "qwen2_vl":
      return qwen2VlShapes(config);
    case "qwen2_5_vl":
      return qwen25VlShapes(config);
    case "clip":
      return clipShapes(config);
    case "siglip_vision_model":
      return siglipVisionShapes(config, "vision_model.");
    case "clip_vision_model":
      return clipVisionShapes(config, "vision_model.").set("visual_projection.weight", [
        config.projection_dim,
        config.hidden_size,
      ]);
    default:
      return config satisfies never;
  }
}

/** Our name of a parameter in a checkpoint of this configuration. */
export function parameterName(config: ModelConfig): (name: string) => string {
  switch (config.model_type) {
    case "llava":
      return llavaParameterName;
    case "llava_onevision":
      return llavaOnevisionParameterName;
    case "llava_qwen":
    case "llava_llama":
      return llavaOriginalParameterName;
    case "qwen2_vl":
    case "qwen2_5_vl":
      return qwenVlParameterName;
    default:
      return (name) => name;
  }
}
