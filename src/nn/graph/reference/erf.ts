/**
 * The error function to double precision: Taylor series near zero, continued fraction (Abramowitz and Stegun 7.1.14)
 * beyond.
 */
export function erf(x: number): number {
  const a = Math.abs(x);
  return Math.sign(x) * (a < 2.5 ? series(a) : 1 - complement(a));
}

/** 2 / sqrt(pi) exp(-a^2) sum_n 2^n a^(2n+1) / (1 3 5 ... (2n+1)); all terms positive, so no cancellation. */
function series(a: number): number {
  let term = a;
  let sum = a;
  for (let n = 1; term > sum * 1e-17; n++) {
    term *= (2 * a * a) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-a * a) * sum;
}

/** exp(-a^2) / sqrt(pi) / (a + (1/2) / (a + 1 / (a + (3/2) / (a + ...)))). */
function complement(a: number): number {
  let fraction = a;
  for (let k = 80; k >= 1; k--) fraction = a + k / 2 / fraction;
  return Math.exp(-a * a) / Math.sqrt(Math.PI) / fraction;
}
