/**
 * What a training run tells while it runs. Events are plain data: they cross worker threads and go to events.jsonl.
 */

/** The run begins, or continues, behind `step` finished steps. `notes` say which checkpoints could not be used. */
export type StartEvent = Readonly<{
  type: "start";
  stage: string;
  step: number;
  steps: number;
  /** Numbers that are trained. */
  parameters: number;
  notes: readonly string[];
}>;

export type StepEvent = Readonly<{
  type: "step";
  stage: string;
  /** Finished steps: 1 after the first. */
  step: number;
  steps: number;
  /** Of the step's batch, before its update. */
  loss: number;
  lr: number;
  /** Global norm of the gradients before clipping. */
  gradNorm: number;
  /** Of this batch, padding not counted. */
  tokens: number;
  /** Over the last steps; compiling a new shape is left out. */
  tokensPerSecond: number;
  /** Since the stage began, time before a resume included. */
  seconds: number;
  etaSeconds: number;
}>;

export type ValidationEvent = Readonly<{
  type: "validation";
  stage: string;
  step: number;
  values: Readonly<Record<string, number>>;
}>;

export type CheckpointEvent = Readonly<{ type: "checkpoint"; stage: string; step: number; folder: string }>;

/** A stage of a recipe begins, is finished, or was finished by an earlier run. */
export type StageEvent = Readonly<{
  type: "stage";
  stage: string;
  status: "begun" | "finished" | "skipped";
  /** Place among the stages, from 1. */
  index: number;
  count: number;
}>;

export type TrainingEvent = StartEvent | StepEvent | ValidationEvent | CheckpointEvent | StageEvent;
