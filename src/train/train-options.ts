/**
 * What a training run is told.
 */
import type { Weights } from "../nn/checkpoint/index.ts";
import type { Device } from "../nn/runtime/index.ts";
import type { BatchSource, GradientObjective, Objective } from "./objective.ts";
import type { JsonRecord } from "./run-config.ts";
import type { TrainingEvent } from "./training-event.ts";
import type { ModelFiles } from "./training-state.ts";

export type OptimizerOptions = Readonly<{
  /** Learning rate at the end of the warm-up. */
  peak: number;
  /** Steps of linear rise. Default: a thirtieth of the run, at most 100. */
  warmup?: number;
  /** Learning rate at the end. Default: a tenth of the peak. */
  floor?: number;
  /** Default 0.01; norms and biases (tensors of one axis) never decay. */
  weightDecay?: number;
  /** Default [0.9, 0.95], as decoders are trained with (Brown et al. 2020, arXiv:2005.14165). */
  betas?: readonly [number, number];
  eps?: number;
  /** Factor of the learning rate for a parameter. Default 1. */
  rateScale?: (name: string) => number;
}>;

export type TrainOptions<Batch, Shape> = Readonly<{
  /** Named in events and errors. */
  stage: string;
  objective: Objective<Batch, Shape> | GradientObjective<Batch>;
  source: BatchSource<Batch>;
  /** Where to begin; left as they are, unless `inPlace` lets their arrays change instead of being copied first. */
  weights: Weights;
  inPlace?: boolean;
  steps: number;
  optimizer: OptimizerOptions;
  /** Largest global norm of the gradients. Default 1. */
  clip?: number;
  /** Narrows what the objective trains. Only what is trained has optimizer state. */
  trainable?: (name: string) => boolean;
  /** Build frozen weights into the graphs instead of feeding them: once more in memory a shape, at most 2 GB in all. */
  fixFrozen?: boolean;
  checkpoint?: Readonly<{
    dir: string;
    /** Steps between two checkpoints. Default: a tenth of the run. There is always one at the end and on abort. */
    every?: number;
    /** Go on from what `dir` holds. Default true; false removes it. */
    resume?: boolean;
    model?: ModelFiles;
    /** Write the trained weights alone: a frozen base need not be on the disk again. Default false. */
    trainedOnly?: boolean;
  }>;
  /** What else the run depends on (seed, data, model), recorded in checkpoints and compared on resume. */
  config?: JsonRecord;
  /** Figures to report now and then, such as accuracy on held-out questions. The weights are live: do not keep them. */
  validate?: Readonly<{ every: number; run(weights: Weights, step: number): Promise<Record<string, number>> }>;
  /** Stops after the step in progress, saves a checkpoint and rejects with an AbortError. */
  signal?: AbortSignal | undefined;
  onEvent?: ((event: TrainingEvent) => void) | undefined;
  /**
   * Where the step is computed, and where parameters, gradients and optimizer state stay between steps. Default "cpu". Resuming on
   * another device changes the last bits.
   */
  device?: Device | undefined;
  /** Of one operator. Default: all cores. Resuming with another number changes the last bits. */
  threads?: number;
  /** Compiled graphs to keep in memory at a time. Default 8. */
  maxShapes?: number;
}>;
