/**
 * CLIP (Radford et al. 2021, arXiv:2103.00020) as transformers computes it: vision transformer, text tower, their
 * projections and the contrastive loss.
 *
 * Images arrive resized and normalised; patches are cut by a reshape, so the patch convolution is a matrix product.
 */
import {
  add,
  broadcastTo,
  concat,
  crossEntropy,
  embedding,
  exp,
  gatherRows,
  matmul,
  mul,
  normalize,
  reshape,
  scale,
  slice,
  type Tensor,
  transpose,
} from "../graph/index.ts";
import { causalMask, cutPatches } from "../layers/index.ts";
import type { ClipConfig, ClipTextConfig, ClipVisionConfig } from "./clip-config.ts";
import { encoderHidden, encoderNorm, encoderShapes } from "./encoder.ts";
import type { ModelWeights } from "./model-weights.ts";

/** Parameters of the vision transformer under `prefix`: "vision_model." in CLIP, "vision_tower." in LLaVA. */
export function clipVisionShapes(config: ClipVisionConfig, prefix: string): Map<string, readonly number[]> {
  const { hidden_size: D, num_channels, patch_size } = config;
  return new Map<string, readonly number[]>([
    [`${prefix}embeddings.class_embedding`, [D]],
    [`${prefix}embeddings.patch_embedding.weight`, [D, num_channels, patch_size, patch_size]],
    [`${prefix}embeddings.position_embedding.weight`, [patchesPerImage(config) + 1, D]],
    // The name misses an "e" upstream.
    [`${prefix}pre_layrnorm.weight`, [D]],
    [`${prefix}pre_layrnorm.bias`, [D]],
    ...encoderShapes(config, prefix),
    [`${prefix}post_layernorm.weight`, [D]],
    [`${prefix}post_layernorm.bias`, [D]],
  ]);
}

/** Parameters of CLIPModel. */
export function clipShapes(config: ClipConfig): Map<string, readonly number[]> {
  const text = config.text_config;
  return new Map<string, readonly number[]>([
    ["logit_scale", []],
    ["text_model.embeddings.token_embedding.weight", [text.vocab_size, text.hidden_size]],
    ["text_model.embeddings.position_embedding.weight", [text.max_position_embeddings, text.hidden_size]],
    ...encoderShapes(text, "text_model."),
    ["text_model.final_layer_norm.weight", [text.hidden_size]],
    ["text_model.final_layer_norm.bias", [text.hidden_size]],
    ["text_projection.weight", [config.projection_dim, text.hidden_size]],
    ...clipVisionShapes(config.vision_config, "vision_model."),
    ["visual_projection.weight", [config.projection_dim, config.vision_config.hidden_size]],
  ]);
}

/** Patches that an image is cut into. */
export function patchesPerImage(config: ClipVisionConfig): number {
  return Math.floor(config.image_size / config.patch_size) ** 2;
}

/**
 * The vision transformer: pixels (N, channels, size, size) -> hidden states (N, 1 + patches, D): the embeddings after the
 * first norm, then what each layer gives. Position 0 is the class token. `layers` computes only the first so many.
 */
export function clipVisionHidden(
  config: ClipVisionConfig,
  weights: ModelWeights,
  pixels: Tensor,
  options: Readonly<{ prefix: string; layers?: number }>,
): Tensor[] {
  const { prefix, layers = config.num_hidden_layers } = options;
  const D = config.hidden_size;
  const N = pixels.shape[0] as number;
  const rows = cutPatches(pixels, config.patch_size); // (N, patches, channels * patch * patch)
  const kernel = weights.tensor(`${prefix}embeddings.patch_embedding.weight`);
  const flat = reshape(kernel, [D, -1]);
  const patches = reshape(matmul(reshape(rows, [-1, flat.shape[1] as number]), flat, { transposeB: true }), [N, -1, D]);
  const token = broadcastTo(reshape(weights.tensor(`${prefix}embeddings.class_embedding`), [1, 1, D]), [N, 1, D]);
  const positions = weights.tensor(`${prefix}embeddings.position_embedding.weight`);
  const x = add(concat([token, patches], 1), positions);
  return encoderHidden(config, weights, {
    x: encoderNorm(x, weights, `${prefix}pre_layrnorm`, config),
    prefix,
    layers,
  });
}

/** Image embeddings: last hidden state -> projection of the normed class token, (N, projection). Not of unit length. */
export function clipImageEmbeds(
  config: ClipVisionConfig,
  weights: ModelWeights,
  last: Tensor,
  prefix = "vision_model.",
): Tensor {
  const token = reshape(slice(last, 1, 0, 1), [-1, config.hidden_size]);
  return weights.linear(encoderNorm(token, weights, `${prefix}post_layernorm`, config), "visual_projection");
}

/**
 * Text embeddings: ids int32 (B, T), and the row b * T + end of each sentence's end token as int32 (B), see endRows ->
 * (B, projection). Not of unit length.
 */
export function clipTextEmbeds(config: ClipTextConfig, weights: ModelWeights, ids: Tensor, rows: Tensor): Tensor {
  const T = ids.shape[1] as number;
  const positions = slice(weights.tensor("text_model.embeddings.position_embedding.weight"), 0, 0, T);
  const x = add(embedding(weights.tensor("text_model.embeddings.token_embedding.weight"), ids), positions);
  const mask = causalMask(weights.graph, T);
  const hidden = encoderHidden(config, weights, { x, prefix: "text_model.", layers: config.num_hidden_layers, mask });
  const ends = gatherRows(reshape(hidden.at(-1) as Tensor, [-1, config.hidden_size]), rows);
  return weights.linear(encoderNorm(ends, weights, "text_model.final_layer_norm", config), "text_projection");
}

/**
 * Rows of the end tokens for clipTextEmbeds. With eos_token_id 2 (published configurations from before the id was put
 * right) the end is the first highest id, as transformers keeps doing; otherwise the first id equal to it.
 */
export function endRows(config: ClipTextConfig, ids: readonly (readonly number[])[]): Int32Array {
  return Int32Array.from(ids, (row, b) => {
    const end = row.indexOf(config.eos_token_id === 2 ? Math.max(...row) : config.eos_token_id);
    return b * row.length + Math.max(end, 0);
  });
}

/** Similarities exp(logit_scale) cos(image, text): (N, projection), (B, projection) -> (N, B). */
export function clipLogits(weights: ModelWeights, imageEmbeds: Tensor, textEmbeds: Tensor): Tensor {
  const cosines = matmul(normalize(imageEmbeds), normalize(textEmbeds), { transposeB: true });
  return mul(cosines, exp(weights.tensor("logit_scale")));
}

/** Mean of the cross entropies of both directions; pair i belongs together: logits (N, N) -> scalar. */
export function clipLoss(logits: Tensor): Tensor {
  const N = logits.shape[0] as number;
  const labels = logits.graph.constant(
    Array.from({ length: N }, (_, i) => i),
    [N],
    "int32",
  );
  return scale(add(crossEntropy(logits, labels), crossEntropy(transpose(logits, [1, 0]), labels)), 0.5);
}
