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
import type { MomentAnswer, MomentQuery } from "../../data/index.ts";
import { type Baseline, blindBaselines } from "./baselines.ts";
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
  /** Over all queries of the truth, a missing prediction being a miss. */
  ofAll: GroundingFigures;
  /** Answers with several spans, of which the first counts. */
  several: number;
  faults: readonly FaultRow[];
  baselines: readonly Baseline[];
  frequent: readonly FrequentSpan[];
  queries: readonly ScoredQuery[];
}>;

export type ScoreGroundingOptions = Readonly<{
  convention: MomentConvention;
  units: TextUnits;
  seed?: number;
  /** Of the intervals. Default 1000. */
  resamples?: number;
}>;

export function scoreGrounding(
  queries: readonly MomentQuery[],
  answers: ReadonlyMap<string, MomentAnswer>,
  { convention, units, seed = 0, resamples = 1000 }: ScoreGroundingOptions,
): GroundingScore {
  const all = queries.map((query): ScoredQuery => {
    const answer = answers.get(query.id);
    return { query, read: answer ? readMoment(answer, query, { convention, units }) : { kind: "missing" } };
  });
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
    ofAll: groundingFigures(all.map(({ read }) => iouOf(read))),
    several: scored.filter(({ read }) => read.kind === "read" && read.more > 0).length,
    faults: faultTable(scored),
    baselines: blindBaselines(scored, rng.fork("baselines")),
    frequent: frequentSpans(scored),
    queries: scored,
  };
}
