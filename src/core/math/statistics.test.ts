/** Oracles: enumeration of every resample, closed forms, exact binomial sums in integers, and a small coverage simulation. */
import { expect, test } from "vitest";
import { clusterBootstrap, type Observation } from "./cluster-bootstrap.ts";
import { Rng } from "./rng.ts";
import { signTest } from "./sign-test.ts";
import { mean, quantile } from "./statistics.ts";

const unit = [0, 1] as const;

test("a summary of nothing is null with n 0", () => {
  expect(mean([])).toBeNull();
  expect(clusterBootstrap([], unit, { rng: new Rng(1) })).toEqual({
    n: 0,
    clusters: 0,
    value: null,
    low: null,
    high: null,
  });
});

test("quantiles of evenly spaced values are themselves evenly spaced", () => {
  for (const q of [0, 0.1, 0.25, 0.5, 0.975, 1]) expect(quantile([0, 1, 2, 3, 4], q)).toBeCloseTo(4 * q, 12);
});

/** Clusters of unequal size; every one of the 4^4 equally likely draws, weighed as the bootstrap weighs them. */
const uneven: Observation[] = [1, 1, 0, 1, 0, 0, 0, 1, 1, 1].map((value, i) => ({
  value,
  cluster: "aabbbcccdd"[i] as string,
}));

function everyResample(observations: readonly Observation[]): number[] {
  const ids = [...new Set(observations.map(({ cluster }) => cluster))];
  const means: number[] = [];
  for (let draw = 0; draw < ids.length ** ids.length; draw++) {
    const chosen = ids.map((_, i) => ids[Math.floor(draw / ids.length ** i) % ids.length]);
    const values = chosen.flatMap((id) =>
      observations.filter(({ cluster }) => cluster === id).map(({ value }) => value),
    );
    means.push(mean(values) as number);
  }
  return means.sort((a, b) => a - b);
}

test("the interval is that of the enumerated bootstrap distribution", () => {
  const exact = everyResample(uneven);
  for (const level of [0.5, 0.8, 0.95]) {
    const estimate = clusterBootstrap(uneven, unit, { rng: new Rng(3), resamples: 20_000, level });
    expect(estimate.value).toBeCloseTo(mean(uneven.map(({ value }) => value)) as number, 12);
    // The distribution has steps of several hundredths; the sampled quantile lands on the same step.
    expect(estimate.low).toBeCloseTo(quantile(exact, (1 - level) / 2), 1);
    expect(estimate.high).toBeCloseTo(quantile(exact, (1 + level) / 2), 1);
  }
});

test("with one observation a cluster the width is the normal one of a proportion", () => {
  const flips = new Rng("flips");
  const rows = Array.from({ length: 400 }, (_, i) => ({ value: Number(flips.chance(0.6)), cluster: `v${i}` }));
  const { value, low, high } = clusterBootstrap(rows, unit, { rng: new Rng(5), resamples: 8000 }) as Required<
    Record<"value" | "low" | "high", number>
  >;
  const width = 2 * 1.959964 * Math.sqrt((value * (1 - value)) / 400);
  expect((high - low) / width).toBeGreaterThan(0.93);
  expect((high - low) / width).toBeLessThan(1.07);
});

test("copies of a question inside its video add nothing to what is known", () => {
  const flips = new Rng("copies");
  const rows = Array.from({ length: 60 }, (_, i) => ({ value: Number(flips.chance(0.5)), cluster: `v${i}` }));
  const once = clusterBootstrap(rows, unit, { rng: new Rng(1) });
  const fivefold = clusterBootstrap([...rows, ...rows, ...rows, ...rows, ...rows], unit, { rng: new Rng(1) });
  expect({ ...fivefold, n: once.n }).toEqual(once);
});

test("the same videos under identical runs are no more videos; runs that differ widen the interval", () => {
  const flips = new Rng("runs");
  const rows = Array.from({ length: 80 }, (_, i) => ({ value: Number(flips.chance(0.5)), cluster: `v${i}` }));
  const width = (observations: Observation[]) => {
    const { low, high } = clusterBootstrap(observations, unit, { rng: new Rng(2), resamples: 4000 });
    return (high as number) - (low as number);
  };
  const alone = width(rows);
  const repeated = width([0, 1, 2].flatMap((run) => rows.map((row) => ({ ...row, run }))));
  expect(repeated / alone).toBeGreaterThan(0.93);
  const spread = [0, 0.2, 0.4].flatMap((shift, run) =>
    rows.map((row) => ({ ...row, value: row.value * (1 - shift), run })),
  );
  expect(width(spread)).toBeGreaterThan(1.15 * width(spread.map(({ run: _, ...row }) => row)));
});

test("unanimous clusters keep the exact binomial bound instead of a width of zero", () => {
  for (const clusters of [1, 10, 200]) {
    const rows = Array.from({ length: clusters }, (_, i) => ({ value: 1, cluster: `v${i}` }));
    const { low, high } = clusterBootstrap(rows, unit, { rng: new Rng(1) });
    // Clopper-Pearson with every trial a success: low solves low^clusters = 0.025.
    expect((low as number) ** clusters).toBeCloseTo(0.025, 10);
    expect(high).toBe(1);
  }
  const ties = Array.from({ length: 50 }, (_, i) => ({ value: 0, cluster: `v${i}` }));
  const { low, high } = clusterBootstrap(ties, [-1, 1], { rng: new Rng(1) });
  expect(low).toBeCloseTo(-(high as number), 12);
  expect(high).toBeGreaterThan(0);
});

test("95 % intervals cover the truth in about 95 % of simulated benchmarks with correlated questions", () => {
  const rng = new Rng("coverage");
  const rounds = 300;
  let covered = 0;
  for (let round = 0; round < rounds; round++) {
    // Per video an ability of 0.4 or 0.9 in equal parts, 6 questions a video: the truth is 0.65.
    const rows = Array.from({ length: 60 }, (_, i) => ({
      cluster: `v${i}`,
      ability: rng.chance(0.5) ? 0.4 : 0.9,
    })).flatMap(({ cluster, ability }) =>
      Array.from({ length: 6 }, () => ({ cluster, value: Number(rng.chance(ability)) })),
    );
    const { low, high } = clusterBootstrap(rows, unit, { rng, resamples: 400 });
    if ((low as number) <= 0.65 && 0.65 <= (high as number)) covered++;
  }
  expect(covered / rounds).toBeGreaterThan(0.9);
  expect(covered / rounds).toBeLessThan(0.985);
});

test("the same seed gives the same interval", () => {
  const once = clusterBootstrap(uneven, unit, { rng: new Rng(9) });
  expect(clusterBootstrap(uneven, unit, { rng: new Rng(9) })).toEqual(once);
});

test("the sign test equals the binomial sum in integers", () => {
  for (const [wins, losses] of [
    [0, 0],
    [5, 0],
    [7, 3],
    [3, 7],
    [12, 12],
    [40, 25],
  ] as const) {
    const n = wins + losses;
    let choose = 1n;
    let sum = 0n;
    for (let k = 0; k <= Math.min(wins, losses); k++) {
      sum += choose;
      choose = (choose * BigInt(n - k)) / BigInt(k + 1);
    }
    const exact = Math.min(1, Number((2n * sum * 10n ** 15n) / 2n ** BigInt(n)) / 1e15);
    expect(signTest(wins, losses)).toBeCloseTo(exact, 10);
  }
  expect(signTest(3000, 0)).toBe(0);
  expect(signTest(1500, 1500)).toBe(1);
});
