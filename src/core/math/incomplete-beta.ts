/**
 * The regularised incomplete beta function, which tail probabilities of Student's t (and of F and the binomial) come down to.
 */

/**
 * I_x(a, b) for x in [0, 1] and positive a and b, to about 1e-13 (relative, also in far tails). Continued fraction of Didonato
 * and Morris (1992) in the modified Lentz form (Numerical Recipes, 3rd edition, section 6.4).
 */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (!(x >= 0 && x <= 1 && a > 0 && b > 0)) {
    throw new RangeError(`Expected x in [0, 1] and positive a and b, got x ${x}, a ${a}, b ${b}.`);
  }
  if (x === 0 || x === 1) return x;
  const logFront = a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b);
  // Each of the two fractions converges fast on its own side of the mean.
  if (x < (a + 1) / (a + b + 2)) return (Math.exp(logFront) * fraction(x, a, b)) / a;
  return 1 - (Math.exp(logFront) * fraction(1 - x, b, a)) / b;
}

/** log B(a, b) for positive a and b. */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

const lanczosShift = 7;
/** Coefficients for shift 7 and nine terms (Godfrey's tables; relative error below 1e-14). */
const lanczos: readonly number[] = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
];

/** log of the gamma function at a positive number (Lanczos). */
export function logGamma(z: number): number {
  if (!(z > 0)) throw new RangeError(`Expected a positive number, got ${z}.`);
  // Reflection keeps small arguments accurate.
  if (z < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * z)) - logGamma(1 - z);
  const x = z - 1;
  const t = x + lanczosShift + 0.5;
  const series = lanczos.reduce((sum, c, i) => (i === 0 ? c : sum + c / (x + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (x + 0.5) * Math.log(t) - t + Math.log(series);
}

function fraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  const away = (value: number) => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let value = d;
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    value *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    value *= d * c;
    if (Math.abs(d * c - 1) < 1e-15) return value;
  }
  throw new RangeError(`Expected the incomplete beta function to converge, got no limit at x ${x}, a ${a}, b ${b}.`);
}
