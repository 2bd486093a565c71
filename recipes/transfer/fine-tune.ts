/**
 * Fine-tuning of one arm, made to run in a worker thread: the decoder alone, on text alone.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Rng } from "../../src/core/math/index.ts";
import { writeConversations } from "../../src/data/index.ts";
import { saveCheckpoint } from "../../src/nn/checkpoint/index.ts";
import { weightsBetween } from "../../src/nn/optim/index.ts";
import { languageObjective, train } from "../../src/train/index.ts";
import { eventsIn, loadLlava, type WorkerContext } from "../llava-training.ts";
import { asConversation, batchesOf, type TextArm, type TextOptions, type TextRow, transferText } from "./text.ts";

export const fineTuneModule = new URL(import.meta.url);

export type FineTuneOptions = Readonly<{
  /** Checkpoint folder to begin from. */
  model: string;
  /** Becomes a checkpoint folder. */
  folder: string;
  arm: TextArm;
  seed: number;
  steps: number;
  /** Which temporal lessons, and how long they may be. */
  text?: Pick<TextOptions, "lessons" | "room">;
  /** Which of the decoder's parameters; default all. */
  modules?: TrainedModules;
  /** How far the checkpoint goes from the model to what training led to (weightsBetween). Default 1. */
  share?: number;
}>;

/** Parts of the decoder's layers by name (T3, Fig. 6a). */
export type TrainedModules = "all" | "self_attn" | "mlp";

export type FineTuned = Readonly<{ losses: readonly number[]; tokens: number; seconds: number }>;

/** Rows a step. */
export const batch = 32;
const peakRate = 1e-3;
/** Few enough that every shape is compiled once, and stays. */
const shapes = { lengths: [128, 160, 192, 224, 256, 384, 512], lossRows: [40, 80, 160, 320] };

/** The decoder with its embedding table: with words held fast, where in the text a thing stands is not learnt (docs/log.md). */
const isReader = (name: string) => name.startsWith("language_model.");

/** By name of a parameter. */
export const isTrained: Readonly<Record<TrainedModules, (name: string) => boolean>> = {
  all: isReader,
  self_attn: (name) => isReader(name) && name.includes(".self_attn."),
  mlp: (name) => isReader(name) && name.includes(".mlp."),
};

/** Train, write text.json and a checkpoint; goes on from where an earlier call was stopped. */
export async function fineTune(options: FineTuneOptions, { emit, signal }: WorkerContext): Promise<FineTuned> {
  const { model, folder, arm, seed, steps, text: mixture = {}, modules = "all", share = 1 } = options;
  const { config, rawConfig, weights, tokenizer, files } = loadLlava(model);
  const rows = transferText(arm, { seed, rows: steps * batch, tokenizer, ...mixture });
  const batches = batchesOf(rows, batch, new Rng(`batches/${seed}`));
  const text = join(folder, "text.json");
  if (!existsSync(text))
    await writeConversations(
      text,
      rows.map((row, i) => asConversation(row, `${arm}-${i}`)),
      "llava",
    );
  const { onEvent, losses } = eventsIn(folder, emit);
  const result = await train({
    stage: arm,
    objective: languageObjective(config, { trainable: isTrained[modules], ...shapes }),
    source: (step) => (batches[step] as TextRow[]).map(({ sequence }) => sequence),
    weights,
    steps,
    optimizer: {
      peak: peakRate,
      floor: peakRate / 5,
      betas: [0.9, 0.98],
      weightDecay: 0,
      warmup: Math.min(30, Math.ceil(steps / 10)),
    },
    checkpoint: { dir: join(folder, "training"), every: Math.max(50, Math.ceil(steps / 4)) },
    config: { arm, seed, batch, model, modules, ...mixture },
    signal,
    onEvent,
  });
  const tuned = share === 1 ? result.weights : weightsBetween(weights, result.weights, share);
  saveCheckpoint(folder, { config: rawConfig, files, weights: tuned });
  const tokens = rows.reduce((sum, { sequence }) => sum + sequence.ids.length, 0);
  return { losses: losses(), tokens, seconds: result.seconds };
}
