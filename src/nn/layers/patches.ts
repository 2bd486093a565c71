/**
 * Grids of patches: images cut into them, and their features averaged over squares.
 */
import { type Graph, matmul, reduceMean, reshape, slice, type Tensor, transpose } from "../graph/index.ts";

/** (N, C, H, W) -> (N, patches, C * patch * patch), patches row by row, each in the order of a convolution's kernel. */
export function cutPatches(pixels: Tensor, patch: number): Tensor {
  const [N, C, H, W] = pixels.shape as [number, number, number, number];
  const [rows, columns] = [Math.floor(H / patch), Math.floor(W / patch)];
  const whole = slice(slice(pixels, 2, 0, rows * patch), 3, 0, columns * patch);
  const split = reshape(whole, [N, C, rows, patch, columns, patch]);
  return reshape(transpose(split, [0, 2, 4, 1, 3, 5]), [N, rows * columns, C * patch * patch]);
}

/** Means of squares: (N, side, side, D) -> (N, floor(side / stride), floor(side / stride), D); rests are left out. */
export function averagePool(grid: Tensor, stride: number): Tensor {
  if (stride === 1) return grid;
  const [N, side, , D] = grid.shape as [number, number, number, number];
  const pooled = Math.floor(side / stride);
  const whole = slice(slice(grid, 1, 0, pooled * stride), 2, 0, pooled * stride);
  return reduceMean(reshape(whole, [N, pooled, stride, pooled, stride, D]), [2, 4]);
}

/**
 * The grid at a smaller size by linear interpolation along each axis, with neither antialiasing nor aligned corners
 * (PyTorch's interpolate with mode "bilinear"): (N, side, side, D) -> (N, ceil(side / stride), ceil(side / stride), D).
 */
export function bilinearPool(grid: Tensor, stride: number): Tensor {
  const [N, side, , D] = grid.shape as [number, number, number, number];
  const pooled = Math.ceil(side / stride);
  const weights = interpolation(grid.graph, side, pooled);
  const rows = reshape(matmul(weights, reshape(grid, [N, side, side * D])), [N * pooled, side, D]);
  return reshape(matmul(weights, rows), [N, pooled, pooled, D]);
}

/** The matrix that takes `from` samples to `to`: (to, from), two weights a row. */
function interpolation(graph: Graph, from: number, to: number): Tensor {
  const values = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    const place = Math.max(0, ((i + 0.5) * from) / to - 0.5);
    const low = Math.min(Math.floor(place), from - 1);
    const high = Math.min(low + 1, from - 1);
    const share = place - low;
    values[i * from + low] = (values[i * from + low] as number) + 1 - share;
    values[i * from + high] = (values[i * from + high] as number) + share;
  }
  return graph.constant(values, [to, from]);
}
