/**
 * Checkpoints of a run in progress: folders step-00000020 with model.safetensors (upstream names), optimizer.safetensors
 * (Adam's moments under PyTorch's names exp_avg and exp_avg_sq) and state.json.
 *
 * A folder is written under another name and renamed when all of it is on disk, and the two newest are kept: whenever the
 * process is killed, there is one to go on from.
 */
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import {
  type FloatType,
  readJson,
  readSafetensors,
  saveCheckpoint,
  type TensorData,
  type Weights,
  writeSafetensors,
} from "../nn/checkpoint/index.ts";
import type { AdamWState, NamedArrays } from "../nn/optim/index.ts";
import { isDiskFull, syncFolder, writeTextDurably } from "./durable-file.ts";
import type { JsonRecord } from "./run-config.ts";

/** What a checkpoint says of its model, so that transformers can load it: the content of config.json, tokenizer files. */
export type ModelFiles = Readonly<{
  config: Readonly<Record<string, unknown>>;
  files?: ReadonlyMap<string, string>;
  /** How a finished stage stores its floats; default F32. Checkpoints to resume from keep every bit. */
  floats?: FloatType;
}>;

export type TrainingState = Readonly<{
  stage: string;
  /** Finished steps. */
  step: number;
  /** Spent on them. */
  seconds: number;
  config: JsonRecord;
  weights: Weights;
  optimizer: AdamWState;
  model?: ModelFiles;
}>;

const json: z.ZodType<JsonRecord> = z.record(z.string(), z.json()) as z.ZodType<JsonRecord>;
const stateSchema = z.object({
  format: z.literal(1),
  stage: z.string(),
  step: z.int().nonnegative(),
  seconds: z.number().nonnegative(),
  optimizerSteps: z.int().nonnegative(),
  config: json,
});

const kept = 2;
const namePattern = /^step-(\d+)$/;
const partialSuffix = ".partial";

/** Write the folder of this step, then drop all but the two newest. Returns the folder's path. */
export function writeTrainingState(folder: string, state: TrainingState): string {
  const target = join(folder, `step-${String(state.step).padStart(8, "0")}`);
  const partial = target + partialSuffix;
  try {
    mkdirSync(folder, { recursive: true });
    removePartials(folder);
    mkdirSync(partial);
    writeContent(partial, state);
    rmSync(target, { recursive: true, force: true });
    renameSync(partial, target);
    syncFolder(folder);
  } catch (error) {
    discard(partial);
    throw writeError(error, folder, state);
  }
  for (const { name } of stateFolders(folder).slice(kept)) rmSync(join(folder, name), { recursive: true, force: true });
  return target;
}

export type FoundState = Readonly<{
  /** The newest checkpoint that can be read; undefined when there is none. */
  state: TrainingState | undefined;
  /** One sentence for each newer one that cannot. */
  notes: readonly string[];
}>;

/** Read the newest checkpoint in a folder that can be read. */
export function readTrainingState(folder: string): FoundState {
  const notes: string[] = [];
  for (const { name } of stateFolders(folder)) {
    try {
      return { state: readContent(join(folder, name)), notes };
    } catch (error) {
      notes.push(`Passed over checkpoint ${name}: ${(error as Error).message}`);
    }
  }
  if (notes.length > 0) throw new Error(`Expected a checkpoint in ${folder}, got none that can be read. ${notes[0]}`);
  return { state: undefined, notes };
}

/** Path of the newest checkpoint, unread. */
export function newestStateFolder(folder: string): string | undefined {
  const newest = stateFolders(folder)[0];
  return newest && join(folder, newest.name);
}

/** All tensors of a safetensors file. */
export function readWeights(path: string): Map<string, TensorData> {
  const file = readSafetensors(path);
  return new Map([...file.tensors.keys()].map((name) => [name, file.read(name)]));
}

function writeContent(folder: string, state: TrainingState): void {
  const { weights, optimizer, model } = state;
  if (model) saveCheckpoint(folder, { ...model, weights, floats: "F32" });
  else writeSafetensors(join(folder, "model.safetensors"), weights);
  const moments = new Map<string, TensorData>();
  for (const name of Object.keys(optimizer.first)) {
    const shape = weights.get(name)?.shape ?? [];
    moments.set(`exp_avg.${name}`, { shape, data: optimizer.first[name] as Float32Array });
    moments.set(`exp_avg_sq.${name}`, { shape, data: optimizer.second[name] as Float32Array });
  }
  writeSafetensors(join(folder, "optimizer.safetensors"), moments);
  const { stage, step, seconds, config } = state;
  const record = { format: 1, stage, step, seconds, optimizerSteps: optimizer.steps, config };
  writeTextDurably(join(folder, "state.json"), `${JSON.stringify(record, null, 2)}\n`);
}

function readContent(folder: string): TrainingState {
  const { stage, step, seconds, optimizerSteps, config } = readJson(join(folder, "state.json"), stateSchema);
  const moments = readWeights(join(folder, "optimizer.safetensors"));
  const named = (prefix: string): NamedArrays =>
    Object.fromEntries(
      [...moments]
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, { data }]) => [name.slice(prefix.length), data as Float32Array]),
    );
  const optimizer = { steps: optimizerSteps, first: named("exp_avg."), second: named("exp_avg_sq.") };
  return { stage, step, seconds, config, weights: readWeights(join(folder, "model.safetensors")), optimizer };
}

/** Newest first. */
function stateFolders(folder: string): { name: string; step: number }[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder)
    .flatMap((name) => {
      const step = namePattern.exec(name)?.[1];
      return step === undefined ? [] : [{ name, step: Number(step) }];
    })
    .sort((a, b) => b.step - a.step);
}

/** After a failure, whose own error is the one to tell. */
function discard(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // The next write tries again.
  }
}

/** What a killed process left behind. */
function removePartials(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith("step-") && name.endsWith(partialSuffix))
      rmSync(join(folder, name), { recursive: true, force: true });
  }
}

function writeError(error: unknown, folder: string, { stage, step }: TrainingState): Error {
  const older = newestStateFolder(folder);
  const rest = older === undefined ? "There is no older one." : `The older one is kept: ${older}.`;
  const what = `Could not write the checkpoint of stage "${stage}" at step ${step} into ${folder}`;
  if (!isDiskFull(error)) return new Error(`${what}: ${(error as Error).message} ${rest}`, { cause: error });
  return new Error(`${what}: the disk is full. ${rest} Free some space and run the same again to resume.`, {
    cause: error,
  });
}
