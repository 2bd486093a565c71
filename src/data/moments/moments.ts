/**
 * What the readers of moment annotations and predictions give: everything in seconds, by query or by video.
 *
 * Frame numbers, percentages and clock strings of the files end at the readers; nothing behind them knows of those.
 */
import type { Moment, Span } from "../../core/time/index.ts";

/**
 * A video with what happens in it, in the order of the file; a moment's label is its query or caption. `duration` is in
 * seconds, Infinity where no file tells it.
 */
export type VideoMoments = Readonly<{ video: string; duration: number; moments: readonly Moment[] }>;

/** One question "when?" and the spans that answer it (one in most data sets, several in QVHighlights). */
export type MomentQuery = Readonly<{
  /** Unique within the data set: qid, TimeChat's or NumPro's id, the line of Charades-STA from 0, else "video#sentence". */
  id: string;
  video: string;
  /** Seconds; Infinity where no file tells it. */
  duration: number;
  query: string;
  truths: readonly Span[];
}>;

/** A pair of ends as a file has them, in seconds: maybe reversed, maybe NaN. */
export type RawSpan = Readonly<{ start: number; end: number; score?: number }>;

/** What a model answered to one query: spans in seconds as the file has them, or text that is still to be read. */
export type MomentAnswer =
  | Readonly<{ kind: "spans"; spans: readonly RawSpan[] }>
  | Readonly<{
      kind: "text";
      text: string;
      /** Seconds of the frames by the number under which the model saw them, where that is known. */
      frameTimes?: readonly number[];
    }>;

/** The layouts of files, by whose they are; "zoetrope" is the plain one of docs/moments.md. */
export type MomentFormat =
  | "charades-sta"
  | "activitynet-captions"
  | "qvhighlights"
  | "timechat"
  | "numpro"
  | "vtimellm"
  | "lmms-eval"
  | "zoetrope";

/** Queries by video, in the order of the file: a moment a truth, labelled with its query. */
export function momentsByVideo(queries: readonly MomentQuery[]): VideoMoments[] {
  const videos = new Map<string, { video: string; duration: number; moments: Moment[] }>();
  for (const { video, duration, query, truths } of queries) {
    const known = videos.get(video) ?? { video, duration, moments: [] };
    videos.set(video, known);
    for (const truth of truths) known.moments.push({ ...truth, label: query });
  }
  return [...videos.values()];
}
