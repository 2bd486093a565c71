/** Scores of predicted moments: figures with intervals, faults, blind baselines. */
export type { Baseline, BaselineName } from "./baselines.ts";
export { blindQvHighlights } from "./blind-qvhighlights.ts";
export type { ReaderRow } from "./compare-readers.ts";
export { type FaultRow, type MomentFault, momentFaults } from "./fault-table.ts";
export { firstWindowFaults } from "./first-window-faults.ts";
export { formatGrounding } from "./format-grounding.ts";
export { formatQvHighlights } from "./format-qvhighlights.ts";
export type { FrequentSpan } from "./frequent-spans.ts";
export { groundingSummary } from "./grounding-summary.ts";
export {
  conventionOfLayout,
  type ReadMoment,
  readMoment,
  type TextUnits,
  textUnitsOf,
  type UnreadReason,
} from "./read-moment.ts";
export { type GroundingScore, type ScoreGroundingOptions, scoreGrounding } from "./score-grounding.ts";
export {
  type QvHighlightsRange,
  type QvHighlightsScore,
  type RetrievalReport,
  type ScoreQvHighlightsOptions,
  scoreQvHighlights,
} from "./score-qvhighlights.ts";
export { iouOf, type ScoredQuery } from "./scored-query.ts";
