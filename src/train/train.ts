/**
 * The training loop of every recipe: batch -> loss and gradients -> clipped AdamW step, on a cosine schedule with warm-up.
 *
 * What is computed comes from an Objective, what it is computed on from a BatchSource; several stages in a row are in
 * stages.ts, keeping the terminal alive meanwhile in run-in-worker.ts.
 */
import { createHash } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import { setImmediate as eventLoopTurn } from "node:timers/promises";
import type { TensorData, Weights } from "../nn/checkpoint/index.ts";
import { cosineWithWarmup } from "../nn/optim/index.ts";
import type { BatchSource, Objective } from "./objective.ts";
import { movingPace } from "./pace.ts";
import { type JsonRecord, requireSameConfig } from "./run-config.ts";
import { TrainingDiverged } from "./training-diverged.ts";
import type { TrainingEvent } from "./training-event.ts";
import {
  type ModelFiles,
  newestStateFolder,
  readTrainingState,
  type TrainingState,
  writeTrainingState,
} from "./training-state.ts";
import { TrainingStep } from "./training-step.ts";

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
  objective: Objective<Batch, Shape>;
  source: BatchSource<Batch>;
  /** Where to begin; left as they are. */
  weights: Weights;
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
  }>;
  /** What else the run depends on (seed, data, model), recorded in checkpoints and compared on resume. */
  config?: JsonRecord;
  /** Figures to report now and then, such as accuracy on held-out questions. The weights are live: do not keep them. */
  validate?: Readonly<{ every: number; run(weights: Weights, step: number): Promise<Record<string, number>> }>;
  /** Stops after the step in progress, saves a checkpoint and rejects with an AbortError. */
  signal?: AbortSignal | undefined;
  onEvent?: ((event: TrainingEvent) => void) | undefined;
  threads?: number;
}>;

export type TrainResult = Readonly<{
  /** All weights that were given, the trained ones with their new values. */
  weights: Map<string, TensorData>;
  /** Steps and losses of this call; less than `steps` when the run was resumed. */
  losses: readonly number[];
  /** In this and earlier calls. */
  seconds: number;
}>;

/**
 * Train, from the checkpoint in `checkpoint.dir` where there is one: the losses are those of an uninterrupted run to the
 * last bit (same machine, same number of threads). Throws TrainingDiverged, an AbortError, or an Error that says what to do.
 */
export async function train<Batch, Shape>(options: TrainOptions<Batch, Shape>): Promise<TrainResult> {
  const run = await openRun(options);
  const { step: computing, weights, steps, first } = run;
  const { stage, source, clip = 1, signal, validate, onEvent } = options;
  const pace = movingPace();
  const losses: number[] = [];
  let seconds = run.seconds;
  let saved = first;
  const save = (step: number) => {
    if (!options.checkpoint || saved === step) return;
    const folder = writeTrainingState(options.checkpoint.dir, {
      ...{ stage, step, seconds, config: run.config, weights, optimizer: computing.state() },
      ...(options.checkpoint.model && { model: options.checkpoint.model }),
    });
    saved = step;
    onEvent?.({ type: "checkpoint", stage, step, folder });
  };
  try {
    onEvent?.({ type: "start", stage, step: first, steps, parameters: run.parameters, notes: run.notes });
    for (let step = first; step < steps; step++) {
      if (signal?.aborted) {
        if (step > first) save(step);
        throw abortError(options, step);
      }
      const began = performance.now();
      const batch = await source(step);
      const { loss, gradNorm, compiled } = await computing.gradients(batch);
      if (!Number.isFinite(loss) || !Number.isFinite(gradNorm)) {
        throw new TrainingDiverged({ stage, step, loss, gradNorm }, divergenceAdvice(options));
      }
      const lr = cosineWithWarmup(step, run.schedule);
      computing.update(lr, gradNorm, clip);
      losses.push(loss);
      const spent = (performance.now() - began) / 1000;
      seconds += spent;
      const tokens = options.objective.tokens(batch);
      // A step that compiled is slow for once; it would spoil the estimate.
      const { secondsPerStep, tokensPerSecond } = compiled ? pace.peek(spent, tokens) : pace.note(spent, tokens);
      const done = step + 1;
      const etaSeconds = (steps - done) * secondsPerStep;
      onEvent?.({
        type: "step",
        stage,
        step: done,
        steps,
        loss,
        lr,
        gradNorm,
        tokens,
        tokensPerSecond,
        seconds,
        etaSeconds,
      });
      if (validate && (done % validate.every === 0 || done === steps)) {
        onEvent?.({ type: "validation", stage, step: done, values: await validate.run(weights, done) });
      }
      if (done === steps || done % run.every === 0) save(done);
      // Computing blocks the thread; an abort message or a Ctrl-C gets its turn here.
      await eventLoopTurn();
    }
    return { weights, losses, seconds };
  } finally {
    await computing.dispose();
  }
}

async function openRun<Batch, Shape>(options: TrainOptions<Batch, Shape>) {
  const { objective, source, steps, optimizer, checkpoint, stage } = options;
  if (!(Number.isInteger(steps) && steps > 0))
    throw new RangeError(`Expected a positive number of steps, got ${steps}.`);
  const build = {
    ...(options.trainable && { trainable: options.trainable }),
    ...(options.fixFrozen && { fixed: options.weights }),
  };
  const trained = objective.build(objective.widest ?? objective.shape(await source(0)), build).trainable;
  const schedule = {
    total: steps,
    peak: optimizer.peak,
    warmup: optimizer.warmup ?? Math.min(100, Math.floor(steps / 30)),
    floor: optimizer.floor ?? optimizer.peak / 10,
  };
  const { weightDecay = 0.01, betas = [0.9, 0.95], eps = 1e-8, rateScale } = optimizer;
  const config: JsonRecord = {
    ...{ stage, objective: objective.name, steps, clip: options.clip ?? 1 },
    optimizer: { ...schedule, weightDecay, betas: [...betas], eps },
    trained: `${trained.length} parameters (${digest(trained)})`,
    ...options.config,
  };
  const { state, notes } = resumable(options, config);
  const weights = ownWeights(options.weights, trained, state?.weights);
  const decays = (name: string) => (weights.get(name) as TensorData).shape.length > 1;
  const step = new TrainingStep({
    ...{ objective, weights, trained, build, state: state?.optimizer, threads: options.threads },
    optimizer: { beta1: betas[0], beta2: betas[1], eps, weightDecay, decays, ...(rateScale && { rateScale }) },
  });
  const parameters = trained.reduce((sum, name) => sum + (weights.get(name) as TensorData).data.length, 0);
  const every = checkpoint?.every ?? Math.max(1, Math.ceil(steps / 10));
  return {
    ...{ step, weights, steps, schedule, config, every, parameters, notes },
    first: state?.step ?? 0,
    seconds: state?.seconds ?? 0,
  };
}

function resumable<Batch, Shape>({ checkpoint }: TrainOptions<Batch, Shape>, config: JsonRecord) {
  if (!checkpoint) return { state: undefined, notes: [] };
  const { dir, resume = true } = checkpoint;
  if (!resume) rmSync(dir, { recursive: true, force: true });
  makeFolder(dir);
  const found: { state: TrainingState | undefined; notes: readonly string[] } = readTrainingState(dir);
  const remedy = "Use that configuration, or train into another folder.";
  if (found.state) requireSameConfig(config, found.state.config, `the checkpoint in ${dir}`, remedy);
  return found;
}

/** Found out now, not at the first checkpoint. */
function makeFolder(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true });
  } catch (error) {
    throw new Error(`Expected a folder for checkpoints at ${dir}: ${(error as Error).message}. Choose another.`);
  }
}

/** Trained weights are copied, from the checkpoint where there is one; frozen ones are shared with the caller. */
function ownWeights(given: Weights, trained: readonly string[], resumed: Weights | undefined): Map<string, TensorData> {
  const own = new Map(given);
  for (const name of trained) {
    const tensor = (resumed ?? given).get(name);
    if (!(tensor?.data instanceof Float32Array))
      throw new Error(`Expected float weights "${name}" to train, got none.`);
    own.set(name, { shape: tensor.shape, data: tensor.data.slice() });
  }
  return own;
}

function divergenceAdvice<Batch, Shape>({ checkpoint, optimizer }: TrainOptions<Batch, Shape>): string {
  const newest = checkpoint && newestStateFolder(checkpoint.dir);
  const lower = `Lower the learning rate (peak ${optimizer.peak}) or check the batch of this step`;
  if (newest === undefined) return `${lower}, and start again.`;
  return `${lower}, and start a new run from the weights in the last good checkpoint, ${newest}.`;
}

function abortError<Batch, Shape>(
  { stage, steps, checkpoint }: TrainOptions<Batch, Shape>,
  step: number,
): DOMException {
  const rest = checkpoint ? ` Run the same again to go on from ${checkpoint.dir}.` : "";
  return new DOMException(`Stopped stage "${stage}" after ${step} of ${steps} steps.${rest}`, "AbortError");
}

function digest(names: readonly string[]): string {
  return createHash("sha256")
    .update([...names].sort().join("\n"))
    .digest("hex")
    .slice(0, 8);
}
