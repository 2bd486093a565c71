/**
 * Even shares by construction: the letter of the correct option is assigned, not drawn.
 *
 * Of the values used least so far over all families, take one that this label has used least, ties by the Rng. Shares under
 * one count of options therefore differ by at most one row, whatever the number of rows.
 */
import type { Rng } from "../../core/math/index.ts";

export type Balance = { next(label: string, count: number): number };

/** Balanced draws from [0, count), one tally per group and count. */
export function balance(group: string, rng: Rng): Balance {
  const tallies = new Map<string, number[]>();
  const tally = (key: string, count: number) => {
    const counts = tallies.get(key) ?? new Array<number>(count).fill(0);
    tallies.set(key, counts);
    return counts;
  };
  return {
    next(label, count) {
      const overall = tally(`${group}/${count}`, count);
      const own = tally(`${group}/${label}/${count}`, count);
      const rarest = leastOf(
        overall,
        overall.map((_, i) => i),
      );
      const value = rng.pick(leastOf(own, rarest));
      overall[value] = (overall[value] as number) + 1;
      own[value] = (own[value] as number) + 1;
      return value;
    },
  };
}

function leastOf(counts: readonly number[], among: readonly number[]): number[] {
  const least = Math.min(...among.map((i) => counts[i] as number));
  return among.filter((i) => counts[i] === least);
}
