/**
 * What bootstraps share: clusters and runs as indices, and a draw of them with replacement.
 */
import type { Rng } from "./rng.ts";

/** How often each of n things is drawn in n draws with replacement. */
export function drawCounts(n: number, rng: Rng): Int32Array {
  const counts = new Int32Array(n);
  for (let i = 0; i < n; i++) {
    const drawn = rng.below(n);
    counts[drawn] = (counts[drawn] as number) + 1;
  }
  return counts;
}

/** The index of a key, in the order in which keys are first met; `known` is added to. */
export function indexOf<K>(known: Map<K, number>, key: K): number {
  const index = known.get(key) ?? known.size;
  known.set(key, index);
  return index;
}
