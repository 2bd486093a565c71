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
export { type LstmWeights, lstmLast } from "./lstm.ts";
