/**
 * QVHighlights' scores of a submission: moment retrieval and highlight detection, every number of the official report, with
 * intervals, coverage and what was wrong with the file.
 *
 * Queries without a prediction are left out, as the official script does when numbers need not match; `missingAsMisses` gives
 * the figures with them as misses.
 */
import { type BootstrapOptions, clusterBootstrap, jointBootstrap, Rng, roundHalfEven } from "../../core/math/index.ts";
import {
  clipLength,
  type HighlightLevel,
  type HighlightValues,
  highlightLevels,
  highlightValues,
  type LengthRange,
  lengthRanges,
  type RetrievalQuery,
  type RetrievalValues,
  retrievalThresholds,
  retrievalValues,
  withinRange,
} from "../../core/metrics/index.ts";
import type { HighlightPrediction, HighlightTruth, Problem } from "../../data/index.ts";
import { qvHighlightsProblems } from "./qvhighlights-problems.ts";

export type QvHighlightsRange = "full" | LengthRange;

/** Percent with two decimals, as the official report prints it; null of nothing. */
type Percent = number | null;

/** Keys are thresholds "0.5" to "0.95", and "average" for mAP. */
export type RetrievalReport = Readonly<{ "MR-mAP": Record<string, Percent>; "MR-R1": Record<string, Percent> }>;

export type QvHighlightsScore = Readonly<{
  n: number;
  of: number;
  coverage: number | null;
  /** Under the official keys, "MR-full-mAP" to "HL-min-VeryGood-Hit1". */
  brief: Readonly<Record<string, Percent>>;
  intervals: Readonly<Record<string, Readonly<{ low: number | null; high: number | null }>>>;
  missingAsMisses: Readonly<Record<string, Percent>>;
  retrieval: Readonly<Record<QvHighlightsRange, RetrievalReport>> | null;
  problems: readonly Problem[];
}>;

type Row = Readonly<{ truth: HighlightTruth; prediction: HighlightPrediction | undefined }>;
type Predicted = Readonly<{ truth: HighlightTruth; prediction: HighlightPrediction }>;
/** Values in [0, 1] of the queries that a figure is the mean of. */
type Figure = Readonly<{ key: string; values: readonly Readonly<{ value: number; cluster: string }>[] }>;

const ranges: readonly QvHighlightsRange[] = ["full", "long", "middle", "short"];

/** `resamples` of the intervals: 0 leaves them out. */
export type ScoreQvHighlightsOptions = Readonly<{ seed?: number; resamples?: number }>;

export function scoreQvHighlights(
  truths: ReadonlyMap<string, HighlightTruth>,
  predictions: ReadonlyMap<string, HighlightPrediction>,
  { seed = 0, resamples = 500 }: ScoreQvHighlightsOptions = {},
): QvHighlightsScore {
  const rows = [...truths.values()].map((truth): Row => ({ truth, prediction: predictions.get(truth.qid) }));
  const scored = rows.filter((row): row is Predicted => row.prediction !== undefined);
  const hasWindows = scored.some(({ prediction }) => prediction.pred_relevant_windows !== undefined);
  const hasScores = scored.some(({ prediction }) => prediction.pred_saliency_scores !== undefined);
  const retrieved = hasWindows ? ranges.map((range) => ({ range, ...retrieve(scored, range) })) : [];
  const figures = [...retrieved.flatMap(retrievalFigures), ...(hasScores ? highlightFigures(scored) : [])];
  const byKey = new Map(figures.map((figure) => [figure.key, figure.values]));
  const brief = briefKeys.map((key) => [key, percent((byKey.get(key) ?? []).map(({ value }) => value))] as const);
  const all = briefKeys.map((key) => {
    const values = (byKey.get(key) ?? []).map(({ value }) => value);
    const missed = rows.filter((row) => row.prediction === undefined && countsIn(key, row.truth)).length;
    return [key, values.length === 0 ? null : percent([...values, ...new Array<number>(missed).fill(0)])] as const;
  });
  return {
    n: scored.length,
    of: rows.length,
    coverage: rows.length === 0 ? null : scored.length / rows.length,
    brief: Object.fromEntries(brief),
    intervals: intervalsOf(figures, { rng: new Rng(`qvhighlights/${seed}`), resamples }),
    missingAsMisses: Object.fromEntries(all),
    retrieval: hasWindows
      ? (Object.fromEntries(retrieved.map(({ range, values }) => [range, retrievalReport(values)])) as Record<
          QvHighlightsRange,
          RetrievalReport
        >)
      : null,
    problems: qvHighlightsProblems(truths, predictions),
  };
}

type Retrieved = Readonly<{ values: readonly RetrievalValues[]; clusters: readonly string[] }>;

function retrieve(rows: readonly Predicted[], range: QvHighlightsRange): Retrieved {
  const [values, clusters]: [RetrievalValues[], string[]] = [[], []];
  for (const { truth, prediction } of rows) {
    const query =
      range === "full" ? retrievalQuery(truth, prediction) : withinRange(retrievalQuery(truth, prediction), range);
    if (query === null || query.truths.length === 0) continue;
    values.push(retrievalValues(query));
    clusters.push(truth.vid);
  }
  return { values, clusters };
}

function retrievalQuery(truth: HighlightTruth, prediction?: HighlightPrediction): RetrievalQuery {
  return {
    truths: (truth.relevant_windows ?? []).map(([start, end]) => ({ start, end })),
    predictions: (prediction?.pred_relevant_windows ?? []).map(([start = Number.NaN, end = Number.NaN, score = 0]) => ({
      start,
      end,
      score,
    })),
  };
}

function retrievalFigures({ range, values, clusters }: Retrieved & { range: QvHighlightsRange }): Figure[] {
  const figure = (key: string, value: (of: RetrievalValues) => number): Figure => ({
    key,
    values: values.map((each, i) => ({ value: value(each), cluster: clusters[i] as string })),
  });
  const average = figure(`MR-${range}-mAP`, ({ precision }) => meanOf(precision));
  if (range !== "full") return [average];
  const at = (threshold: number) => retrievalThresholds.indexOf(threshold);
  return [
    figure("MR-full-R1@0.5", ({ recall }) => recall[at(0.5)] as number),
    figure("MR-full-R1@0.7", ({ recall }) => recall[at(0.7)] as number),
    average,
    figure("MR-full-mAP@0.5", ({ precision }) => precision[at(0.5)] as number),
    figure("MR-full-mAP@0.75", ({ precision }) => precision[at(0.75)] as number),
  ];
}

function highlightFigures(rows: readonly Predicted[]): Figure[] {
  const values = rows.map(({ truth, prediction }) => ({
    cluster: truth.vid,
    byLevel: highlightValues({
      clips: Math.trunc(truth.duration / clipLength),
      ratedClips: truth.relevant_clip_ids,
      ratings: truth.saliency_scores,
      scores: prediction.pred_saliency_scores ?? [],
    }),
  }));
  return levels.flatMap((level) => {
    const figure = (key: string, value: (of: HighlightValues) => number): Figure => ({
      key: `HL-min-${level}-${key}`,
      values: values.map(({ cluster, byLevel }) => ({ cluster, value: value(byLevel[level]) })),
    });
    return [figure("mAP", (of) => of.averagePrecision), figure("Hit1", (of) => of.hit)];
  });
}

const levels = Object.keys(highlightLevels) as HighlightLevel[];
const briefKeys: readonly string[] = [
  "MR-full-R1@0.5",
  "MR-full-R1@0.7",
  "MR-full-mAP",
  "MR-full-mAP@0.5",
  "MR-full-mAP@0.75",
  "MR-long-mAP",
  "MR-middle-mAP",
  "MR-short-mAP",
  ...levels.flatMap((level) => [`HL-min-${level}-mAP`, `HL-min-${level}-Hit1`]),
];

/** Would a query be in the mean of this figure if it were predicted? */
function countsIn(key: string, truth: HighlightTruth): boolean {
  if (key.startsWith("HL")) return true;
  const query = retrievalQuery(truth);
  const range = (Object.keys(lengthRanges) as LengthRange[]).find((each) => key === `MR-${each}-mAP`);
  return range === undefined ? query.truths.length > 0 : withinRange(query, range) !== null;
}

function retrievalReport(values: readonly RetrievalValues[]): RetrievalReport {
  const at = (name: "recall" | "precision") =>
    retrievalThresholds.map((threshold, i) => [
      String(threshold),
      percent(values.map((each) => each[name][i] as number)),
    ]);
  const average = percent(values.map(({ precision }) => meanOf(precision)));
  return {
    "MR-mAP": Object.fromEntries([...at("precision"), ["average", average]]),
    "MR-R1": Object.fromEntries(at("recall")),
  };
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function percent(values: readonly number[]): Percent {
  if (values.length === 0) return null;
  return roundHalfEven((100 * values.reduce((sum, value) => sum + value, 0)) / values.length, 2);
}

/** One draw of videos weighs all figures; a figure that is the same for every query gets the interval of a constant. */
function intervalsOf(figures: readonly Figure[], options: BootstrapOptions): QvHighlightsScore["intervals"] {
  const observations = figures.flatMap(({ key, values }) =>
    values.map(({ value, cluster }) => ({ measure: key, cluster, value: 100 * value })),
  );
  const shown = options.resamples === 0 ? [] : figures.filter(({ values }) => values.length > 0);
  if (shown.length === 0) return {};
  const joint = jointBootstrap(
    observations,
    (mean) => Object.fromEntries(shown.map(({ key }) => [key, mean(key)])),
    options,
  );
  return Object.fromEntries(
    shown.map(({ key, values }) => {
      const { low, high, spread } = joint[key] as (typeof joint)[string];
      if (spread > 0) return [key, { low, high }];
      const percents = values.map(({ value, cluster }) => ({ value: 100 * value, cluster }));
      const constant = clusterBootstrap(percents, [0, 100], options);
      return [key, { low: constant.low, high: constant.high }];
    }),
  );
}
