/** Weights on the straight line between two checkpoints of one model (Wortsman et al. 2022, arXiv 2109.01903: WiSE-FT). */
import type { TensorData, Weights } from "../checkpoint/index.ts";

/**
 * `share` 0 is `from`, 1 is `to`. A model that stops a little short of where fine-tuning led it keeps more of what it knew before.
 * Throws RangeError where the two do not hold the same tensors.
 */
export function weightsBetween(from: Weights, to: Weights, share: number): Map<string, TensorData> {
  const lacking = [...from.keys()].find((name) => !to.has(name));
  if (lacking !== undefined)
    throw new RangeError(`Expected "${lacking}" in both checkpoints, got it in the first alone.`);
  return new Map(
    [...to].map(([name, end]) => {
      const start = from.get(name);
      if (start?.shape.join() !== end.shape.join())
        throw new RangeError(
          `Expected "${name}" with [${end.shape}] in both checkpoints, got [${start?.shape ?? ""}].`,
        );
      const data = Float32Array.from(end.data, (value, i) => {
        const origin = start.data[i] as number;
        return origin + share * (value - origin);
      });
      return [name, { shape: end.shape, data }];
    }),
  );
}
