/**
 * How the field's scripts judge one predicted span, by name. They differ in how text is read, in reversed ends, in rounding,
 * and in what a missing prediction costs; iou itself is the same.
 */

import { roundHalfEven } from "../math/index.ts";
import type { SpanPreset } from "../text/index.ts";
import type { Span } from "../time/index.ts";
import { bestIou } from "./iou.ts";

export type MomentConvention = "strict" | "vtimellm" | "numpro" | "timechat";

export type ConventionRules = Readonly<{
  /** The rule that reads replies; null is extractSpans, ours. */
  reads: SpanPreset | null;
  /** Ends in the wrong order are a miss, or are swapped. */
  reversed: "miss" | "swap";
  /** Decimals to which every iou is rounded (half to even) before thresholds; null keeps it. */
  iouDecimals: number | null;
  /** A query without a prediction is a miss, or is left out of the scores. */
  missing: "miss" | "skip";
}>;

export const momentConventions: Readonly<Record<MomentConvention, ConventionRules>> = {
  strict: { reads: null, reversed: "miss", iouDecimals: null, missing: "miss" },
  // eval.py writes round(iou, 2) into its log, and metric.py compares that with the thresholds: 0.295 counts as 0.3.
  vtimellm: { reads: "vtimellm", reversed: "miss", iouDecimals: 2, missing: "skip" },
  numpro: { reads: "numpro", reversed: "miss", iouDecimals: null, missing: "skip" },
  timechat: { reads: "timechat", reversed: "swap", iouDecimals: null, missing: "skip" },
};

/** A predicted span with its ends in order, and whether they were not. */
export type PredictedSpan = Span & Readonly<{ isReversed: boolean }>;

/** iou of a prediction with the best of the true spans, by a convention; NaN ends are 0. */
export function momentIou(predicted: PredictedSpan, truths: readonly Span[], convention: MomentConvention): number {
  const { reversed, iouDecimals } = momentConventions[convention];
  if (predicted.isReversed && reversed === "miss") return 0;
  const value = bestIou(predicted, truths) || 0;
  return iouDecimals === null ? value : roundHalfEven(value, iouDecimals);
}
