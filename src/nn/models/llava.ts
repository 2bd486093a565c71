/**
 * LLaVA (Liu et al. 2023, arXiv:2304.08485; 2310.03744) as transformers' LlavaForConditionalGeneration computes it.
 *
 * Patch features of chosen layers of a CLIP or SigLIP vision transformer pass a two-layer projector and take the places of
 * the <image> tokens among the decoder's embeddings. With mm_spatial_pool_stride they are averaged over squares of patches
 * behind the projector first (LongVA's UniRes, Zhang et al. 2024, arXiv:2406.16852).
 */
import { concat, equal, gatherRows, gelu, padZeros, reshape, slice, type Tensor, where } from "../graph/index.ts";
import { averagePool } from "../layers/index.ts";
import { decoderShapes } from "./decoder.ts";
import { type Eyes, everyFrame } from "./eyes.ts";
import { type LlavaConfig, tokensPerImage } from "./llava-config.ts";
import type { ModelWeights } from "./model-weights.ts";
import { patchesPerSide, towerFeatures, towerScores, towerShapes } from "./vision-tower.ts";

/** Names and shapes of the parameters, as transformers saves them. */
export function llavaShapes(config: LlavaConfig): Map<string, readonly number[]> {
  const { vision_config: vision, text_config: text } = config;
  const features = vision.hidden_size * [config.vision_feature_layer].flat().length;
  return new Map<string, readonly number[]>([
    ...towerShapes(vision, "vision_tower."),
    ...projectorShapes(features, text.hidden_size, config.multimodal_projector_bias),
    ...decoderShapes(text, "language_model."),
  ]);
}

/** The projector of the LLaVA family: two layers from vision features to the decoder's width. */
export function projectorShapes(features: number, width: number, bias: boolean): [string, readonly number[]][] {
  const inner = { linear_1: features, linear_2: width };
  return Object.entries(inner).flatMap(([name, size]): [string, readonly number[]][] => {
    const weight: [string, readonly number[]] = [`multi_modal_projector.${name}.weight`, [width, size]];
    return bias ? [weight, [`multi_modal_projector.${name}.bias`, [width]]] : [weight];
  });
}

/**
 * The name of a parameter as llavaShapes has it, from the names of other transformers versions: modules in memory
 * ("model.language_model.layers...", "lm_head.weight") and vision towers with one more level (llava-hf checkpoints).
 */
export function llavaParameterName(name: string): string {
  return name
    .replace(/^model\.(vision_tower|multi_modal_projector)\./, "$1.")
    .replace(/^model\.language_model\./, "language_model.model.")
    .replace(/^lm_head\./, "language_model.lm_head.")
    .replace(/^vision_tower\.vision_model\./, "vision_tower.");
}

export function llavaEyes(config: LlavaConfig): Eyes {
  const vision = config.vision_config;
  return {
    placeholderFor: "frame",
    tokenId: config.image_token_index,
    placeholder: "<image>",
    framesPerUnit: 1,
    imageSize: vision.image_size,
    channels: vision.num_channels,
    lookAt: everyFrame,
    rowsPerUnit: () => tokensPerImage(config),
    scoresPerUnit: () => towerScores(vision),
    ending: null,
    see: (weights, pixels) => llavaProject(config, weights, llavaVisionFeatures(config, weights, pixels)),
  };
}

/** What the projector sees of each image: pixels (N, channels, size, size) -> (N, selected tokens, vision width * layers). */
export function llavaVisionFeatures(config: LlavaConfig, weights: ModelWeights, pixels: Tensor): Tensor {
  return towerFeatures(config.vision_config, weights, pixels, {
    layers: [config.vision_feature_layer].flat(),
    strategy: config.vision_feature_select_strategy,
    prefix: "vision_tower.",
  });
}

/** Vision features -> what takes the image tokens' places, (N, tokens, decoder width). */
export function llavaProject(config: LlavaConfig, weights: ModelWeights, features: Tensor): Tensor {
  return poolPatches(config, llavaProjector(weights, features));
}

/** linear_2(gelu(linear_1 x)), the projector that the LLaVA family shares. */
export function llavaProjector(weights: ModelWeights, features: Tensor): Tensor {
  const wide = gelu(weights.linear(features, "multi_modal_projector.linear_1"));
  return weights.linear(wide, "multi_modal_projector.linear_2");
}

/** Average squares of patches; a class token in front stays as it is. */
function poolPatches(config: LlavaConfig, projected: Tensor): Tensor {
  const stride = config.mm_spatial_pool_stride;
  if (stride === 1) return projected;
  const [N, , D] = projected.shape as [number, number, number];
  const side = patchesPerSide(config.vision_config);
  const front = (projected.shape[1] as number) - side * side;
  const means = averagePool(reshape(slice(projected, 1, front), [N, side, side, D]), stride);
  const rows = reshape(means, [N, -1, D]);
  return front === 0 ? rows : concat([slice(projected, 1, 0, front), rows], 1);
}

/** Where image tokens sit: see placeImages for a batch's numbers. */
export type ImagePlaces = Readonly<{
  /** int32 (B * T): for an image position, the row of the features that goes there; -1 for text. */
  featureAt: Tensor;
  /** int32 (N * tokens): the position b * T + t of each feature row; B * T for rows that no sequence uses. */
  positionOf: Tensor;
}>;

/**
 * Embeddings (B, T, D) with features (N, tokens, D) in the places of the image tokens. Each feature row is used at most
 * once, so its gradient is looked up where it went instead of being summed over the whole sequence.
 */
export function mergeImages(embeddings: Tensor, features: Tensor, places: ImagePlaces): Tensor {
  const { graph } = embeddings;
  const [B, T, D] = embeddings.shape as [number, number, number];
  const rows = reshape(features, [-1, D]);
  const isText = equal(places.featureAt, graph.constant([-1], [], "int32"));
  const safe = where(isText, graph.constant([0], [], "int32"), places.featureAt);
  const text = reshape(embeddings, [B * T, D]);
  const choose = reshape(isText, [B * T, 1]);
  const merged = graph.node("Where", [choose, text, gatherRows(rows, safe)], [{ shape: [B * T, D] }])[0] as Tensor;
  graph.differentiable(
    [merged],
    [
      { operand: text, pull: ([d]) => where(choose, d as Tensor, graph.scalar(0)) },
      {
        operand: rows,
        pull: ([d]) => {
          const padded = padZeros(d as Tensor, 0, 0, 1);
          return gatherRows(padded, places.positionOf);
        },
      },
    ],
  );
  return reshape(merged, [B, T, D]);
}
