/** What is odd about predicted spans, by name: none of it leaves the scores. */
import { type MomentConvention, momentConventions } from "../../core/metrics/index.ts";
import { type Problem, problem } from "../../data/index.ts";
import type { UnreadReason } from "./read-moment.ts";
import type { ScoredQuery } from "./scored-query.ts";

/** Spans may overshoot the end of the video by this much; seconds. */
const overshoot = 0.5;

export function answerProblems(scored: readonly ScoredQuery[], convention: MomentConvention): Problem[] {
  const where = (test: (query: ScoredQuery) => boolean) => scored.filter(test).map(({ query }) => query.id);
  const unread = (reason: UnreadReason) => where(({ read }) => read.kind === "unread" && read.reason === reason);
  const reversed = momentConventions[convention].reversed === "swap" ? "turned round" : "misses";
  return [
    ...problem("answers that refuse (unparsed)", unread("refused")),
    ...problem("answers without a readable span (unparsed)", unread("unparsable")),
    ...problem("predictions with an empty list of spans (unparsed)", unread("no span")),
    ...problem("predicted spans that are not finite numbers (unparsed)", unread("not finite")),
    ...problem(
      `predicted spans with their ends reversed (${reversed})`,
      where(({ read }) => read.kind === "read" && read.predicted.isReversed),
    ),
    ...problem(
      "predicted spans that reach past the video (kept as they are)",
      where(
        ({ read, query }) =>
          read.kind === "read" && (read.predicted.end > query.duration + overshoot || read.predicted.start < 0),
      ),
    ),
    ...problem(
      "predictions with several spans (the first counts)",
      where(({ read }) => read.kind === "read" && read.more > 0),
    ),
  ];
}
