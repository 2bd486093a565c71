/**
 * A seeded shuffle of [0, n) that takes no memory: where does place i come from?
 *
 * Small n are shuffled in an array. Large n go through a Feistel network over the next power of four, walked until the value
 * lies below n again (cycle walking: Black and Rogaway 2002), so that ten million rows need no list of ten million numbers.
 */
import type { Rng } from "../core/math/index.ts";

const LISTED = 1 << 16;
const ROUNDS = 8;

/** A bijection of [0, n) for n up to 2^32. */
export function permutation(n: number, rng: Rng): (i: number) => number {
  if (!(Number.isInteger(n) && n >= 0 && n <= 2 ** 32)) throw new RangeError(`Expected a size up to 2^32, got ${n}.`);
  if (n <= LISTED) {
    const order = rng.shuffle(Array.from({ length: n }, (_, i) => i));
    return (i) => order[i] as number;
  }
  const half = Math.ceil(Math.log2(n) / 2);
  const mask = 2 ** half - 1;
  const keys = Array.from({ length: ROUNDS }, () => rng.uint32());
  const encrypt = (value: number) => {
    let [left, right] = [Math.floor(value / 2 ** half), value & mask];
    for (const key of keys) [left, right] = [right, left ^ (mixed(right ^ key) & mask)];
    return left * 2 ** half + right;
  };
  return (i) => {
    let value = encrypt(i);
    while (value >= n) value = encrypt(value);
    return value;
  };
}

/** The finaliser of MurmurHash3: every bit of the input reaches every bit of the output. */
function mixed(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
