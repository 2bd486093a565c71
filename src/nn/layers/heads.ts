/**
 * Attention heads: cutting the channels of a projection into heads and putting them together again.
 */
import { reshape, type Tensor, transpose } from "../graph/index.ts";

/** (B, T, H dh) -> (B, H, T, dh). */
export function splitHeads(x: Tensor, heads: number): Tensor {
  const [batch, length, width] = x.shape as [number, number, number];
  return transpose(reshape(x, [batch, length, heads, width / heads]), [0, 2, 1, 3]);
}

/** (B, H, T, dh) -> (B, T, H dh). */
export function mergeHeads(x: Tensor): Tensor {
  const [batch, heads, length, width] = x.shape as [number, number, number, number];
  return reshape(transpose(x, [0, 2, 1, 3]), [batch, length, heads * width]);
}
