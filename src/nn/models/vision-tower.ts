/**
 * Either vision transformer by its configuration, so that models of the LLaVA family do not ask which one they have.
 */
import { concat, slice, type Tensor } from "../graph/index.ts";
import { clipVisionHidden, clipVisionShapes } from "./clip.ts";
import type { ClipVisionConfig } from "./clip-config.ts";
import type { ModelWeights } from "./model-weights.ts";
import { siglipVisionHidden, siglipVisionShapes } from "./siglip.ts";
import type { SiglipVisionConfig } from "./siglip-config.ts";

export type VisionTowerConfig = ClipVisionConfig | SiglipVisionConfig;

/** Which hidden states a model reads, counted as transformers does (-2 is what the last but one layer gives). */
export type FeatureSelection = Readonly<{ layers: readonly number[]; strategy: "default" | "full" }>;

/** Names and shapes of the parameters under `prefix`. */
export function towerShapes(config: VisionTowerConfig, prefix: string): Map<string, readonly number[]> {
  return config.model_type === "clip_vision_model"
    ? clipVisionShapes(config, prefix)
    : siglipVisionShapes(config, prefix, { head: false });
}

/** Patches along a side of an image. */
export function patchesPerSide(config: VisionTowerConfig): number {
  return Math.floor(config.image_size / config.patch_size);
}

/** Tokens in front of the patches: CLIP's class token. */
export function classTokens(config: VisionTowerConfig): number {
  return config.model_type === "clip_vision_model" ? 1 : 0;
}

/** Tokens of an image that are selected: "default" drops the first one, whatever it is, "full" keeps all. */
export function selectedTokens(config: VisionTowerConfig, strategy: FeatureSelection["strategy"]): number {
  return patchesPerSide(config) ** 2 + classTokens(config) - (strategy === "default" ? 1 : 0);
}

/** Attention scores of one image in one layer. */
export function towerScores(config: VisionTowerConfig): number {
  return config.num_attention_heads * (patchesPerSide(config) ** 2 + classTokens(config)) ** 2;
}

/** Pixels (N, channels, size, size) -> (N, selected tokens, vision width * selected layers). */
export function towerFeatures(
  config: VisionTowerConfig,
  weights: ModelWeights,
  pixels: Tensor,
  { layers, strategy, prefix }: FeatureSelection & Readonly<{ prefix: string }>,
): Tensor {
  const depth = config.num_hidden_layers;
  const wanted = layers.map((layer) => (layer < 0 ? depth + 1 + layer : layer));
  if (wanted.length === 0 || wanted.some((layer) => !(layer >= 0 && layer <= depth))) {
    throw new RangeError(`Expected vision_feature_layer from ${-depth - 1} to ${depth}, got ${layers.join(", ")}.`);
  }
  const options = { prefix, layers: Math.max(...wanted) };
  const hidden =
    config.model_type === "clip_vision_model"
      ? clipVisionHidden(config, weights, pixels, options)
      : siglipVisionHidden(config, weights, pixels, options);
  const chosen = wanted.map((layer) => hidden[layer] as Tensor);
  return concat(strategy === "default" ? chosen.map((state) => slice(state, 1, 1)) : chosen, -1);
}
