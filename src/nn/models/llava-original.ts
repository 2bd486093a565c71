/**
 * Models in the layout of the LLaVA-NeXT repository: LLaVA-Video (Zhang et al. 2024, arXiv:2410.02713), LongVA (Zhang et al.
 * 2024, arXiv:2406.16852, UniRes) and LLaVA 1.5 as first published.
 *
 * Frames through CLIP or SigLIP and the projector, each grid pooled; a newline behind every row of a grid (LLaVA-Video), behind
 * every frame or every video, or nowhere (LongVA). The prompt's <image> is no token: texts are cut there.
 */
import { broadcastTo, concat, reshape, type Tensor } from "../graph/index.ts";
import { averagePool, bilinearPool } from "../layers/index.ts";
import { decoderShapes } from "./decoder.ts";
import { type Eyes, everyFrame } from "./eyes.ts";
import { llavaProjector, projectorShapes } from "./llava.ts";
import type { LlavaOriginalConfig } from "./llava-video-config.ts";
import type { ModelWeights } from "./model-weights.ts";
import { patchesPerSide, towerFeatures, towerScores, towerShapes } from "./vision-tower.ts";

/** Names and shapes of the parameters, in transformers' names. */
export function llavaOriginalShapes(config: LlavaOriginalConfig): Map<string, readonly number[]> {
  const { vision_config: vision, text_config: text } = config;
  return new Map<string, readonly number[]>([
    ...towerShapes(vision, "vision_tower."),
    ...projectorShapes(vision.hidden_size, text.hidden_size, true),
    ...(config.has_newline ? ([["image_newline", [text.hidden_size]]] as const) : []),
    ...decoderShapes(text, "language_model."),
  ]);
}

/** Our name of a parameter. */
export function llavaOriginalParameterName(name: string): string {
  return name
    .replace(/^model\.vision_tower\.(?:vision_tower\.)?(?:vision_model\.)?/, "vision_tower.")
    .replace(/^model\.mm_projector\.0\./, "multi_modal_projector.linear_1.")
    .replace(/^model\.mm_projector\.2\./, "multi_modal_projector.linear_2.")
    .replace(/^model\.image_newline$/, "image_newline")
    .replace(/^model\.(?=embed_tokens|layers|norm)/, "language_model.model.")
    .replace(/^lm_head\./, "language_model.lm_head.");
}

export function llavaOriginalEyes(config: LlavaOriginalConfig): Eyes {
  const { vision_config: vision, newline } = config;
  const side = pooledSide(config);
  return {
    placeholderFor: "video",
    tokenId: -200,
    placeholder: "<image>",
    framesPerUnit: 1,
    imageSize: vision.image_size,
    channels: vision.num_channels,
    lookAt: everyFrame,
    rowsPerUnit: () => side * (newline === "grid" ? side + 1 : side) + (newline === "frame" ? 1 : 0),
    scoresPerUnit: () => towerScores(vision),
    ending: newline === "one_token" ? "image_newline" : null,
    ...(config.tells_times && { introduce: timeInstruction }),
    see: (weights, pixels) => llavaOriginalSee(config, weights, pixels),
  };
}

/** LLaVA-Video's words about the times of the frames, as its model card has them. */
function timeInstruction(seconds: readonly number[], duration: number): string {
  const times = seconds.map((second) => `${second.toFixed(2)}s`).join(",");
  return `The video lasts for ${duration.toFixed(2)} seconds, and ${seconds.length} frames are uniformly sampled from it. These frames are located at ${times}.Please answer the following questions related to this video.`;
}

function pooledSide({ vision_config, pool_mode, pool_stride }: LlavaOriginalConfig): number {
  const side = patchesPerSide(vision_config) / pool_stride;
  return pool_mode === "bilinear" ? Math.ceil(side) : Math.floor(side);
}

function llavaOriginalSee(config: LlavaOriginalConfig, weights: ModelWeights, pixels: Tensor): Tensor {
  const { vision_config: vision, newline, text_config: text } = config;
  const selection =
    vision.model_type === "siglip_vision_model"
      ? // The repository cuts SigLIP's last layer off and reads what is left.
        { layers: [-1], strategy: "full" as const }
      : { layers: [config.select_layer], strategy: config.select_strategy };
  const features = towerFeatures(vision, weights, pixels, { ...selection, prefix: "vision_tower." });
  const [N, D, side] = [pixels.shape[0] as number, text.hidden_size, patchesPerSide(vision)];
  const grid = reshape(llavaProjector(weights, features), [N, side, side, D]);
  const pooled =
    config.pool_mode === "bilinear" ? bilinearPool(grid, config.pool_stride) : averagePool(grid, config.pool_stride);
  const rows = pooledSide(config);
  if (newline === "grid") {
    const ends = broadcastTo(reshape(weights.tensor("image_newline"), [1, 1, 1, D]), [N, rows, 1, D]);
    return reshape(concat([pooled, ends], 2), [N, rows * (rows + 1), D]);
  }
  const flat = reshape(pooled, [N, rows * rows, D]);
  if (newline !== "frame") return flat;
  return concat([flat, broadcastTo(reshape(weights.tensor("image_newline"), [1, 1, D]), [N, 1, D])], 1);
}
