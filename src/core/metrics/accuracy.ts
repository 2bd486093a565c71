/**
 * Accuracy in percent, and paired differences of accuracy in points, with intervals clustered by video.
 *
 * Every question counts in the denominator: an answer that could not be read is a wrong answer here and is counted apart by
 * whoever holds the answers.
 */
import { type BootstrapOptions, clusterBootstrap, type Estimate, signTest } from "../math/index.ts";

/** One question answered: right or not, in which cluster (video), under which run (seed) where there are several. */
export type Outcome = Readonly<{ correct: boolean; cluster: string; run?: number | string }>;

/** One question answered by two models. */
export type PairedOutcome = Readonly<{ base: boolean; other: boolean; cluster: string; run?: number | string }>;

/** A difference in points; wins and losses are clusters in which the other model has more right or fewer, p their sign test. */
export type Difference = Estimate & Readonly<{ wins: number; losses: number; p: number | null }>;

/** Accuracy in percent; null of nothing. */
export function accuracy(outcomes: readonly Outcome[], options: BootstrapOptions): Estimate {
  const observations = outcomes.map(({ correct, ...where }) => ({ ...where, value: correct ? 100 : 0 }));
  return clusterBootstrap(observations, [0, 100], options);
}

/** Accuracy of `other` minus accuracy of `base` in points, over the same questions. */
export function accuracyDifference(pairs: readonly PairedOutcome[], options: BootstrapOptions): Difference {
  const observations = pairs.map(({ base, other, ...where }) => ({ ...where, value: 100 * (+other - +base) }));
  const net = new Map<string, number>();
  for (const { cluster, value } of observations) net.set(cluster, (net.get(cluster) ?? 0) + value);
  const wins = [...net.values()].filter((value) => value > 0).length;
  const losses = [...net.values()].filter((value) => value < 0).length;
  const p = pairs.length === 0 ? null : signTest(wins, losses);
  return { ...clusterBootstrap(observations, [-100, 100], options), wins, losses, p };
}

/** Percent right by guessing evenly among the options of each question; null of nothing. */
export function chanceLevel(optionCounts: readonly number[]): number | null {
  if (optionCounts.length === 0) return null;
  return (100 * optionCounts.reduce((sum, count) => sum + 1 / count, 0)) / optionCounts.length;
}
