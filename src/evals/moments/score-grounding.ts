/**
 * Scores of predicted moments: R@1 and mIoU by a convention, with what was read, missing and wrong, what every kind of fault
 * costs, and what answers without a look at the video would get.
 */
import { type Estimate, Rng } from "../../core/math/index.ts";
import {
  type GroundingFigure,
  type GroundingFigures,
  groundingEstimates,
  groundingFigures,
  type MomentConvention,
  momentConventions,
} from "../../core/metrics/index.ts";
import type { SpanPreset } from "../../core/text/index.ts";
import type { MomentAnswer, MomentQuery, Problem } from "../../data/index.ts";
import { answerProblems } from "./answer-problems.ts";
import { type Baseline, blindBaselines } from "./baselines.ts";
import { compareReaders, type ReaderRow } from "./compare-readers.ts";
import { type FaultRow, faultTable } from "./fault-table.ts";
import { type FrequentSpan, frequentSpans } from "./frequent-spans.ts";
import { readMoment, type TextUnits } from "./read-moment.ts";
import { iouOf, type ScoredQuery } from "./scored-query.ts";

export type GroundingScore = Readonly<{
  convention: MomentConvention;
  /** Queries in the denominator. */
  n: number;
  /** Queries of the truth, and how many of them have a prediction. */
  of: number;
  predicted: number;
  /** predicted / of. */
  coverage: number | null;
  /** Answers without a readable span; misses. */
  unparsed: number;
  figures: Readonly<Record<GroundingFigure, Estimate>>;
  /** By our reading and rules, over all queries of the truth, a missing prediction being a miss. */
  strict: GroundingFigures;
  faults: readonly FaultRow[];
  baselines: readonly Baseline[];
  frequent: readonly FrequentSpan[];
  /** The same replies by the rules of others; empty where no answer is text. */
  readers: readonly ReaderRow[];
  queries: readonly ScoredQuery[];
  problems: readonly Problem[];
}>;

export type ScoreGroundingOptions = Readonly<{
  convention: MomentConvention;
  units: TextUnits;
  /** The rule that reads text: null is ours. Default: the convention's. */
  reads?: SpanPreset | null | undefined;
  seed?: number;
  /** Of the intervals. Default 1000. */
  resamples?: number;
}>;

export function scoreGrounding(
  queries: readonly MomentQuery[],
  answers: ReadonlyMap<string, MomentAnswer>,
  { convention, units, reads, seed = 0, resamples = 1000 }: ScoreGroundingOptions,
): GroundingScore {
  const rule = reads === undefined ? {} : { reads };
  const all = readAll(queries, answers, { convention, units, ...rule });
  const strict =
    convention === "strict" && reads === undefined ? all : readAll(queries, answers, { convention: "strict", units });
  const isMissCounted = momentConventions[convention].missing === "miss";
  const scored = all.filter(({ read }) => isMissCounted || read.kind !== "missing");
  const predicted = all.filter(({ read }) => read.kind !== "missing").length;
  const rng = new Rng(`grounding/${seed}`);
  const ious = scored.map(({ query, read }) => ({ iou: iouOf(read), cluster: query.video }));
  return {
    convention,
    n: scored.length,
    of: queries.length,
    predicted,
    coverage: queries.length === 0 ? null : predicted / queries.length,
    unparsed: scored.filter(({ read }) => read.kind === "unread").length,
    figures: groundingEstimates(ious, { rng, resamples }),
    strict: groundingFigures(strict.map(({ read }) => iouOf(read))),
    faults: faultTable(scored),
    baselines: blindBaselines(scored, rng.fork("baselines")),
    frequent: frequentSpans(scored),
    readers: compareReaders(queries, answers, units),
    queries: scored,
    problems: answerProblems(scored, convention),
  };
}

function readAll(
  queries: readonly MomentQuery[],
  answers: ReadonlyMap<string, MomentAnswer>,
  how: Readonly<{ convention: MomentConvention; units: TextUnits; reads?: SpanPreset | null }>,
): ScoredQuery[] {
  return queries.map((query) => {
    const answer = answers.get(query.id);
    return { query, read: answer ? readMoment(answer, query, how) : { kind: "missing" } };
  });
}
