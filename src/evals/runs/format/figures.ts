/**
 * Figures of a run as its log records them: means with 95 % intervals that resample videos, in percent. Nothing is read anew.
 */
import { clusterBootstrap, type Estimate, Rng } from "../../../core/math/index.ts";
import { countStatuses, type Outcome, type StatusCounts } from "./outcome.ts";

/** By metric, in percent (CIDEr in hundredths). */
export type MetricEstimates = Readonly<Record<string, Estimate>>;

export type RunFigures = Readonly<{
  counts: StatusCounts;
  metrics: MetricEstimates;
  /** By grouping ("task") and group, where samples carry any. */
  groups: Readonly<Record<string, Readonly<Record<string, MetricEstimates>>>>;
}>;

export type FigureOptions = Readonly<{ seed?: number; resamples?: number }>;

/** What a mean of a metric can be at most, in percent. */
export function boundOf(metric: string): number {
  return metric === "cider" ? 1000 : 100;
}

export function figuresOf(outcomes: readonly Outcome[], options: FigureOptions = {}): RunFigures {
  const groupings = new Set(outcomes.flatMap(({ groups }) => Object.keys(groups)));
  const groups = [...groupings].map((grouping) => {
    const names = new Set(outcomes.flatMap(({ groups: own }) => own[grouping] ?? []));
    const figures = [...names].map((name) => {
      const own = outcomes.filter(({ groups: each }) => each[grouping] === name);
      return [name, estimatesOf(own, `${grouping}/${name}`, options)] as const;
    });
    return [grouping, Object.fromEntries(figures)] as const;
  });
  return {
    counts: countStatuses(outcomes),
    metrics: estimatesOf(outcomes, "all", options),
    groups: Object.fromEntries(groups),
  };
}

function estimatesOf(
  outcomes: readonly Outcome[],
  label: string,
  { seed = 0, resamples = 1000 }: FigureOptions,
): MetricEstimates {
  const metrics = new Set(outcomes.flatMap(({ values }) => Object.keys(values)));
  const rng = new Rng(`run/${seed}`).fork(label);
  const estimates = [...metrics].map((metric) => {
    const observations = outcomes.flatMap(({ values, video }) => {
      const value = values[metric];
      return typeof value === "number" ? [{ value: 100 * value, cluster: video }] : [];
    });
    const options = { rng: rng.fork(metric), resamples };
    return [metric, clusterBootstrap(observations, [0, boundOf(metric)], options)] as const;
  });
  return Object.fromEntries(estimates);
}
