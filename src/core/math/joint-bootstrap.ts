/**
 * Intervals of figures that are made of several means at once, such as the smaller of two means minus a third.
 *
 * One draw of clusters (videos) and runs (seeds) weighs every mean alike, so that what the arms have in common, the same videos,
 * stays in common: clusterBootstrap for a vector of means.
 */

import { drawCounts, indexOf } from "./resample.ts";
import type { Rng } from "./rng.ts";
import { quantile } from "./statistics.ts";

/** One value of the mean `measure`; a cluster id names the same cluster in every measure. */
export type JointObservation = Readonly<{ measure: string; cluster: string; run?: number; value: number }>;

/** The mean of a measure; NaN of nothing. */
export type MeanOf = (measure: string) => number;

export type JointEstimate = Readonly<{ value: number | null; low: number | null; high: number | null; spread: number }>;

export type JointOptions = Readonly<{ rng: Rng; resamples?: number; level?: number }>;

type Cell = { cluster: number; run: number; sum: number; count: number };

/**
 * For every figure that `figures` computes of the means: its value, the percentile interval, and the spread of its draws. Null
 * where a figure is NaN, for want of observations. Draws in which a measure has none are drawn again.
 */
export function jointBootstrap<Name extends string>(
  observations: readonly JointObservation[],
  figures: (mean: MeanOf) => Readonly<Record<Name, number>>,
  { rng, resamples = 2000, level = 0.95 }: JointOptions,
): Record<Name, JointEstimate> {
  const clusters = new Map<string, number>();
  const runs = new Map<number, number>();
  const cells = new Map<string, Map<string, Cell>>();
  for (const { measure, cluster, run, value } of observations) {
    const c = indexOf(clusters, cluster);
    // Measures of a single run stand apart from those of several: no draw of runs moves them.
    const r = run === undefined ? -1 : indexOf(runs, run);
    const own = cells.get(measure) ?? new Map<string, Cell>();
    cells.set(measure, own);
    const cell = own.get(`${c}/${r}`) ?? { cluster: c, run: r, sum: 0, count: 0 };
    cell.sum += value;
    cell.count += 1;
    own.set(`${c}/${r}`, cell);
  }
  const measures = [...cells].map(([measure, own]) => ({ measure, ...columnsOf([...own.values()]) }));
  const meansOf = (clusterWeights?: Int32Array, runWeights?: Int32Array): Map<string, number> => {
    const means = new Map<string, number>();
    for (const { measure, cluster, run, sums, counts } of measures) {
      let sum = 0;
      let count = 0;
      for (let i = 0; i < sums.length; i++) {
        const seed = (run[i] as number) < 0 ? 1 : (runWeights?.[run[i] as number] ?? 1);
        const weight = seed * (clusterWeights?.[cluster[i] as number] ?? 1);
        sum += weight * (sums[i] as number);
        count += weight * (counts[i] as number);
      }
      means.set(measure, sum / count);
    }
    return means;
  };
  const evaluate = (means: ReadonlyMap<string, number>) => figures((measure) => means.get(measure) ?? Number.NaN);
  const point = evaluate(meansOf());
  const names = Object.keys(point) as Name[];
  const draws = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let i = 0; i < resamples && clusters.size > 0; ) {
    const means = meansOf(drawCounts(clusters.size, rng), runs.size > 1 ? drawCounts(runs.size, rng) : undefined);
    if ([...means.values()].some(Number.isNaN)) continue;
    const drawn = evaluate(means);
    for (const name of names) draws[name].push(drawn[name]);
    i++;
  }
  const tail = (1 - level) / 2;
  const estimates = names.map((name): [Name, JointEstimate] => {
    if (!Number.isFinite(point[name])) return [name, { value: null, low: null, high: null, spread: 0 }];
    const sorted = Float64Array.from(draws[name]).sort();
    const [low, high] = [quantile(sorted, tail), quantile(sorted, 1 - tail)];
    return [name, { value: point[name], low, high, spread: (sorted.at(-1) as number) - (sorted[0] as number) }];
  });
  return Object.fromEntries(estimates) as Record<Name, JointEstimate>;
}

/** Cells by column, which the many passes over them read several times faster. */
function columnsOf(cells: readonly Cell[]) {
  return {
    cluster: Int32Array.from(cells, (cell) => cell.cluster),
    run: Int32Array.from(cells, (cell) => cell.run),
    sums: Float64Array.from(cells, (cell) => cell.sum),
    counts: Float64Array.from(cells, (cell) => cell.count),
  };
}
