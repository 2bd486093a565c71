/**
 * Visual tokens of a video at another size: the paper's bilinear resize for parity, averages over bins for the sane mode.
 */

/** Tokens of one video, row-major: `length` tokens of `width` numbers, in order of time. */
export type TokenGrid = Readonly<{ length: number; width: number; data: Float32Array }>;

/** The size that T3 brings every video to: 128 tokens of 1024 numbers. */
export const paperSize = { length: 128, width: 1024 } as const;

/**
 * torch's `F.interpolate(x[None], size, mode="bilinear")` with align_corners=False and no antialiasing: each video is a
 * channel, both axes are interpolated between two neighbours at (i + 0.5) in / out - 0.5. Shrinking therefore skips
 * tokens and numbers rather than averaging them (T3 1.6).
 */
export function resizeBilinear(tokens: TokenGrid, { length, width }: Omit<TokenGrid, "data">): TokenGrid {
  if (length === tokens.length && width === tokens.width) return tokens;
  const rows = neighbours(tokens.length, length);
  const columns = neighbours(tokens.width, width);
  const data = new Float32Array(length * width);
  for (let i = 0; i < length; i++) {
    const [above, below, down] = [rows.low[i] as number, rows.high[i] as number, rows.share[i] as number];
    for (let j = 0; j < width; j++) {
      const [left, right, across] = [columns.low[j] as number, columns.high[j] as number, columns.share[j] as number];
      const read = (row: number) => {
        const from = tokens.data[row * tokens.width + left] as number;
        return from + across * ((tokens.data[row * tokens.width + right] as number) - from);
      };
      const top = read(above);
      data[i * width + j] = top + down * (read(below) - top);
    }
  }
  return { length, width, data };
}

/** No axis longer than the limit: bins of neighbouring tokens and numbers are averaged (PyTorch's adaptive_avg_pool2d). */
export function shrinkByAveraging(tokens: TokenGrid, limit: Omit<TokenGrid, "data"> = paperSize): TokenGrid {
  const [length, width] = [Math.min(tokens.length, limit.length), Math.min(tokens.width, limit.width)];
  if (length === tokens.length && width === tokens.width) return tokens;
  const data = new Float32Array(length * width);
  const bin = (i: number, size: number, count: number) =>
    [Math.floor((i * size) / count), Math.ceil(((i + 1) * size) / count)] as const;
  for (let i = 0; i < length; i++) {
    const [top, bottom] = bin(i, tokens.length, length);
    for (let j = 0; j < width; j++) {
      const [left, right] = bin(j, tokens.width, width);
      let sum = 0;
      for (let row = top; row < bottom; row++)
        for (let column = left; column < right; column++) sum += tokens.data[row * tokens.width + column] as number;
      data[i * width + j] = sum / ((bottom - top) * (right - left));
    }
  }
  return { length, width, data };
}

/** For every place of the result the two places that it lies between, and how far towards the second. */
function neighbours(from: number, to: number) {
  const low = new Int32Array(to);
  const high = new Int32Array(to);
  const share = new Float64Array(to);
  for (let i = 0; i < to; i++) {
    const place = Math.max(0, ((i + 0.5) * from) / to - 0.5);
    low[i] = Math.min(from - 1, Math.floor(place));
    high[i] = Math.min(from - 1, (low[i] as number) + 1);
    share[i] = place - (low[i] as number);
  }
  return { low, high, share };
}
