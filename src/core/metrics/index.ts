/** The field's metrics, as functions of plain values. */
export {
  accuracy,
  accuracyDifference,
  chanceLevel,
  type Difference,
  type Outcome,
  type PairedOutcome,
} from "./accuracy.ts";
export * from "./captioning/index.ts";
export { type AnsweredQuery, bestConstantSpan, type ConstantSpan } from "./constant-span.ts";
export {
  clipLength,
  type HighlightLevel,
  type HighlightQuery,
  type HighlightValues,
  highlightLevels,
  highlightValues,
} from "./highlights.ts";
export { bestIou, iou } from "./iou.ts";
export {
  type ConventionRules,
  type MomentConvention,
  momentConventions,
  momentIou,
  type PredictedSpan,
} from "./moment-convention.ts";
export { diagnoseMoment, type FaultyMoment, type SpanFault, spanFaults } from "./moment-errors.ts";
export {
  type LengthRange,
  lengthRanges,
  type RetrievalQuery,
  type RetrievalValues,
  retrievalThresholds,
  retrievalValues,
  type ScoredWindow,
  withinRange,
} from "./moment-retrieval.ts";
export {
  type GroundingFigure,
  type GroundingFigures,
  groundingEstimates,
  groundingFigures,
  type QueryIou,
  recallThresholds,
} from "./recall-at-iou.ts";
