/**
 * Qwen2.5-VL (Bai et al. 2025, arXiv:2502.13923) as transformers' Qwen2_5_VLForConditionalGeneration computes it.
 *
 * As Qwen2-VL, but: RMS norms and gated MLPs in the vision tower; most of its blocks look at windows of a frame only; and the
 * decoder's time is counted in seconds, tokens_per_second positions each, instead of pairs of frames.
 */
import { add, attention, type Graph, gatherRows, mul, reshape, rmsNorm, silu, type Tensor } from "../graph/index.ts";
import { blockedScores, mergeHeads, splitHeads } from "../layers/index.ts";
import { decoderShapes } from "./decoder.ts";
import { linearShapes } from "./encoder.ts";
import type { Eyes, PixelSize } from "./eyes.ts";
import type { ModelWeights } from "./model-weights.ts";
import {
  embedPatches,
  mergedGrid,
  mergePatches,
  mergerShapes,
  patchKernel,
  patchRotary,
  queriesKeysValues,
  qwenVlEyes,
} from "./qwen2-vl.ts";
import type { Qwen25VlConfig } from "./qwen2-vl-config.ts";

/** Names and shapes of the parameters: visual. and language_model. */
export function qwen25VlShapes(config: Qwen25VlConfig): Map<string, readonly number[]> {
  const { hidden_size: D, intermediate_size: M, depth } = config.vision_config;
  const blocks = Array.from({ length: depth }, (_, i) => `visual.blocks.${i}`).flatMap(
    (block): [string, readonly number[]][] => [
      [`${block}.norm1.weight`, [D]],
      ...linearShapes(`${block}.attn.qkv`, 3 * D, D),
      ...linearShapes(`${block}.attn.proj`, D, D),
      [`${block}.norm2.weight`, [D]],
      ...linearShapes(`${block}.mlp.gate_proj`, M, D),
      ...linearShapes(`${block}.mlp.up_proj`, M, D),
      ...linearShapes(`${block}.mlp.down_proj`, D, M),
    ],
  );
  return new Map([
    ["visual.patch_embed.proj.weight", patchKernel(config, D)],
    ...blocks,
    ["visual.merger.ln_q.weight", [D]],
    ...mergerShapes(config, D),
    ...decoderShapes(config.text_config, "language_model."),
  ]);
}

/** Time is counted in seconds, by the frames' own timestamps. */
export function qwen25VlEyes(config: Qwen25VlConfig): Eyes {
  const { num_heads, tokens_per_second } = config.vision_config;
  return {
    ...qwenVlEyes(config, num_heads),
    grid: (seconds, size) => ({
      // A thousandth forgives the rounding of a container's clock (0.99999 s); otherwise cut, as transformers does.
      times: seconds.map((second) => Math.floor(second * tokens_per_second + 1e-3)),
      ...mergedGrid(config, size),
    }),
    see: (weights, pixels) => qwen25VlSee(config, weights, pixels),
  };
}

function qwen25VlSee(config: Qwen25VlConfig, weights: ModelWeights, pixels: Tensor): Tensor {
  const { vision_config: vision } = config;
  const [, , height, width] = pixels.shape as [number, number, number, number];
  const size = { width, height };
  const norm = (x: Tensor, module: string) => rmsNorm(x, weights.tensor(`${module}.weight`), 1e-6);
  const rotary = patchRotary(weights.graph, config, size, vision.hidden_size / vision.num_heads);
  const windows = windowsOf(config, size);
  let x = embedPatches(config, weights, pixels, vision.hidden_size); // (units, patches, D)
  for (let i = 0; i < vision.depth; i++) {
    const block = `visual.blocks.${i}`;
    const parts = queriesKeysValues(weights, norm(x, `${block}.norm1`), block, rotary);
    const y = vision.fullatt_block_indexes.includes(i)
      ? attend(parts, vision.num_heads)
      : attendInWindows(parts, vision.num_heads, windows);
    x = add(x, weights.linear(y, `${block}.attn.proj`));
    const h = norm(x, `${block}.norm2`);
    const wide = mul(silu(weights.linear(h, `${block}.mlp.gate_proj`)), weights.linear(h, `${block}.mlp.up_proj`));
    x = add(x, weights.linear(wide, `${block}.mlp.down_proj`));
  }
  return mergePatches(config, weights, norm(x, "visual.merger.ln_q"));
}

type Parts = readonly [Tensor, Tensor, Tensor];

function attend([queries, keys, values]: Parts, heads: number, mask?: Tensor): Tensor {
  const cut = (y: Tensor) => splitHeads(y, heads);
  return mergeHeads(attention(cut(queries), cut(keys), cut(values), mask ? { mask } : {}));
}

/** Patches of each window, and the most that one has. Windows at the right and lower edges are smaller. */
type Windows = Readonly<{ members: readonly (readonly number[])[]; longest: number }>;

/** The windows of a frame: window_size pixels a side, patches in the order of cutTubes. */
function windowsOf(config: Qwen25VlConfig, size: PixelSize): Windows {
  const { window_size, patch_size, spatial_merge_size: merge } = config.vision_config;
  const { rows, columns } = mergedGrid(config, size);
  const side = Math.floor(window_size / merge / patch_size);
  const across = Math.ceil(columns / side);
  const members = Array.from({ length: Math.ceil(rows / side) * across }, (): number[] => []);
  for (let square = 0; square < rows * columns; square++) {
    const [row, column] = [Math.floor(square / columns), square % columns];
    const window = members[Math.floor(row / side) * across + Math.floor(column / side)] as number[];
    for (let i = 0; i < merge ** 2; i++) window.push(square * merge ** 2 + i);
  }
  return { members, longest: Math.max(...members.map(({ length }) => length)) };
}

/** Attention inside each window: its patches are gathered into rows of equal length, padding is masked. */
function attendInWindows(parts: Parts, heads: number, { members, longest }: Windows): Tensor {
  const [units, patches, D] = parts[0].shape as [number, number, number];
  const { graph } = parts[0];
  const count = members.length;
  const from = new Int32Array(units * count * longest);
  const mask = new Float32Array(units * count * longest);
  const back = new Int32Array(units * patches);
  for (let unit = 0; unit < units; unit++) {
    members.forEach((window, w) => {
      for (let i = 0; i < longest; i++) {
        const place = (unit * count + w) * longest + i;
        const patch = window[i];
        from[place] = unit * patches + (patch ?? window[0] ?? 0);
        if (patch === undefined) mask[place] = blockedScores;
        else back[unit * patches + patch] = place;
      }
    });
  }
  const gathered = parts.map((part) =>
    reshape(gather(graph, reshape(part, [units * patches, D]), from), [units * count, longest, D]),
  ) as [Tensor, Tensor, Tensor];
  const isRagged = members.some(({ length }) => length < longest);
  const y = attend(gathered, heads, isRagged ? graph.constant(mask, [units * count, 1, 1, longest]) : undefined);
  return reshape(gather(graph, reshape(y, [units * count * longest, D]), back), [units, patches, D]);
}

function gather(graph: Graph, rows: Tensor, indices: Int32Array): Tensor {
  return gatherRows(rows, graph.constant(indices, [indices.length], "int32"));
}
