/**
 * Training: objectives, batches, the loop, checkpoints and resume, stages, a worker to run them in.
 *
 *   const result = await train({
 *     stage: "language", objective: languageObjective(config, { trainable }), source: (step) => sequencesOf(step),
 *     weights, steps: 600, optimizer: { peak: 1e-3 }, checkpoint: { dir, every: 100 }, config: { seed }, signal, onEvent,
 *   });
 *   await runStages({ folder, stages: [{ name: "language", config: { seed }, run: async ({ weights, train }) => ... }] });
 */
export { bucketCount, bucketLength, type Lengths } from "./buckets.ts";
export { type ClipObjectiveOptions, clipObjective, type ImageTextPair } from "./clip-objective.ts";
export { appendEvent, type EventRow, mendEvents, readEvents } from "./event-log.ts";
export { type LanguageObjectiveOptions, languageObjective, packSequences } from "./language-objective.ts";
export {
  type BatchSource,
  type BuildOptions,
  type EngineOptions,
  type GradientEngine,
  type GradientObjective,
  type LossOptions,
  lossObjective,
  type Objective,
} from "./objective.ts";
export type { JsonRecord, JsonValue } from "./run-config.ts";
export { runInWorker } from "./run-in-worker.ts";
export { packRows, runLength, runTargets } from "./sft/pack.ts";
export { type RowOrder, rowOrder } from "./sft/row-order.ts";
export { runSft, sftModule } from "./sft/run-sft.ts";
export { type SftObjectiveOptions, sftObjective, updateRuns } from "./sft/sft-objective.ts";
export type { SftEvent, SftOptions, SftResult } from "./sft/sft-options.ts";
export { type LoraChoice, projections, wholeModules } from "./sft/trained-parts.ts";
export {
  type FinishedStage,
  type RunStagesOptions,
  runStages,
  type Stage,
  type StageContext,
  type StageResult,
  type StageTrainOptions,
  stageWeights,
} from "./stages.ts";
export { type TrainResult, train } from "./train.ts";
export type { OptimizerOptions, TrainOptions } from "./train-options.ts";
export { TrainingDiverged } from "./training-diverged.ts";
export type {
  CheckpointEvent,
  StageEvent,
  StartEvent,
  StepEvent,
  TrainingEvent,
  ValidationEvent,
} from "./training-event.ts";
export {
  type FoundState,
  type ModelFiles,
  readTrainingState,
  readWeights,
  type TrainingState,
} from "./training-state.ts";
