/**
 * One answer about a moment as a span, by a convention: what a file gives in seconds, or text by the convention's rule.
 */

import { type MomentConvention, momentConventions, momentIou, type PredictedSpan } from "../../core/metrics/index.ts";
import {
  extractSpans,
  extractSpansAs,
  isRefusal,
  type SpanExtraction,
  type SpanPreset,
  type SpanRule,
  type SpanUnit,
} from "../../core/text/index.ts";
import { numberCount, secondOfNumber, shareOfSecond } from "../../core/time/index.ts";
import type { MomentAnswer, MomentFormat, MomentQuery, RawSpan } from "../../data/index.ts";

/** How numbers in text become seconds where the text does not say. */
export type TextUnits = Readonly<{
  /** What a number without a unit counts. */
  unit: SpanUnit;
  /** Frames a second of the numbers that the model saw. */
  frameRate: number;
}>;

/** The units of a file by its layout: VTimeLLM counts hundredths of the video, NumPro frames at half a frame a second. */
export function textUnitsOf(format: MomentFormat): TextUnits {
  const unit = format === "numpro" ? "frames" : format === "vtimellm" ? "percent" : "seconds";
  return { unit, frameRate: 0.5 };
}

/** Why an answer gave no span. */
export type UnreadReason = "refused" | "unparsable" | "not finite" | "no span";

export type ReadMoment =
  | Readonly<{
      kind: "read";
      predicted: PredictedSpan;
      iou: number;
      /** Spans beyond the first, which do not count. */
      more: number;
      /** All spans in their order, ends as predicted, in seconds. */
      spans: readonly RawSpan[];
      /** Which rule found the first, and in what part of the text; null where the file gives spans. */
      rule: SpanRule | null;
      text: string | null;
    }>
  | Readonly<{ kind: "unread"; reason: UnreadReason }>;

/** A file in a project's layout is scored by that project's rules, any other by ours. */
export function conventionOfLayout(format: MomentFormat): MomentConvention {
  return (Object.keys(momentConventions) as MomentConvention[]).find((name) => name === format) ?? "strict";
}

type Convention = Readonly<{
  convention: MomentConvention;
  units: TextUnits;
  /** The rule for text: null is ours. Default: the convention's. */
  reads?: SpanPreset | null;
}>;

/** Read an answer and measure it. Throws RangeError where VTimeLLM's convention meets a query without duration. */
export function readMoment(answer: MomentAnswer, query: MomentQuery, how: Convention): ReadMoment {
  return answer.kind === "spans" ? ofSpans(answer.spans, query, how) : ofText(answer, query, how);
}

function ofSpans(spans: readonly RawSpan[], query: MomentQuery, { convention }: Convention): ReadMoment {
  const [first] = spans;
  if (first === undefined) return { kind: "unread", reason: "no span" };
  const [a, b] = [first.start, first.end];
  if (!Number.isFinite(a) || !Number.isFinite(b)) return { kind: "unread", reason: "not finite" };
  const predicted = { start: Math.min(a, b), end: Math.max(a, b), isReversed: a > b };
  const iou = iouOfSpan(predicted, query, convention);
  return { kind: "read", predicted, iou, more: spans.length - 1, spans, rule: null, text: null };
}

/**
 * VTimeLLM measures parts of the duration; its rounding of the iou can tell these from seconds where a tie is at stake, so its
 * ends come from the two digits themselves.
 */
function iouOfSpan(
  predicted: PredictedSpan,
  { truths, duration }: MomentQuery,
  convention: MomentConvention,
  digits?: readonly [number, number],
): number {
  if (convention !== "vtimellm" || !Number.isFinite(duration)) return momentIou(predicted, truths, convention);
  const share = (start: number, end: number) => {
    return { start: shareOfSecond(start, duration), end: shareOfSecond(end, duration) };
  };
  const { isReversed } = predicted;
  const [start, end] = digits ? [Math.min(...digits) / 100, Math.max(...digits) / 100] : [];
  const ends = start !== undefined && end !== undefined ? { start, end } : share(predicted.start, predicted.end);
  return momentIou(
    { ...ends, isReversed },
    truths.map((truth) => share(truth.start, truth.end)),
    convention,
  );
}

function ofText(
  { text, frameTimes: seen }: Extract<MomentAnswer, { kind: "text" }>,
  query: MomentQuery,
  how: Convention,
): ReadMoment {
  const { convention, units, reads = momentConventions[convention].reads } = how;
  const duration = Number.isFinite(query.duration) ? query.duration : undefined;
  if (reads === "vtimellm" && duration === undefined) {
    throw new RangeError(
      `Expected the duration of video "${query.video}" for VTimeLLM's convention, got none. Pass annotations that hold it (--durations FILE for Charades-STA).`,
    );
  }
  const given = duration === undefined ? {} : { duration };
  const extraction: SpanExtraction =
    reads === null
      ? extractSpans(text, { ...given, bareUnit: units.unit, frameTimes: seen ?? frameTimes(query, units.frameRate) })
      : extractSpansAs(reads, text, { ...given, frameRate: units.frameRate });
  if (extraction.kind === "unparsed") return { kind: "unread", reason: isRefusal(text) ? "refused" : "unparsable" };
  const [predicted] = extraction.spans;
  if (predicted === undefined) return { kind: "unread", reason: "no span" };
  return {
    kind: "read",
    predicted,
    iou: iouOfSpan(predicted, query, convention, predicted.raw),
    more: extraction.spans.length - 1,
    spans: extraction.spans.map(({ start, end, isReversed }) =>
      isReversed ? { start: end, end: start } : { start, end },
    ),
    ...{ rule: predicted.rule, text: predicted.text },
  };
}

function frameTimes({ duration }: MomentQuery, rate: number): number[] {
  const count = Number.isFinite(duration) ? Math.max(2, numberCount(duration, rate)) : 2;
  return Array.from({ length: count }, (_, number) => secondOfNumber(number, rate));
}
