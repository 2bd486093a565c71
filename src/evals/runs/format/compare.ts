/**
 * Two runs over the same samples, sample by sample: what they have in common, how far apart they are, and whether that is more
 * than chance.
 */
import { clusterBootstrap, type Estimate, Rng, signTest } from "../../../core/math/index.ts";
import { boundOf } from "./figures.ts";
import type { Outcome } from "./outcome.ts";

export type Comparison = Readonly<{
  metric: string;
  /** Samples that both runs have, with the same annotation and a value in both. */
  n: number;
  /** Samples of one run only. */
  onlyA: number;
  onlyB: number;
  /** Common samples whose annotation differs, and those without a value in one of the runs: left out. */
  changed: number;
  uncounted: number;
  /** Over the n common samples, in percent. */
  a: Estimate;
  b: Estimate;
  /** B minus A in points, paired, with an interval that resamples videos. */
  difference: Estimate;
  /** Videos in which B is ahead or behind, and their two-sided sign test. */
  videos: Readonly<{ ahead: number; behind: number; p: number | null }>;
  /** Where every value is right or wrong: the fourfold table and McNemar's exact test, which takes samples for independent. */
  mcnemar: Readonly<{ both: number; onlyA: number; onlyB: number; neither: number; p: number | null }> | null;
  /** Unparsed among the common samples. */
  unparsed: Readonly<{ a: number; b: number }>;
}>;

export type CompareOptions = Readonly<{ metric: string; seed?: number; resamples?: number }>;

/** Compare two runs in a metric of theirs. Of nothing in common, figures are null. */
export function compareOutcomes(
  a: readonly Outcome[],
  b: readonly Outcome[],
  { metric, seed = 0, resamples = 2000 }: CompareOptions,
): Comparison {
  const others = new Map(b.map((outcome) => [outcome.id, outcome]));
  const common = a.flatMap((own) => {
    const other = others.get(own.id);
    return other ? [{ own, other }] : [];
  });
  const same = common.filter(({ own, other }) => own.docHash === other.docHash);
  const pairs = same.flatMap(({ own, other }) => {
    const [x, y] = [own.values[metric], other.values[metric]];
    if (typeof x !== "number" || typeof y !== "number") return [];
    return [{ x, y, cluster: own.video, unparsed: [own.status, other.status].map((status) => status === "unparsed") }];
  });
  const rng = new Rng(`compare/${seed}`).fork(metric);
  const bound = boundOf(metric);
  const estimate = (label: string, value: (pair: (typeof pairs)[0]) => number, low: number): Estimate => {
    const observations = pairs.map((pair) => ({ value: 100 * value(pair), cluster: pair.cluster }));
    return clusterBootstrap(observations, [low, bound], { rng: rng.fork(label), resamples });
  };
  return {
    metric,
    n: pairs.length,
    onlyA: a.length - common.length,
    onlyB: b.length - common.length,
    changed: common.length - same.length,
    uncounted: same.length - pairs.length,
    a: estimate("a", ({ x }) => x, 0),
    b: estimate("b", ({ y }) => y, 0),
    difference: estimate("difference", ({ x, y }) => y - x, -bound),
    videos: byVideo(pairs),
    mcnemar: mcnemar(pairs),
    unparsed: {
      a: pairs.filter(({ unparsed }) => unparsed[0]).length,
      b: pairs.filter(({ unparsed }) => unparsed[1]).length,
    },
  };
}

type Pair = Readonly<{ x: number; y: number; cluster: string }>;

/** Sums of the same ious in another order differ by less. */
const tie = 1e-9;

function byVideo(pairs: readonly Pair[]): Comparison["videos"] {
  const net = new Map<string, number>();
  for (const { x, y, cluster } of pairs) net.set(cluster, (net.get(cluster) ?? 0) + y - x);
  const ahead = [...net.values()].filter((value) => value > tie).length;
  const behind = [...net.values()].filter((value) => value < -tie).length;
  return { ahead, behind, p: pairs.length === 0 ? null : signTest(ahead, behind) };
}

function mcnemar(pairs: readonly Pair[]): Comparison["mcnemar"] {
  if (!pairs.every(({ x, y }) => (x === 0 || x === 1) && (y === 0 || y === 1))) return null;
  const count = (x: number, y: number) => pairs.filter((pair) => pair.x === x && pair.y === y).length;
  const [both, onlyA, onlyB, neither] = [count(1, 1), count(1, 0), count(0, 1), count(0, 0)];
  return { both, onlyA, onlyB, neither, p: pairs.length === 0 ? null : signTest(onlyB, onlyA) };
}
