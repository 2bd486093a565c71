/**
 * Qwen2-VL (Wang et al. 2024, arXiv:2409.12191) as transformers' Qwen2VLForConditionalGeneration computes it.
 *
 * Pictures keep their own size. Two frames are cut into patches of 2 x 14 x 14 pixels; patches know their place by rotary
 * positions in two directions and look at the patches of their own pair of frames; 2 x 2 of them become one token of the
 * decoder, a Qwen2 with M-RoPE.
 */
import {
  add,
  attention,
  type Graph,
  gelu,
  layerNorm,
  linear,
  quickGelu,
  reshape,
  rotaryEmbedding,
  silu,
  split,
  type Tensor,
  transpose,
} from "../graph/index.ts";
import { mergeHeads, type RotaryTables, splitHeads } from "../layers/index.ts";
import { decoderShapes } from "./decoder.ts";
import { linearShapes, normShapes } from "./encoder.ts";
import type { Eyes, PixelSize } from "./eyes.ts";
import type { ModelWeights } from "./model-weights.ts";
import type { Qwen2VlConfig, QwenVlConfig } from "./qwen2-vl-config.ts";

/** Names and shapes of the parameters: visual. and language_model. */
export function qwen2VlShapes(config: Qwen2VlConfig): Map<string, readonly number[]> {
  const { embed_dim: D, depth, mlp_ratio } = config.vision_config;
  const M = Math.trunc(D * mlp_ratio);
  const blocks = Array.from({ length: depth }, (_, i) => `visual.blocks.${i}`).flatMap((block) => [
    ...normShapes(`${block}.norm1`, D),
    ...linearShapes(`${block}.attn.qkv`, 3 * D, D),
    ...linearShapes(`${block}.attn.proj`, D, D),
    ...normShapes(`${block}.norm2`, D),
    ...linearShapes(`${block}.mlp.fc1`, M, D),
    ...linearShapes(`${block}.mlp.fc2`, D, M),
  ]);
  return new Map([
    ["visual.patch_embed.proj.weight", patchKernel(config, D)],
    ...blocks,
    ...normShapes("visual.merger.ln_q", D),
    ...mergerShapes(config, D),
    ...decoderShapes(config.text_config, "language_model."),
  ]);
}

/** Our name of a parameter: hub checkpoints say model.layers and visual, transformers 5 model.language_model and model.visual. */
export function qwenVlParameterName(name: string): string {
  return name
    .replace(/^model\.visual\./, "visual.")
    .replace(/^model\.language_model\./, "language_model.model.")
    .replace(/^model\.(?=embed_tokens|layers|norm)/, "language_model.model.")
    .replace(/^lm_head\./, "language_model.lm_head.");
}

/** Time is counted in pairs of frames. */
export function qwen2VlEyes(config: Qwen2VlConfig): Eyes {
  return {
    ...qwenVlEyes(config, config.vision_config.num_heads),
    grid: (seconds, size) => ({ times: seconds.map((_, i) => i), ...mergedGrid(config, size) }),
    see: (weights, pixels) => qwen2VlSee(config, weights, pixels),
  };
}

/** What the eyes of Qwen2-VL and Qwen2.5-VL have in common. */
export function qwenVlEyes(config: QwenVlConfig, heads: number): Omit<Eyes, "grid" | "see"> {
  const { in_channels, patch_size, temporal_patch_size } = config.vision_config;
  return {
    placeholderFor: "video",
    tokenId: config.video_token_id,
    placeholder: "<|video_pad|>",
    framesPerUnit: temporal_patch_size,
    imageSize: null,
    channels: in_channels,
    // The last frame is shown again where the last pair lacks one.
    lookAt: (count) =>
      Array.from({ length: Math.ceil(count / temporal_patch_size) * temporal_patch_size }, (_, i) =>
        Math.min(i, count - 1),
      ),
    rowsPerUnit: (size) => {
      const { rows, columns } = mergedGrid(config, size);
      return rows * columns;
    },
    scoresPerUnit: ({ width, height }) => heads * ((width / patch_size) * (height / patch_size)) ** 2,
    ending: null,
  };
}

/** Rows and columns of a frame's tokens. */
export function mergedGrid({ vision_config: vision }: QwenVlConfig, { width, height }: PixelSize) {
  const side = vision.patch_size * vision.spatial_merge_size;
  if (width % side !== 0 || height % side !== 0) {
    throw new RangeError(`Expected frames in multiples of ${side} pixels, got ${width}x${height}.`);
  }
  return { rows: height / side, columns: width / side };
}

function qwen2VlSee(config: Qwen2VlConfig, weights: ModelWeights, pixels: Tensor): Tensor {
  const { vision_config: vision } = config;
  const [, , height, width] = pixels.shape as [number, number, number, number];
  const size = { width, height };
  const norm = (x: Tensor, module: string) =>
    layerNorm(x, weights.tensor(`${module}.weight`), weights.tensor(`${module}.bias`), 1e-6);
  const rotary = patchRotary(weights.graph, config, size, vision.embed_dim / vision.num_heads);
  let x = embedPatches(config, weights, pixels, vision.embed_dim); // (units, patches, D)
  for (let i = 0; i < vision.depth; i++) {
    const block = `visual.blocks.${i}`;
    const [queries, keys, values] = queriesKeysValues(weights, norm(x, `${block}.norm1`), block, rotary);
    const heads = (y: Tensor) => splitHeads(y, vision.num_heads);
    const y = mergeHeads(attention(heads(queries), heads(keys), heads(values)));
    x = add(x, weights.linear(y, `${block}.attn.proj`));
    const wide = activate(weights.linear(norm(x, `${block}.norm2`), `${block}.mlp.fc1`), vision.hidden_act);
    x = add(x, weights.linear(wide, `${block}.mlp.fc2`));
  }
  return mergePatches(config, weights, norm(x, "visual.merger.ln_q"));
}

function activate(x: Tensor, name: Qwen2VlConfig["vision_config"]["hidden_act"]): Tensor {
  switch (name) {
    case "quick_gelu":
      return quickGelu(x);
    case "gelu":
      return gelu(x);
    case "silu":
      return silu(x);
    default:
      return name satisfies never;
  }
}

/** The patch convolution's kernel: (width, channels, frames, patch, patch). */
export function patchKernel({ vision_config: vision }: QwenVlConfig, width: number): readonly number[] {
  return [width, vision.in_channels, vision.temporal_patch_size, vision.patch_size, vision.patch_size];
}

/** The merger's two layers. */
export function mergerShapes(config: QwenVlConfig, width: number): [string, readonly number[]][] {
  const merged = width * config.vision_config.spatial_merge_size ** 2;
  return [
    ...linearShapes("visual.merger.mlp.0", merged, merged),
    ...linearShapes("visual.merger.mlp.2", config.text_config.hidden_size, merged),
  ];
}

/**
 * Pixels (units * frames, channels, height, width) -> patches as pixel_values_videos has them, (units, patches, channels *
 * frames * patch * patch): the patches of a merged square stand together, squares row by row.
 */
export function cutTubes({ vision_config: vision }: QwenVlConfig, pixels: Tensor): Tensor {
  const [frames, C, height, width] = pixels.shape as [number, number, number, number];
  const { patch_size: p, spatial_merge_size: m, temporal_patch_size: t } = vision;
  const [rows, columns] = [height / p / m, width / p / m];
  const cut = transpose(reshape(pixels, [frames / t, t, C, rows, m, p, columns, m, p]), [0, 3, 6, 4, 7, 2, 1, 5, 8]);
  return reshape(cut, [frames / t, rows * m * columns * m, C * t * p * p]);
}

/** Patches as vectors: (units, patches, width). */
export function embedPatches(config: QwenVlConfig, weights: ModelWeights, pixels: Tensor, width: number): Tensor {
  const kernel = reshape(weights.tensor("visual.patch_embed.proj.weight"), [width, -1]);
  return linear(cutTubes(config, pixels), kernel);
}

/** Angles of a frame's patches in their order: the first half of the pairs turns by the row, the second by the column. */
export function patchRotary(graph: Graph, { vision_config: vision }: QwenVlConfig, size: PixelSize, headWidth: number) {
  const { patch_size, spatial_merge_size: m } = vision;
  const [height, width] = [size.height / patch_size, size.width / patch_size];
  const places = Array.from({ length: height * width }, (_, n) => {
    const [square, inside] = [Math.floor(n / m ** 2), n % m ** 2];
    const row = Math.floor(square / (width / m)) * m + Math.floor(inside / m);
    return [row, (square % (width / m)) * m + (inside % m)] as const;
  });
  const half = headWidth / 2;
  const frequencies = Array.from({ length: half / 2 }, (_, i) =>
    Math.fround(1 / Math.fround(10_000 ** ((2 * i) / half))),
  );
  const table = (f: (angle: number) => number) =>
    graph.constant(
      Float32Array.from({ length: places.length * half }, (_, n) => {
        const [pair, place] = [n % half, places[Math.floor(n / half)] as readonly [number, number]];
        const position = pair < half / 2 ? place[0] : place[1];
        return f(Math.fround(position * (frequencies[pair % (half / 2)] as number)));
      }),
      [places.length, half],
    );
  return { cosines: table(Math.cos), sines: table(Math.sin) };
}

/** Queries and keys, turned, and values of a block: (units, patches, width) each. */
export function queriesKeysValues(
  weights: ModelWeights,
  x: Tensor,
  block: string,
  rotary: RotaryTables,
): [Tensor, Tensor, Tensor] {
  const [units, patches, D] = x.shape as [number, number, number];
  const [q, k, v] = split(weights.linear(x, `${block}.attn.qkv`), [D, D, D], 2) as [Tensor, Tensor, Tensor];
  const places = Int32Array.from({ length: units * patches }, (_, i) => i % patches);
  const positions = x.graph.constant(places, [units, patches], "int32");
  const turn = (y: Tensor) => rotaryEmbedding(y, positions, rotary.cosines, rotary.sines);
  return [turn(q), turn(k), v];
}

/** Normed patches (units, patches, width) -> (units, tokens, decoder width): each merged square through two layers. */
export function mergePatches({ vision_config: vision }: QwenVlConfig, weights: ModelWeights, normed: Tensor): Tensor {
  const [units, patches, D] = normed.shape as [number, number, number];
  const square = vision.spatial_merge_size ** 2;
  const merged = reshape(normed, [units, patches / square, D * square]);
  return weights.linear(gelu(weights.linear(merged, "visual.merger.mlp.0")), "visual.merger.mlp.2");
}
