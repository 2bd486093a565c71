/**
 * What reading moments out of a text gives: spans in seconds with the rule that found them, or the reason why there are none.
 */
import type { Span } from "../../time/index.ts";

/** What the numbers in the text count. Percentages and token indices are parts of the video's duration. */
export type SpanUnit = "seconds" | "frames" | "percent";

export type SpanRule =
  | "json"
  | "time-tokens"
  | "from-to"
  | "between-and"
  | "start-end"
  | "range"
  | "bracket"
  | "bare-range"
  | "two-times"
  | SpanPreset;

/** The rules of other code bases, see presets.ts. */
export type SpanPreset = "vtimellm" | "numpro" | "timechat" | "lmms-charades" | "timelens";

export type ExtractedSpan = Span &
  Readonly<{
    unit: SpanUnit;
    /** Did the text say the unit, or was it assumed? Clock notation says it. */
    isUnitStated: boolean;
    rule: SpanRule;
    /** In (0, 1]: an order among readings, no probability. Presets, which know no doubt, give 1. */
    confidence: number;
    /** The text named the later end first; start and end are in order here. */
    isReversed: boolean;
    /** Reaches past the duration (by more than half a second) or past the last frame. */
    isBeyond: boolean;
    /** The two numbers as said, in their unit. */
    raw: readonly [number, number];
    /** The part of the text that was read. */
    text: string;
  }>;

/** Why a text gave no span. */
export type UnparsedReason =
  | "empty"
  | "refused"
  | "no time"
  | "one time only"
  | "times without a span"
  | "frames without their times"
  | "percent without a duration"
  | "time token without a value";

export type SpanExtraction =
  | Readonly<{ kind: "spans"; spans: readonly ExtractedSpan[] }>
  | Readonly<{ kind: "unparsed"; reason: UnparsedReason; text: string }>;

export type SpanOptions = Readonly<{
  /** Of the video (or clip) in seconds: turns percentages into seconds, and tells what lies beyond. */
  duration?: number;
  /** Seconds of the frames by the number under which the model saw them. */
  frameTimes?: ArrayLike<number>;
  /** What numbers without a unit count. Default: seconds, at a lower confidence. */
  bareUnit?: SpanUnit;
  /** Values in seconds of symbolic tokens: { "<s0>": 1.5, "<e0>": 7 }. */
  tokens?: Readonly<Record<string, number>>;
}>;
