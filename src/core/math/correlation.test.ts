/**
 * Oracles: small cases by hand, closed forms of Student's t, integration of its density, all permutations, and the figure of
 * T3 (arXiv 2410.06166, Fig. 5) read off by eye.
 */
import { expect, test } from "vitest";
import { type Correlation, pearson, ranks, regressionLine, spearman } from "./correlation.ts";
import { incompleteBeta, logGamma } from "./incomplete-beta.ts";
import { Rng } from "./rng.ts";

type Known = { [K in keyof Correlation]: number };

test("gamma of whole numbers is the factorial, of one half the root of pi", () => {
  let factorial = 1;
  for (let n = 1; n < 60; n++) {
    expect(logGamma(n) - Math.log(factorial)).toBeCloseTo(0, 11);
    factorial *= n;
  }
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13);
  expect(logGamma(0.01) - (logGamma(1.01) - Math.log(0.01))).toBeCloseTo(0, 12);
});

test("the incomplete beta function is the binomial tail at whole numbers, and symmetric", () => {
  const rng = new Rng("beta");
  for (let i = 0; i < 200; i++) {
    const [a, b, x] = [rng.integer(1, 12), rng.integer(1, 12), rng.uniform(0.001, 0.999)];
    const n = a + b - 1;
    let tail = 0;
    let choose = 1;
    for (let k = 0; k <= n; k++) {
      if (k >= a) tail += choose * x ** k * (1 - x) ** (n - k);
      choose = (choose * (n - k)) / (k + 1);
    }
    expect(incompleteBeta(x, a, b) / tail).toBeCloseTo(1, 11);
    expect(incompleteBeta(x, a + 0.5, b)).toBeCloseTo(1 - incompleteBeta(1 - x, b, a + 0.5), 12);
  }
  expect([incompleteBeta(0, 2, 3), incompleteBeta(1, 2, 3)]).toEqual([0, 1]);
  expect(() => incompleteBeta(1.2, 1, 1)).toThrow(/x in \[0, 1\]/);
});

test("a case by hand: (1, 2, 3, 4) against (1, 3, 2, 4)", () => {
  // Sums about the means: xx = 5, yy = 5, xy = 4, so r = 4/5; df = 2, where P(|t| > t0) = 1 - t0 / sqrt(2 + t0^2) = 1 - |r|.
  const { n, r, p, low, high } = pearson([1, 2, 3, 4], [1, 3, 2, 4]) as Known;
  expect([n, r, p].map((value) => Number(value.toFixed(12)))).toEqual([4, 0.8, 0.2]);
  expect(Math.atanh(high) - Math.atanh(low)).toBeCloseTo(2 * 1.959964, 5);
  expect(spearman([1, 2, 3, 4], [1, 3, 2, 4]).r).toBeCloseTo(0.8, 12);
  expect(regressionLine([1, 2, 3, 4], [1, 3, 2, 4])).toEqual({ slope: 0.8, intercept: 0.5 });
});

test("with three points p is the arc cosine law of one degree of freedom", () => {
  const rng = new Rng("three");
  for (let i = 0; i < 50; i++) {
    const [xs, ys] = [1, 2].map(() => [rng.normal(), rng.normal(), rng.normal()]) as [number[], number[]];
    const { r, p, low } = pearson(xs, ys);
    expect(p).toBeCloseTo((2 / Math.PI) * Math.acos(Math.abs(r as number)), 10);
    expect(low).toBeNull();
  }
});

/** P(|t| > t0) by Simpson's rule over the density's angle: t = sqrt(df) tan(angle) makes it cos^(df - 1). */
function tailByIntegration(r: number, df: number): number {
  const steps = 20_000;
  const simpson = (from: number) => {
    const h = (Math.PI / 2 - from) / steps;
    let sum = 0;
    for (let i = 0; i <= steps; i++) {
      sum += (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2) * Math.cos(from + i * h) ** (df - 1);
    }
    return (sum * h) / 3;
  };
  return simpson(Math.asin(Math.abs(r))) / simpson(0);
}

test("p equals the integral of Student's density", () => {
  const rng = new Rng("integral");
  for (const n of [4, 5, 8, 12, 30, 101]) {
    const xs = Array.from({ length: n }, () => rng.normal());
    for (const weight of [0, 0.3, 1, 3]) {
      const { r, p } = pearson(
        xs,
        xs.map((x) => weight * x + rng.normal()),
      ) as Known;
      expect(p).toBeCloseTo(tailByIntegration(r, n - 2), 8);
    }
  }
});

test("p is near the share of all permutations that correlate as strongly", () => {
  const permutations = (values: readonly number[]): number[][] =>
    values.length < 2
      ? [[...values]]
      : values.flatMap((value, i) => permutations(values.filter((_, j) => j !== i)).map((rest) => [value, ...rest]));
  const rng = new Rng("permutations");
  for (let round = 0; round < 4; round++) {
    const xs = Array.from({ length: 7 }, () => rng.normal());
    const ys = xs.map((x) => 0.6 * x + rng.normal());
    for (const correlate of [pearson, spearman]) {
      const { r, p } = correlate(xs, ys) as Known;
      const all = permutations(ys).map((order) => Math.abs(correlate(xs, order).r as number));
      const share = all.filter((other) => other >= Math.abs(r) - 1e-12).length / all.length;
      expect(Math.abs(share - p)).toBeLessThan(0.05);
    }
  }
});

test("T3's figure: twelve models, r about 0.89 and p about 1.16e-4", () => {
  // Five of the twelve lie between 82 and 85 on the text axis; their exact places cannot be read off.
  const [text, video] = [
    [38.1, 46.6, 69.6, 77.6, 82, 82.75, 83.5, 84.25, 85, 86.2, 89.9, 94.7],
    [41.0, 54.2, 57.2, 61.0, 59.5, 59.6, 59.7, 59.6, 59.8, 60.6, 60.4, 61.2],
  ] as [number[], number[]];
  const { n, r, p } = pearson(text, video) as Known;
  expect(n).toBe(12);
  expect(Math.abs(r - 0.89)).toBeLessThan(0.01);
  expect(p / 1.16e-4).toBeGreaterThan(0.6);
  expect(p / 1.16e-4).toBeLessThan(1.6);
  // All three published pairs of r (two digits) and p fit n = 12.
  for (const [published, value] of [
    [0.89, 1.16e-4],
    [0.85, 4.31e-4],
    [0.59, 4.32e-2],
  ] as const) {
    expect(tailByIntegration(published + 0.005, 10)).toBeLessThan(value);
    expect(tailByIntegration(published - 0.005, 10)).toBeGreaterThan(value);
  }
});

test("r knows nothing of units, and changes sign with an axis; ranks know nothing of monotone curves", () => {
  const rng = new Rng("units");
  const xs = Array.from({ length: 20 }, () => rng.normal());
  const ys = xs.map((x) => x + rng.normal());
  const { r } = pearson(xs, ys) as Known;
  expect(
    pearson(
      xs.map((x) => 3 * x - 7),
      ys,
    ).r,
  ).toBeCloseTo(r, 12);
  expect(
    pearson(
      xs.map((x) => -x),
      ys,
    ).r,
  ).toBeCloseTo(-r, 12);
  expect(spearman(xs.map(Math.exp), ys)).toEqual(spearman(xs, ys));
});

test("Fisher's interval covers a true correlation of 0.6 in about 95 % of samples", () => {
  const rng = new Rng("coverage");
  const rounds = 1500;
  let covered = 0;
  for (let round = 0; round < rounds; round++) {
    const xs = Array.from({ length: 15 }, () => rng.normal());
    const { low, high } = pearson(
      xs,
      xs.map((x) => 0.6 * x + 0.8 * rng.normal()),
    ) as Known;
    if (low <= 0.6 && 0.6 <= high) covered++;
  }
  expect(covered / rounds).toBeGreaterThan(0.93);
  expect(covered / rounds).toBeLessThan(0.97);
});

test("ties share their mean rank", () => {
  expect(ranks([10, 30, 20, 20, 5, 20])).toEqual([2, 6, 4, 4, 1, 4]);
  expect(ranks([])).toEqual([]);
});

test("a correlation of nothing, or with a constant, is null; a perfect line is certain", () => {
  expect(pearson([], [])).toEqual({ n: 0, r: null, p: null, low: null, high: null });
  expect(pearson([1, 2], [5, 6])).toMatchObject({ n: 2, p: null });
  expect(pearson([0.1, 0.1, 0.1], [1, 2, 3])).toMatchObject({ n: 3, r: null, p: null });
  expect(pearson([1, 2, 3, 4], [-2, -4, -6, -8])).toEqual({ n: 4, r: -1, p: 0, low: -1, high: -1 });
  expect(regressionLine([2, 2], [1, 3])).toBeNull();
  expect(() => pearson([1, 2], [1])).toThrow(/got 2 and 1/);
  expect(() => pearson([1, Number.NaN], [1, 2])).toThrow(/finite values, got NaN/);
});
