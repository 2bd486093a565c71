/** Moments: readers of the field's annotations and predictions, all into seconds. */
export { type MomentAnnotations, readMomentAnnotations } from "./annotations.ts";
export { type FileContent, readContent } from "./file-content.ts";
export {
  type MomentAnswer,
  type MomentFormat,
  type MomentQuery,
  momentsByVideo,
  type RawSpan,
  type VideoMoments,
} from "./moments.ts";
export { type MomentPredictions, readMomentPredictions } from "./predictions.ts";
export {
  type HighlightPrediction,
  type HighlightTruth,
  readHighlightPredictions,
  readHighlightTruth,
} from "./qvhighlights.ts";
