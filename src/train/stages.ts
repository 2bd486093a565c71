/**
 * A recipe's stages in order, in one output folder. Each leaves its weights and a stage.json; a finished one is skipped when
 * the recipe runs again, an interrupted one goes on from its last checkpoint.
 *
 *   FOLDER/events.jsonl
 *   FOLDER/STAGE/stage.json, model.safetensors, config.json, ...   (when finished)
 *   FOLDER/STAGE/training[/PART]/step-...                           (until then)
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { readJson, saveCheckpoint, type TensorData, type Weights, writeSafetensors } from "../nn/checkpoint/index.ts";
import type { Device } from "../nn/runtime/index.ts";
import { writeTextDurably } from "./durable-file.ts";
import { appendEvent, mendEvents } from "./event-log.ts";
import { type JsonRecord, requireSameConfig } from "./run-config.ts";
import { type TrainResult, train } from "./train.ts";
import type { TrainOptions } from "./train-options.ts";
import type { StageEvent, TrainingEvent } from "./training-event.ts";
import { type ModelFiles, readWeights } from "./training-state.ts";

export type StageResult = Readonly<{
  /** What the next stage starts from. */
  weights: Weights;
  /** Makes the folder a checkpoint that transformers loads. */
  model?: ModelFiles;
  /** Figures to keep with the stage. */
  summary?: JsonRecord;
}>;

/** Options of `train` that the stage does not give itself. */
export type StageTrainOptions<Batch, Shape> = Omit<
  TrainOptions<Batch, Shape>,
  "stage" | "checkpoint" | "signal" | "onEvent"
> &
  Readonly<{
    /** Names one of several trainings of a stage. */
    part?: string;
    checkpoint?: Readonly<{ every?: number; model?: ModelFiles }>;
  }>;

export type StageContext = Readonly<{
  /** Of this stage alone. */
  folder: string;
  /** What the stage before gave; for the first, what the recipe starts from. */
  weights: Weights;
  /** What an earlier stage gave. */
  weightsOf(stage: string): Weights;
  /** `train` with checkpoints in this stage's folder, events told and logged, and the recipe's signal. */
  train<Batch, Shape>(options: StageTrainOptions<Batch, Shape>): Promise<TrainResult>;
  emit(event: TrainingEvent): void;
  signal: AbortSignal | undefined;
}>;

export type Stage = Readonly<{
  name: string;
  /** What the stage depends on; a finished stage of another configuration is refused. */
  config?: JsonRecord;
  run(context: StageContext): Promise<StageResult>;
}>;

export type RunStagesOptions = Readonly<{
  folder: string;
  stages: readonly Stage[];
  /** What the first stage starts from. Default: nothing. */
  weights?: Weights;
  /** Run this stage alone; those before it must be finished. */
  only?: string | undefined;
  /** Where trainings that do not say otherwise are computed. Default "cpu". */
  device?: Device | undefined;
  signal?: AbortSignal | undefined;
  onEvent?: ((event: TrainingEvent) => void) | undefined;
}>;

export type FinishedStage = Readonly<{
  name: string;
  folder: string;
  summary: JsonRecord;
  seconds: number;
  skipped: boolean;
}>;

const record = z.record(z.string(), z.json()) as z.ZodType<JsonRecord>;
const markerSchema = z.object({
  format: z.literal(1),
  name: z.string(),
  config: record,
  summary: record,
  seconds: z.number(),
  /** SHA-256 of the stage's model.safetensors, and of the one that it started from. */
  weights: z.string(),
  startedFrom: z.string().nullable(),
});
type Marker = z.output<typeof markerSchema>;

/** Run the stages that are not finished. Tells what each stage gave, in order, up to the last that ran. */
export async function runStages(options: RunStagesOptions): Promise<FinishedStage[]> {
  const { stages, only } = options;
  const last = only === undefined ? stages.length - 1 : stages.findIndex(({ name }) => name === only);
  if (only !== undefined && last < 0) {
    throw new Error(`Expected one of the stages ${stages.map(({ name }) => name).join(", ")}, got "${only}".`);
  }
  mendEvents(join(options.folder, eventsFile));
  const finished: FinishedStage[] = [];
  let previous: Marker | null = null;
  for (const [index, stage] of stages.slice(0, last + 1).entries()) {
    const folder = join(options.folder, stage.name);
    const tell = (status: StageEvent["status"]) =>
      emit(options, { type: "stage", stage: stage.name, status, index: index + 1, count: stages.length });
    let marker: Marker | null = finishedMarker(folder, stage, previous);
    const skipped = marker !== null;
    if (marker === null) {
      if (only !== undefined && index < last) {
        throw new Error(`Expected stage "${stage.name}" to be finished before "${only}". Run it first.`);
      }
      tell("begun");
      marker = await runStage(options, index, previous);
    }
    tell(skipped ? "skipped" : "finished");
    finished.push({ name: stage.name, folder, summary: marker.summary, seconds: marker.seconds, skipped });
    previous = marker;
  }
  return finished;
}

/** Weights of a finished stage. */
export function stageWeights(folder: string, stage: string): Map<string, TensorData> {
  return readWeights(join(folder, stage, "model.safetensors"));
}

/** The marker when the stage is finished; throws when it was finished from another configuration or other weights. */
function finishedMarker(folder: string, stage: Stage, previous: Marker | null): Marker | null {
  const path = join(folder, "stage.json");
  if (!existsSync(path)) return null;
  const marker = readJson(path, markerSchema);
  const remedy = `Remove ${folder} to run the stage again, or use another output folder.`;
  requireSameConfig(stage.config ?? {}, marker.config, `the finished stage in ${folder}`, remedy);
  if (previous && previous.weights !== marker.startedFrom) {
    throw new Error(
      `Stage "${stage.name}" was run from other weights than stage "${previous.name}" gives now. ${remedy}`,
    );
  }
  return marker;
}

async function runStage(options: RunStagesOptions, index: number, previous: Marker | null): Promise<Marker> {
  const stage = options.stages[index] as Stage;
  const folder = join(options.folder, stage.name);
  mkdirSync(folder, { recursive: true });
  if (options.signal?.aborted) {
    throw new DOMException(`Stopped before stage "${stage.name}". Run the same again to go on.`, "AbortError");
  }
  const began = performance.now();
  const startedFrom = previous?.weights ?? null;
  const result = await stage.run(stageContext(options, index, startedFrom));
  const { weights, model, summary = {} } = result;
  if (model) saveCheckpoint(folder, { ...model, weights });
  else writeSafetensors(join(folder, "model.safetensors"), weights);
  const marker: Marker = {
    ...{ format: 1 as const, name: stage.name, config: stage.config ?? {}, summary, startedFrom },
    seconds: (performance.now() - began) / 1000,
    weights: createHash("sha256")
      .update(readFileSync(join(folder, "model.safetensors")))
      .digest("hex"),
  };
  writeTextDurably(join(folder, "stage.json"), `${JSON.stringify(marker, null, 2)}\n`);
  rmSync(join(folder, trainingFolder), { recursive: true, force: true });
  return marker;
}

const trainingFolder = "training";
const eventsFile = "events.jsonl";

function stageContext(options: RunStagesOptions, index: number, startedFrom: string | null): StageContext {
  const { stages, signal } = options;
  const { name, config = {} } = stages[index] as Stage;
  const folder = join(options.folder, name);
  const before = stages[index - 1];
  return {
    folder,
    weights: before ? stageWeights(options.folder, before.name) : (options.weights ?? new Map()),
    weightsOf: (stage) => stageWeights(options.folder, stage),
    emit: (event) => emit(options, event),
    signal,
    train: ({ part, checkpoint, ...given }) =>
      train({
        device: options.device,
        ...given,
        stage: part === undefined ? name : `${name}/${part}`,
        config: { ...config, startedFrom, ...given.config },
        checkpoint: { ...checkpoint, dir: join(folder, trainingFolder, ...(part === undefined ? [] : [part])) },
        signal,
        onEvent: (event) => emit(options, event),
      }),
  };
}

function emit(options: RunStagesOptions, event: TrainingEvent): void {
  appendEvent(join(options.folder, eventsFile), event);
  options.onEvent?.(event);
}
