/**
 * SigLIP's vision tower (Zhai et al. 2023, arXiv:2303.15343) as transformers computes it: patches with learnt positions, no
 * class token and no norm before the encoder; its pooling head attends to the patches with one learnt query.
 */
import { add, attention, broadcastTo, linear, matmul, reshape, slice, type Tensor } from "../graph/index.ts";
import { cutPatches, mergeHeads, splitHeads } from "../layers/index.ts";
import { encoderHidden, encoderMlp, encoderNorm, encoderShapes, linearShapes, normShapes } from "./encoder.ts";
import type { ModelWeights } from "./model-weights.ts";
import type { SiglipVisionConfig } from "./siglip-config.ts";

/** Parameters under `prefix`, "vision_model." in SigLIP itself. `head` leaves norm and pooling head out where false. */
export function siglipVisionShapes(
  config: SiglipVisionConfig,
  prefix: string,
  { head = true }: Readonly<{ head?: boolean }> = {},
): Map<string, readonly number[]> {
  const { hidden_size: D, intermediate_size: M, num_channels, patch_size } = config;
  const patches = Math.floor(config.image_size / patch_size) ** 2;
  const shapes = new Map<string, readonly number[]>([
    [`${prefix}embeddings.patch_embedding.weight`, [D, num_channels, patch_size, patch_size]],
    [`${prefix}embeddings.patch_embedding.bias`, [D]],
    [`${prefix}embeddings.position_embedding.weight`, [patches, D]],
    ...encoderShapes(config, prefix),
  ]);
  if (!head) return shapes;
  const pooling: [string, readonly number[]][] = [
    [`${prefix}head.probe`, [1, 1, D]],
    [`${prefix}head.attention.in_proj_weight`, [3 * D, D]],
    [`${prefix}head.attention.in_proj_bias`, [3 * D]],
    ...linearShapes(`${prefix}head.attention.out_proj`, D, D),
    ...normShapes(`${prefix}head.layernorm`, D),
    ...linearShapes(`${prefix}head.mlp.fc1`, M, D),
    ...linearShapes(`${prefix}head.mlp.fc2`, D, M),
  ];
  const normed = normShapes(`${prefix}post_layernorm`, D);
  return new Map([...shapes, ...normed, ...(config.vision_use_head ? pooling : [])]);
}

/**
 * Pixels (N, channels, size, size) -> hidden states (N, patches, D): the embeddings, then what each layer gives, before the
 * last norm. `layers` computes only the first so many.
 */
export function siglipVisionHidden(
  config: SiglipVisionConfig,
  weights: ModelWeights,
  pixels: Tensor,
  options: Readonly<{ prefix: string; layers?: number }>,
): Tensor[] {
  const { prefix, layers = config.num_hidden_layers } = options;
  const [N, D] = [pixels.shape[0] as number, config.hidden_size];
  const rows = cutPatches(pixels, config.patch_size); // (N, patches, channels * patch * patch)
  const kernel = reshape(weights.tensor(`${prefix}embeddings.patch_embedding.weight`), [D, -1]);
  const flat = matmul(reshape(rows, [-1, kernel.shape[1] as number]), kernel, { transposeB: true });
  const patches = add(reshape(flat, [N, -1, D]), weights.tensor(`${prefix}embeddings.patch_embedding.bias`));
  const x = add(patches, weights.tensor(`${prefix}embeddings.position_embedding.weight`));
  return encoderHidden(config, weights, { x, prefix, layers });
}

/** What the last layer gives, normed: (N, patches, D). */
export function siglipNormed(config: SiglipVisionConfig, weights: ModelWeights, last: Tensor, prefix: string): Tensor {
  return encoderNorm(last, weights, `${prefix}post_layernorm`, config);
}

/** The image embedding: normed patches (N, patches, D) -> (N, D). Not of unit length. */
export function siglipPooled(
  config: SiglipVisionConfig,
  weights: ModelWeights,
  normed: Tensor,
  prefix: string,
): Tensor {
  const D = config.hidden_size;
  const N = normed.shape[0] as number;
  const [weight, bias] = [
    weights.tensor(`${prefix}head.attention.in_proj_weight`),
    weights.tensor(`${prefix}head.attention.in_proj_bias`),
  ];
  /** Part 0, 1 or 2 of the joint projection: queries, keys, values. */
  const project = (x: Tensor, part: number) => {
    const rows = slice(weight, 0, part * D, (part + 1) * D);
    return splitHeads(linear(x, rows, slice(bias, 0, part * D, (part + 1) * D)), config.num_attention_heads);
  };
  const query = project(weights.tensor(`${prefix}head.probe`), 0); // (1, heads, 1, head width)
  const [keys, values] = [project(normed, 1), project(normed, 2)];
  const repeated = broadcastTo(query, [N, ...query.shape.slice(1)]);
  const y = weights.linear(mergeHeads(attention(repeated, keys, values)), `${prefix}head.attention.out_proj`);
  const h = encoderNorm(y, weights, `${prefix}head.layernorm`, config);
  return reshape(add(y, encoderMlp(h, weights, `${prefix}head`, config)), [N, D]);
}
