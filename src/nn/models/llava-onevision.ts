/**
 * LLaVA-OneVision (Li et al. 2024, arXiv:2408.03326) as transformers' LlavaOnevisionForConditionalGeneration computes it for
 * videos: frames through SigLIP and the projector, each grid halved by linear interpolation, one newline behind the last.
 */
import { reshape, type Tensor } from "../graph/index.ts";
import { bilinearPool } from "../layers/index.ts";
import { decoderShapes } from "./decoder.ts";
import { type Eyes, everyFrame } from "./eyes.ts";
import { llavaParameterName, llavaProjector, projectorShapes } from "./llava.ts";
import type { LlavaOnevisionConfig } from "./llava-video-config.ts";
import type { ModelWeights } from "./model-weights.ts";
import { patchesPerSide, towerFeatures, towerScores, towerShapes } from "./vision-tower.ts";

/** Names and shapes of the parameters, as transformers saves them. */
export function llavaOnevisionShapes(config: LlavaOnevisionConfig): Map<string, readonly number[]> {
  const { vision_config: vision, text_config: text } = config;
  const features = vision.hidden_size * [config.vision_feature_layer].flat().length;
  return new Map<string, readonly number[]>([
    ...towerShapes(vision, "vision_tower."),
    ...projectorShapes(features, text.hidden_size, config.multimodal_projector_bias),
    ["image_newline", [text.hidden_size]],
    ...decoderShapes(text, "language_model."),
  ]);
}

/** Our name of a parameter, see llavaParameterName. */
export function llavaOnevisionParameterName(name: string): string {
  return llavaParameterName(name).replace(/^model\.image_newline$/, "image_newline");
}

export function llavaOnevisionEyes(config: LlavaOnevisionConfig): Eyes {
  const { vision_config: vision } = config;
  return {
    placeholderFor: "video",
    tokenId: config.video_token_index,
    placeholder: "<video>",
    framesPerUnit: 1,
    imageSize: vision.image_size,
    channels: vision.num_channels,
    lookAt: everyFrame,
    rowsPerUnit: () => Math.ceil(patchesPerSide(vision) / 2) ** 2,
    scoresPerUnit: () => towerScores(vision),
    ending: "image_newline",
    see: (weights, pixels) => llavaOnevisionSee(config, weights, pixels),
  };
}

function llavaOnevisionSee(config: LlavaOnevisionConfig, weights: ModelWeights, pixels: Tensor): Tensor {
  const { vision_config: vision } = config;
  const features = towerFeatures(vision, weights, pixels, {
    layers: [config.vision_feature_layer].flat(),
    strategy: config.vision_feature_select_strategy,
    prefix: "vision_tower.",
  });
  const [N, side] = [pixels.shape[0] as number, patchesPerSide(vision)];
  const projected = llavaProjector(weights, features);
  return reshape(bilinearPool(reshape(projected, [N, side, side, -1]), 2), [N, -1, config.text_config.hidden_size]);
}
