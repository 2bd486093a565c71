/**
 * What the readers of moment annotations and predictions give: everything in seconds, by video.
 *
 * Frame numbers, percentages and clock strings of the files end here; nothing behind the readers knows of them.
 */
import type { Moment, Span } from "../../core/time/index.ts";

/**
 * A video with what happens in it, in the order of the file; a moment's label is its query or caption. `duration` is in
 * seconds, Infinity where no file tells it.
 */
export type VideoMoments = Readonly<{ video: string; duration: number; moments: readonly Moment[] }>;

/** One question "when?" and the spans that answer it (one in most data sets, several in QVHighlights). */
export type MomentQuery = Readonly<{
  /** Unique within the data set: qid, TimeChat's or NumPro's id, else "video#index of the sentence". */
  id: string;
  video: string;
  /** Seconds; Infinity where no file tells it. */
  duration: number;
  query: string;
  truths: readonly Span[];
}>;

/** A pair of ends as a file has them, in seconds: maybe reversed, maybe not finite. */
export type RawSpan = Readonly<{ start: number; end: number; score?: number }>;

/** What a model answered to one query: spans in seconds as the file has them, or text that is still to be read. */
export type MomentAnswer = Readonly<{ kind: "spans"; spans: readonly RawSpan[] } | { kind: "text"; text: string }>;

/** Something wrong with a file of moments: what, how many, and the first few by name. */
export type MomentProblem = Readonly<{ what: string; count: number; names: readonly string[] }>;
