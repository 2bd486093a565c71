/**
 * Rounding sizes up, so that few shapes are compiled. A bucket depends on the batch alone, never on earlier batches: a
 * resumed run pads as the first run did, to the last bit.
 */
import { bucketFor } from "../nn/runtime/index.ts";

/** Allowed lengths in ascending order, or the number that they are multiples of. */
export type Lengths = number | readonly number[];

/** The smallest allowed length that holds n. Throws a RangeError when a list has none. */
export function bucketLength(n: number, lengths: Lengths): number {
  return typeof lengths === "number" ? Math.max(1, Math.ceil(n / lengths)) * lengths : bucketFor(n, lengths);
}

/** n rounded up to one of four sizes an octave (..., 8, 10, 12, 14, 16, 20, ...): at most a quarter is padding. */
export function bucketCount(n: number): number {
  if (n <= 4) return n;
  const grain = 2 ** (Math.floor(Math.log2(n)) - 2);
  return Math.ceil(n / grain) * grain;
}
