/** Diagnosis: what the visual tokens hold, what the decoder makes of a text, what the whole model answers. */
export {
  type ClassifierSize,
  classifierShapes,
  hiddenUnits,
  initialClassifier,
  type ProbeKind,
  scoringGraph,
  trainingGraph,
} from "./classifier.ts";
export { type FeatureKind, type FeatureReader, featureName, openFeatures } from "./features.ts";
export { formatProbe, probeSummary } from "./format-probe.ts";
export { type ArmFigure, type Figure, type GapRow, gapRows, type PaperRow, paperRow } from "./gap.ts";
export { type LstmWeights, lstmLast } from "./lstm.ts";
export { type PaperFigures, paperFigures } from "./paper-figures.table.ts";
export type { PickedQuestion } from "./pick-examples.ts";
export type { TrainedProbe } from "./probe-arm.ts";
export { type ProbingData, type ProbingVideo, readProbingData } from "./probing-data.ts";
export { paperSize, resizeBilinear, shrinkByAveraging, type TokenGrid } from "./resize-tokens.ts";
export { type ProbeArm, type ProbeOptions, type ProbeResult, probeArms, recordOf, runProbe } from "./run-probe.ts";
export { type ProbeMode, paperSettings, probeSeeds, saneSettings } from "./settings.ts";
export type { CaptionLayout, TextOutcome } from "./text-arms.ts";
export { type ClassifierTask, trainClassifier } from "./train-classifier.ts";
export { type FrameSource, frameSource, probingFrames } from "./video-frames.ts";
