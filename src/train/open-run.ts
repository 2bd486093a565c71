/**
 * Everything that stands before the first step: defaults filled in, what is trained found out, the checkpoint read and its
 * configuration compared.
 */
import { createHash } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import type { TensorData, Weights } from "../nn/checkpoint/index.ts";
import type { Device } from "../nn/runtime/index.ts";
import { DeviceStep } from "./device-step.ts";
import { GraphEngine } from "./graph-engine.ts";
import { type JsonRecord, requireSameConfig } from "./run-config.ts";
import type { TrainOptions } from "./train-options.ts";
import { readTrainingState, type TrainingState } from "./training-state.ts";
import { type ComputedStep, type StepOptions, TrainingStep } from "./training-step.ts";

/** A run that stands behind `first` finished steps. Dispose `step` afterwards. */
export async function openRun<Batch, Shape>(options: TrainOptions<Batch, Shape>) {
  const { objective, steps, optimizer, checkpoint, stage } = options;
  if (!(Number.isInteger(steps) && steps > 0))
    throw new RangeError(`Expected a positive number of steps, got ${steps}.`);
  const { trained, openStep } = await preparedObjective(options);
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
  const weights = ownWeights(options, trained, state?.weights);
  const decays = (name: string) => (weights.get(name) as TensorData).shape.length > 1;
  const step = await openStep({
    ...{ weights, trained, state: state?.optimizer, threads: options.threads, device: options.device },
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

type StepParts = Omit<StepOptions<never>, "open"> & Readonly<{ device: Device | undefined }>;

/** The names that are trained, and what computes their steps. */
async function preparedObjective<Batch, Shape>(
  options: TrainOptions<Batch, Shape>,
): Promise<{ trained: readonly string[]; openStep: (parts: StepParts) => Promise<ComputedStep<Batch>> }> {
  const { objective, source, maxShapes } = options;
  const onArrays = (open: StepOptions<Batch>["open"]) => async (parts: StepParts) =>
    new TrainingStep<Batch>({ ...parts, open });
  if ("open" in objective) {
    if ((options.device ?? "cpu") !== "cpu")
      throw new Error(
        `Expected the device cpu for "${objective.name}", which is computed in parts, got ${options.device}.`,
      );
    return { trained: objective.trained, openStep: onArrays(objective.open) };
  }
  const build = {
    ...(options.trainable && { trainable: options.trainable }),
    ...(options.fixFrozen && { fixed: options.weights }),
  };
  const { trainable: trained } = objective.build(objective.widest ?? objective.shape(await source(0)), build);
  return {
    trained,
    openStep: async (parts) => {
      const { device = "cpu", ...rest } = parts;
      if (device !== "cpu") return DeviceStep.open({ ...rest, objective, build, device });
      return onArrays((engine) => new GraphEngine({ ...engine, objective, trained, build, maxShapes }))(parts);
    },
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
function ownWeights(
  { weights: given, inPlace = false }: Readonly<{ weights: Weights; inPlace?: boolean }>,
  trained: readonly string[],
  resumed: Weights | undefined,
): Map<string, TensorData> {
  const own = new Map(given);
  for (const name of trained) {
    const tensor = (resumed ?? given).get(name);
    if (!(tensor?.data instanceof Float32Array))
      throw new Error(`Expected float weights "${name}" to train, got none.`);
    own.set(name, { shape: tensor.shape, data: inPlace ? tensor.data : tensor.data.slice() });
  }
  return own;
}

function digest(names: readonly string[]): string {
  return createHash("sha256")
    .update([...names].sort().join("\n"))
    .digest("hex")
    .slice(0, 8);
}
