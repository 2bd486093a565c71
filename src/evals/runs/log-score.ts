/**
 * The full report of a run from its rows alone, as `zoetrope score` gives it for predictions on disk: the same scorers, the same
 * figures, no file but the log.
 */

import type { MomentAnswer } from "../../data/index.ts";
import {
  type Benchmark,
  type BenchmarkItem,
  benchmarks,
  scoreTempCompass,
  tempCompassSummary,
} from "../benchmarks/index.ts";
import {
  type DenseConvention,
  denseSummary,
  formatDense,
  openEnglishMeteor,
  scoreDense,
} from "../dense-captioning/index.ts";
import { flatSummary, formatFlat, scoreFlatReplies } from "../flat-score.ts";
import { formatTempCompass } from "../format-tempcompass.ts";
import {
  blindQvHighlights,
  firstWindowFaults,
  formatGrounding,
  formatQvHighlights,
  groundingSummary,
  scoreGrounding,
  scoreQvHighlights,
} from "../moments/index.ts";
import { captionsOf } from "./captions-row.ts";
import { type RunConfig, type RunRow, replyOf } from "./format/index.ts";
import { type GroundingRules, groundingOf, groundingRules } from "./grounding-row.ts";
import { highlightsOf } from "./highlights-row.ts";
import { itemOf } from "./item-row.ts";

export type LogScore = Readonly<{
  /** As the `summary` of `zoetrope score`. */
  summary: Readonly<Record<string, unknown>>;
  text: string;
}>;

export type LogScoreOptions = Readonly<{
  seed?: number;
  resamples?: number;
  rules?: GroundingRules;
  convention?: DenseConvention;
}>;

/** Score the rows of a run; null where its benchmark has no report of its own and the recorded figures are all there is. */
export function scoreLog(config: RunConfig, rows: Iterable<RunRow>, options: LogScoreOptions = {}): LogScore | null {
  switch (config.task) {
    case "choice":
      return choiceScore(config, [...rows], options);
    case "grounding":
      return groundingScore(config, rows, options);
    case "highlights":
      return highlightsScore(config, rows, options);
    case "captions":
      return captionsScore(config, rows, options);
    default:
      return config.task satisfies never;
  }
}

function choiceScore(config: RunConfig, rows: readonly RunRow[], options: LogScoreOptions): LogScore | null {
  const benchmark = benchmarks.find(({ name }) => name === config.benchmark);
  const items = rows.flatMap((row) => itemOf(row, config) ?? []);
  if (!benchmark || items.length < rows.length) return null;
  const present = rows.filter(({ temporal }) => temporal.parse.status !== "missing");
  const replies = new Map(present.map((row) => [row.doc.id, replyOf(row)]));
  if (benchmark.family === "tempcompass")
    return tempCompassScore({ benchmark, items, replies, rows: present }, config, options);
  const { groupings, macro } = benchmark;
  const profile = config.profile ?? (benchmark.profiles[0] as string);
  const score = scoreFlatReplies(items, replies, { profile, groupings, macro, of: config.coverage.of, ...options });
  return { summary: flatSummary(score), text: formatFlat(benchmark.title, score, []) };
}

type Replied = Readonly<{
  benchmark: Benchmark;
  items: readonly BenchmarkItem[];
  replies: ReadonlyMap<string, unknown>;
  rows: readonly RunRow[];
}>;

function tempCompassScore(
  { benchmark, items, replies, rows }: Replied,
  config: RunConfig,
  options: LogScoreOptions,
): LogScore {
  const { judge } = config.fingerprint.parts;
  const decided = rows.flatMap(({ doc, temporal }) =>
    temporal.verdict === undefined ? [] : [[doc.id, temporal.verdict] as const],
  );
  const verdicts = judge === null ? undefined : new Map(decided);
  const score = scoreTempCompass(items, replies, { ...options, verdicts });
  const coverage = { predicted: replies.size, of: config.coverage.of };
  const text = formatTempCompass({ score, coverage, problems: [] }, judge);
  return { summary: tempCompassSummary(score, coverage), text: `${benchmark.title}, ${config.model}: ${text}` };
}

function groundingScore(
  config: RunConfig,
  rows: Iterable<RunRow>,
  { rules = groundingRules(config), ...options }: LogScoreOptions,
): LogScore {
  const read = Array.from(rows, groundingOf);
  const answers = new Map(
    read.flatMap(({ query, answer }): [string, MomentAnswer][] => (answer ? [[query.id, answer]] : [])),
  );
  const queries = read.map(({ query }) => query);
  const score = scoreGrounding(queries, answers, { ...rules, ...options });
  return {
    summary: { ...groundingSummary(score), ...covered(config, score.predicted) },
    text: formatGrounding(config.benchmark, score, []),
  };
}

function highlightsScore(config: RunConfig, rows: Iterable<RunRow>, options: LogScoreOptions): LogScore {
  // Predictions of a file were never read out of text.
  let [replies, unparsed] = [0, 0];
  const read = Array.from(rows, (row) => {
    const { status } = row.temporal.parse;
    if (status === "unparsed") unparsed++;
    if (status === "unparsed" || status === "read") replies++;
    return highlightsOf(row);
  });
  const truths = new Map(read.map(({ truth }) => [truth.qid, truth]));
  const predictions = new Map(
    read.flatMap(({ truth, prediction }) => (prediction ? [[truth.qid, prediction] as const] : [])),
  );
  const score = scoreQvHighlights(truths, predictions, options);
  const scored = new Map([...truths].filter(([qid]) => predictions.has(qid)));
  const faults = score.retrieval === null ? [] : firstWindowFaults(scored, predictions);
  const { brief, n } = score;
  const text = formatQvHighlights({ score, blind: blindQvHighlights(scored), faults, problems: [] });
  return { summary: { ...brief, n, ...(replies > 0 && { unparsed }), ...covered(config, n) }, text };
}

function captionsScore(config: RunConfig, rows: Iterable<RunRow>, { seed = 0, convention }: LogScoreOptions): LogScore {
  const { truths, predictions } = captionsOf(rows);
  const recorded = config.settings.convention === "vtimellm" ? "vtimellm" : "strict";
  const report = scoreDense({
    ...{ truths, predictions, seed, meteor: openEnglishMeteor() },
    convention: convention ?? recorded,
    isTokenised: config.settings.tokenised === true,
  });
  const { predicted } = report.coverage;
  return {
    summary: { ...denseSummary(report), ...covered(config, predicted) },
    text: formatDense(config.benchmark, report),
  };
}

/** What was predicted of all that the benchmark has: a run may have been asked for a part. */
function covered({ coverage: { of } }: RunConfig, predicted: number) {
  return { of, coverage: of === 0 ? null : predicted / of };
}
