/**
 * A mean with a bootstrap interval, where observations of one cluster (the questions of one video) are not independent.
 *
 * Clusters are resampled, never observations. With several runs (training seeds) over the same clusters, runs are resampled
 * too and a cell weighs the product of its two draws: the pigeonhole bootstrap of crossed factors (Owen 2007, Annals of
 * Applied Statistics 1:386), which errs on the wide side for clusters. Drawing clusters anew inside every run would count one
 * video seen under three seeds as three videos. Two or three runs say little about all possible seeds: their share of the
 * interval hardly reaches past the worst and the best run. Simulated, 120 clusters of 4, nominal 95 %: one run 95 % covered;
 * three runs with a spread (standard deviation) of 0, 3 and 6 points 99, 94 and 85 %. With one run the interval is about new
 * clusters only.
 */

import { drawCounts, indexOf } from "./resample.ts";
import type { Rng } from "./rng.ts";
import { quantile } from "./statistics.ts";

/** One value; a cluster id names the same cluster in every run. */
export type Observation = Readonly<{ value: number; cluster: string; run?: number | string }>;

/** A mean over n observations in `clusters` clusters with its interval; all null where n is 0. */
export type Estimate = Readonly<{
  n: number;
  clusters: number;
  value: number | null;
  low: number | null;
  high: number | null;
}>;

export type BootstrapOptions = Readonly<{ rng: Rng; resamples?: number; level?: number }>;

type Cells = Readonly<{ run: Int32Array; cluster: Int32Array; sum: Float64Array; count: Float64Array }>;

/** The mean over observations and its percentile interval. `bounds` are the smallest and largest value possible. */
export function clusterBootstrap(
  observations: readonly Observation[],
  bounds: readonly [number, number],
  { rng, resamples = 2000, level = 0.95 }: BootstrapOptions,
): Estimate {
  const n = observations.length;
  if (n === 0) return { n, clusters: 0, value: null, low: null, high: null };
  if (!(resamples >= 100 && level > 0 && level < 1)) {
    throw new RangeError(`Expected at least 100 resamples and a level in (0, 1), got ${resamples} and ${level}.`);
  }
  const { cells, runs, clusters } = aggregate(observations);
  const value = total(cells.sum) / n;
  const tail = (1 - level) / 2;
  const means = cells.sum.map((sum, i) => sum / (cells.count[i] as number));
  const spread = Math.max(...means) - Math.min(...means);
  if (clusters === 1 || spread === 0) {
    return { n, clusters, value, ...constantInterval(value, clusters, bounds, tail) };
  }
  const draws = new Float64Array(resamples);
  for (let i = 0; i < resamples; i++) draws[i] = resampledMean(cells, runs, clusters, rng);
  draws.sort();
  return { n, clusters, value, low: quantile(draws, tail), high: quantile(draws, 1 - tail) };
}

function resampledMean(cells: Cells, runs: number, clusters: number, rng: Rng): number {
  for (;;) {
    const runWeights = runs === 1 ? undefined : drawCounts(runs, rng);
    const clusterWeights = drawCounts(clusters, rng);
    let sum = 0;
    let count = 0;
    for (let i = 0; i < cells.sum.length; i++) {
      const weight =
        (clusterWeights[cells.cluster[i] as number] as number) * (runWeights?.[cells.run[i] as number] ?? 1);
      sum += weight * (cells.sum[i] as number);
      count += weight * (cells.count[i] as number);
    }
    // Runs with clusters of their own can miss each other in a draw; such a draw has no mean.
    if (count > 0) return sum / count;
  }
}

/**
 * Where every cluster says the same, resampling gives a width of zero. Instead: a share of at most 1 - tail^(1/clusters) of
 * all clusters can differ unseen (the exact binomial bound, "rule of three"), by as much as the bounds allow.
 */
function constantInterval(value: number, clusters: number, bounds: readonly [number, number], tail: number) {
  const unseen = 1 - tail ** (1 / clusters);
  return { low: value - unseen * (value - bounds[0]), high: value + unseen * (bounds[1] - value) };
}

function aggregate(observations: readonly Observation[]): { cells: Cells; runs: number; clusters: number } {
  const runs = new Map<number | string, number>();
  const clusters = new Map<string, number>();
  const cells = new Map<string, { run: number; cluster: number; sum: number; count: number }>();
  for (const { value, cluster, run = 0 } of observations) {
    const r = indexOf(runs, run);
    const c = indexOf(clusters, cluster);
    const key = `${r}/${c}`;
    const cell = cells.get(key) ?? { run: r, cluster: c, sum: 0, count: 0 };
    cell.sum += value;
    cell.count += 1;
    cells.set(key, cell);
  }
  const list = [...cells.values()];
  return {
    cells: {
      run: Int32Array.from(list, (cell) => cell.run),
      cluster: Int32Array.from(list, (cell) => cell.cluster),
      sum: Float64Array.from(list, (cell) => cell.sum),
      count: Float64Array.from(list, (cell) => cell.count),
    },
    runs: runs.size,
    clusters: clusters.size,
  };
}

function total(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0);
}
