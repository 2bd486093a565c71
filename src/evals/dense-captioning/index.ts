/** Dense captioning: files of events, official scores, METEOR's data. */
export { type DensePredictions, readDensePredictions } from "./dense-predictions.ts";
export { type DenseReply, type PredictedEvent, readDenseReply } from "./dense-reply.ts";
export { denseSummary } from "./dense-summary.ts";
export { type DenseTruth, readDenseTruth } from "./dense-truth.ts";
export { type EnglishMeteorOptions, openEnglishMeteor, readParaphrases } from "./english-meteor.ts";
export { formatDense } from "./format-dense.ts";
export { tasksInFile } from "./holds-captions.ts";
export {
  captionWords,
  type DenseConvention,
  type DenseMetric,
  type DenseReport,
  type DenseRequest,
  denseConventions,
  denseMetrics,
  scoreDense,
} from "./score-dense.ts";
export { readWordNet } from "./wordnet.ts";
