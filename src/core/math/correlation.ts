/**
 * Do two lists of numbers go together? Pearson's r and Spearman's rho, each with a two-sided p value and a 95 % interval.
 *
 * p is that of Student's t with n - 2 degrees of freedom, as published correlations have it: exact for normal pairs (Pearson),
 * an approximation for ranks and small n. The interval is Fisher's z.
 */
import { incompleteBeta } from "./incomplete-beta.ts";
import { mean } from "./statistics.ts";

/**
 * r is null below two points or where one list is constant; p is null below three points; the interval is null below four, and
 * at r = 1 or -1 it has no width.
 */
export type Correlation = Readonly<{
  n: number;
  r: number | null;
  p: number | null;
  low: number | null;
  high: number | null;
}>;

/** A least-squares line y = slope x + intercept; null where all x are equal or there is none. */
export type Line = Readonly<{ slope: number; intercept: number }>;

/** The 0.975 quantile of the standard normal distribution. */
const normalQuantile975 = 1.959963984540054;

/** Pearson's product-moment correlation of paired values. Throws a RangeError where the lists differ in length. */
export function pearson(xs: readonly number[], ys: readonly number[]): Correlation {
  const r = productMoment(xs, ys);
  return withInterval(r, xs.length, 1);
}

/** Spearman's rank correlation; ties share their mean rank. Its Fisher interval has Bonett and Wright's (2000) wider variance. */
export function spearman(xs: readonly number[], ys: readonly number[]): Correlation {
  const r = productMoment(ranks(xs), ranks(ys));
  return withInterval(r, xs.length, r === null ? 1 : 1 + r ** 2 / 2);
}

/** The least-squares line through paired values. */
export function regressionLine(xs: readonly number[], ys: readonly number[]): Line | null {
  const { meanX, meanY, xx, xy } = moments(xs, ys);
  if (!(xx > 0)) return null;
  const slope = xy / xx;
  return { slope, intercept: meanY - slope * meanX };
}

/** Ranks from 1 on; equal values share the mean of their ranks. */
export function ranks(values: readonly number[]): number[] {
  const order = values.map((_, i) => i).sort((a, b) => (values[a] as number) - (values[b] as number));
  const out = new Array<number>(values.length).fill(0);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end] as number] === values[order[start] as number]) end++;
    for (const i of order.slice(start, end)) out[i] = (start + 1 + end) / 2;
    start = end;
  }
  return out;
}

function productMoment(xs: readonly number[], ys: readonly number[]): number | null {
  const { xx, yy, xy } = moments(xs, ys);
  if (!(xx > 0 && yy > 0)) return null;
  // Rounding can leave a perfect line a hair beyond 1.
  return Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy)));
}

/** Sums of squares and products about the means. */
function moments(xs: readonly number[], ys: readonly number[]) {
  if (xs.length !== ys.length) {
    throw new RangeError(`Expected as many x as y values, got ${xs.length} and ${ys.length}.`);
  }
  if (![...xs, ...ys].every(Number.isFinite)) {
    throw new RangeError(
      `Expected finite values, got ${[...xs, ...ys].filter((v) => !Number.isFinite(v)).join(", ")}.`,
    );
  }
  const [meanX, meanY] = [mean(xs) ?? 0, mean(ys) ?? 0];
  // A constant list has no spread, whatever rounding its mean leaves.
  const spread = (values: readonly number[]) => values.some((value) => value !== values[0]);
  const sum = (term: (i: number) => number) => xs.reduce((total, _, i) => total + term(i), 0);
  const dx = (i: number) => (xs[i] as number) - meanX;
  const dy = (i: number) => (ys[i] as number) - meanY;
  return {
    meanX,
    meanY,
    xx: spread(xs) ? sum((i) => dx(i) ** 2) : 0,
    yy: spread(ys) ? sum((i) => dy(i) ** 2) : 0,
    xy: sum((i) => dx(i) * dy(i)),
  };
}

function withInterval(r: number | null, n: number, variance: number): Correlation {
  if (r === null) return { n, r, p: null, low: null, high: null };
  const p = n < 3 ? null : incompleteBeta(1 - r ** 2, (n - 2) / 2, 0.5);
  if (n < 4) return { n, r, p, low: null, high: null };
  const reach = normalQuantile975 * Math.sqrt(variance / (n - 3));
  const z = Math.atanh(r);
  return { n, r, p, low: Math.tanh(z - reach), high: Math.tanh(z + reach) };
}
