/** Moments: readers of the field's annotations and predictions, all into seconds. */
export type { MomentAnswer, MomentProblem, MomentQuery, RawSpan, VideoMoments } from "./moments.ts";
