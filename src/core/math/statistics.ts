/** Summaries of plain lists of numbers. A summary of nothing is null. */

/** The mean, or null of nothing. */
export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The q-quantile of ascending values, linear between neighbours (type 7 of Hyndman and Fan 1996). Throws on nothing. */
export function quantile(ascending: ArrayLike<number>, q: number): number {
  if (ascending.length === 0 || !(q >= 0 && q <= 1)) {
    throw new RangeError(
      `Expected a quantile in [0, 1] of at least one value, got ${q} of ${ascending.length} values.`,
    );
  }
  const position = q * (ascending.length - 1);
  const below = Math.floor(position);
  const low = ascending[below] as number;
  const high = ascending[Math.min(below + 1, ascending.length - 1)] as number;
  return low + (position - below) * (high - low);
}
