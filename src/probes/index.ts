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
export { exportFeatures } from "./white-box/export-features.ts";
export { likeliestAnswer } from "./white-box/intervene.ts";
export {
  knockOutStudy,
  type StudyOptions,
  type StudyPoint,
  type StudyQuestion,
  type StudyResult,
} from "./white-box/knock-out-study.ts";
export { type KnockOutId, knockOutIds, knockOutTitle, usualWidth } from "./white-box/knock-outs.ts";
export { type LookOptions, type LookResult, lookInside, type SaidWord } from "./white-box/look-inside.ts";
export { groupKinds, type LookQuestion, type PositionGroup } from "./white-box/prepare-question.ts";
export { questionsOfFile, worldQuestions } from "./white-box/questions.ts";
export type { LookRecord, StudyRecord } from "./white-box/records.ts";
