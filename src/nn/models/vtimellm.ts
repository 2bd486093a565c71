/**
 * VTimeLLM (Huang et al. 2023, arXiv:2311.18445): CLIP's image embedding of each of 100 frames, one linear layer, and a
 * Vicuna whose stages are LoRA adapters. A frame is one token; time is told as the frame's index, 00 to 99.
 */
import { reshape, type Tensor } from "../graph/index.ts";
import { clipImageEmbeds, clipVisionHidden, clipVisionShapes } from "./clip.ts";
import { decoderShapes } from "./decoder.ts";
import type { Eyes } from "./eyes.ts";
import type { ModelWeights } from "./model-weights.ts";
import { towerScores } from "./vision-tower.ts";
import type { VtimellmConfig } from "./vtimellm-config.ts";

/** Names and shapes of the parameters: the parts' own names behind vision_tower., mm_projector. and language_model. */
export function vtimellmShapes(config: VtimellmConfig): Map<string, readonly number[]> {
  const { vision_config: vision, text_config: text } = config;
  return new Map<string, readonly number[]>([
    ...clipVisionShapes(vision, "vision_tower."),
    ["visual_projection.weight", [vision.projection_dim, vision.hidden_size]],
    ["mm_projector.weight", [text.hidden_size, vision.projection_dim]],
    ["mm_projector.bias", [text.hidden_size]],
    ...decoderShapes(text, "language_model."),
  ]);
}

export function vtimellmEyes(config: VtimellmConfig): Eyes {
  const { vision_config: vision, num_frames } = config;
  return {
    placeholderFor: "video",
    tokenId: -200,
    placeholder: "<video>",
    framesPerUnit: 1,
    imageSize: vision.image_size,
    channels: vision.num_channels,
    lookAt: (count) => spread(count, num_frames),
    rowsPerUnit: () => 1,
    scoresPerUnit: () => towerScores(vision),
    ending: null,
    see: (weights, pixels) => vtimellmSee(config, weights, pixels),
  };
}

/**
 * `wanted` indices from 0 to count - 1, evenly spaced and cut to whole numbers, repeated where there are too few: VTimeLLM's
 * own sampling, which for 100 frames is each of them once.
 */
function spread(count: number, wanted: number): number[] {
  if (count === 0) return [];
  return Array.from({ length: wanted }, (_, i) => Math.trunc(wanted === 1 ? 0 : (i * (count - 1)) / (wanted - 1)));
}

function vtimellmSee({ vision_config: vision }: VtimellmConfig, weights: ModelWeights, pixels: Tensor): Tensor {
  const prefix = "vision_tower.";
  const hidden = clipVisionHidden(vision, weights, pixels, { prefix }).at(-1) as Tensor;
  const rows = weights.linear(clipImageEmbeds(vision, weights, hidden, prefix), "mm_projector");
  return reshape(rows, [pixels.shape[0] as number, 1, -1]);
}
