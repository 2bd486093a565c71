/**
 * The part of a training run that computes: an engine for loss and gradients, one array a gradient, AdamW.
 *
 * A step allocates no arrays of the size of the model: parameters are fed in place and gradients are written in place.
 */
import type { TensorData, Weights } from "../nn/checkpoint/index.ts";
import {
  type AdamW,
  type AdamWOptions,
  type AdamWState,
  adamW,
  clippingFactor,
  globalNorm,
  type NamedArrays,
} from "../nn/optim/index.ts";
import type { EngineOptions, GradientEngine } from "./objective.ts";

export type StepOptions<Batch> = Readonly<{
  /** All weights; those that are trained must be arrays of the run's own, which `update` changes. */
  weights: Weights;
  /** Names of the trained weights. */
  trained: readonly string[];
  open(options: EngineOptions): GradientEngine<Batch>;
  optimizer: AdamWOptions;
  state?: AdamWState | undefined;
  threads?: number | undefined;
}>;

/** What a batch gave; the gradients stay inside until `update`. */
export type StepResult = Readonly<{ loss: number; gradNorm: number; compiled: boolean }>;

/** What the training loop asks of a step, wherever it is computed. */
export type ComputedStep<Batch> = Readonly<{
  gradients(batch: Batch): Promise<StepResult>;
  update(rate: number, gradNorm: number, clip: number): Promise<void>;
  /** Bring the arrays of the trained weights up to date. */
  synchronise(): Promise<void>;
  state(): Promise<AdamWState>;
  dispose(): Promise<void>;
}>;

/** Holds its engine until it is disposed. */
export class TrainingStep<Batch> implements ComputedStep<Batch> {
  readonly #engine: GradientEngine<Batch>;
  readonly #gradients: NamedArrays;
  readonly #optimizer: AdamW;

  constructor({ weights, trained, open, optimizer, state, threads }: StepOptions<Batch>) {
    const arrays = Object.fromEntries(
      trained.map((name) => [name, (weights.get(name) as TensorData).data as Float32Array]),
    );
    this.#gradients = Object.fromEntries(trained.map((name) => [name, new Float32Array(arrays[name]?.length ?? 0)]));
    this.#optimizer = adamW(arrays, optimizer, state);
    this.#engine = open({ weights, gradients: this.#gradients, threads });
  }

  /** Loss and gradients of a batch. */
  async gradients(batch: Batch): Promise<StepResult> {
    const { loss, compiled } = await this.#engine.compute(batch);
    return { loss, gradNorm: globalNorm(this.#gradients), compiled };
  }

  /** Step against the last gradients, shrunk to a global norm of at most `clip`. */
  async update(rate: number, gradNorm: number, clip: number): Promise<void> {
    this.#optimizer.step(this.#gradients, rate, { gradientScale: clippingFactor(gradNorm, clip) });
  }

  /** The arrays are the weights: they are up to date. */
  async synchronise(): Promise<void> {}

  /** A copy of the optimizer's memory. */
  async state(): Promise<AdamWState> {
    return this.#optimizer.state();
  }

  async dispose(): Promise<void> {
    await this.#engine.dispose();
  }
}
