/**
 * Fine-tuning of a checkpoint on a training file, from folder to folder; made to run in a worker thread.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { checkpointFolder } from "../../chat/index.ts";
import { fileIdentity, writeAtomically } from "../../core/files/index.ts";
import { availableMemory, gigabytes, type Shapes, type TensorData, weightBytes } from "../../nn/checkpoint/index.ts";
import { appendEvent, mendEvents, readEvents } from "../event-log.ts";
import type { JsonRecord } from "../run-config.ts";
import { train } from "../train.ts";
import { newestStateFolder } from "../training-state.ts";
import { type OpenSft, openSft } from "./open-sft.ts";
import { rowOrder } from "./row-order.ts";
import type { SftExamples } from "./sft-examples.ts";
import { sftObjective } from "./sft-objective.ts";
import type { SftEvent, SftOptions, SftResult } from "./sft-options.ts";
import { allOf, loraOf, type TrainedParts } from "./trained-parts.ts";
import { writeTrainedAdapter, writeTrainedCheckpoint } from "./write-trained.ts";

export const sftModule = new URL(import.meta.url);

type WorkerContext = Readonly<{ emit(event: SftEvent): void; signal: AbortSignal }>;

/**
 * Throws an AbortError at an abort, a TrainingDiverged, or an Error that says what to do; what was seen and trained until then
 * lies in the folder, to go on from.
 */
export async function runSft(options: SftOptions, context: WorkerContext): Promise<SftResult> {
  const { folder, lora } = options;
  const [training, events] = [join(folder, "training"), join(folder, "events.jsonl")];
  const base = baseFolder(options, training);
  const opened = await openSft(options, context);
  const { config, tokenizer, examples } = opened;
  const { weights, parts } = trainedWeights(opened, options);
  const perStep = options.batch * options.accumulate;
  const order = rowOrder({ rows: examples.count, perStep, seed: options.seed, ...options.length });
  const { batch, packedTokens, segmentLayers, threads } = options;
  mendEvents(events);
  const trained = await train({
    stage: "sft",
    objective: sftObjective(config, { ...parts, batch, packedTokens, ...(segmentLayers && { segmentLayers }) }),
    source: (step) => order.rowsOf(step).map(examples.row),
    weights,
    inPlace: true,
    steps: order.steps,
    optimizer: {
      ...{ peak: options.rate, floor: 0, betas: [0.9, 0.999], weightDecay: options.weightDecay },
      warmup: Math.round(options.warmup * order.steps),
    },
    checkpoint: { dir: training, trainedOnly: true },
    config: comparedAtResume(options, opened),
    signal: context.signal,
    ...(threads !== undefined && { threads }),
    onEvent: (event) => {
      appendEvent(events, event);
      context.emit(event);
    },
  });
  const result = { config, parts, tokenizer, base, weights: trained.weights };
  if (lora === null) writeTrainedCheckpoint(folder, result);
  else writeTrainedAdapter(folder, result, lora);
  const told: SftResult = { folder, ...outcome(events, examples, parts), seconds: trained.seconds };
  writeAtomically(join(folder, "sft.json"), [`${JSON.stringify({ ...told, options }, null, 2)}\n`]);
  return told;
}

/** The folder of the model to begin from, once it is clear that nothing will be overwritten. */
function baseFolder({ model, folder, lora, resume }: SftOptions, training: string): string {
  const found = ["adapter_config.json", "config.json"].find((name) => existsSync(join(folder, name)));
  const begun = newestStateFolder(training);
  if (!resume && (begun ?? found) !== undefined) {
    throw new Error(
      `Expected an empty folder for what is trained, got ${folder} with ${begun ?? found}. Add --resume to go on from there, or choose another --out.`,
    );
  }
  const base = resolve(checkpointFolder(model));
  if (lora !== null || !existsSync(join(base, "adapter_config.json"))) return base;
  throw new Error(
    `Expected a whole checkpoint to train whole, got the adapter ${base}. Train another adapter on it instead.`,
  );
}

/** The weights to train with, those of a new adapter among them. */
function trainedWeights({ config, weights }: OpenSft, { lora, seed }: SftOptions) {
  const shapes: Shapes = new Map([...weights].map(([name, { shape }]) => [name, shape]));
  const parts = lora === null ? allOf(config, shapes) : loraOf(config, shapes, { choice: lora, seed });
  checkMemory(parts);
  return { parts, weights: new Map<string, TensorData>([...weights, ...parts.added]) };
}

/** A gradient, Adam's two moments, and room to add gradients up. */
function checkMemory({ trained, shapes }: TrainedParts): void {
  const needed = 4 * weightBytes(new Map(trained.map((name) => [name, shapes.get(name) ?? []])));
  const free = availableMemory();
  if (needed <= free) return;
  throw new Error(
    `Expected ${gigabytes(needed)} of free memory for the gradients of what is trained and what AdamW remembers of them, got ${gigabytes(free)}. Train a LoRA, one of a smaller --lora-rank, or fewer --modules-to-save.`,
  );
}

function comparedAtResume(options: SftOptions, { modelKey, examples }: OpenSft): JsonRecord {
  const { lora, batch, accumulate, packedTokens, seed, frames, segmentLayers } = options;
  return {
    ...{ model: modelKey, data: fileIdentity(options.data).hash, rows: examples.count, seed, frames },
    ...{ batch, accumulate, packedTokens, segmentLayers: segmentLayers ?? null, warmup: options.warmup },
    lora: lora === null ? null : { ...lora, targets: [...lora.targets], save: [...lora.save] },
  };
}

function outcome(events: string, examples: SftExamples, { trained, shapes }: TrainedParts) {
  const steps = readEvents(events).filter(({ type }) => type === "step");
  const number = (row: Readonly<Record<string, unknown>> | undefined, key: string) =>
    typeof row?.[key] === "number" ? row[key] : null;
  return {
    ...{ rows: examples.count, leftOut: examples.leftOut, steps: steps.length },
    trainedParameters: weightBytes(new Map(trained.map((name) => [name, shapes.get(name) ?? []]))) / 4,
    tokensPerRow: examples.tokens / examples.count,
    firstLoss: number(steps[0], "loss"),
    lastLoss: number(steps.at(-1), "loss"),
    tokensPerSecond: number(steps.at(-1), "tokensPerSecond"),
    peakMemoryMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}
