/**
 * Reading lists, taught to a reader's decoder in text alone (list-lessons.ts): what both ways of asking without training start from.
 * Eyes and word table stay as they are, so that frames go on saying the words that they were aligned to.
 */
import { join } from "node:path";
import { saveCheckpoint } from "../../src/nn/checkpoint/index.ts";
import { languageObjective, train } from "../../src/train/index.ts";
import { fingerprintOfModel } from "../fingerprint.ts";
import { eventsIn, loadLlava, type WorkerContext } from "../llava-training.ts";
import type { RecipeContext } from "../recipe.ts";
import { trainOnce } from "../train-once.ts";
import { listSource } from "./list-lessons.ts";

export const listCourseModule = new URL(import.meta.url);

export type ListCourseOptions = Readonly<{
  /** Checkpoint folder to begin from. */
  model: string;
  /** Becomes a checkpoint folder. */
  folder: string;
  seed: number;
  steps: number;
}>;

export type ListCourse = Readonly<{ losses: readonly number[]; seconds: number }>;

/** Tokens of a batch. */
const tokens = 7200;
const peakRate = 1e-3;
/** Few enough that every shape is compiled once, and stays. */
const shapes = { lengths: [48, 64, 96, 128, 160, 192, 320, 352], lossRows: [24, 64, 352] };

const isTaught = (name: string) => name.startsWith("language_model.") && !name.includes("embed_tokens");

/** Made to run in a worker thread. */
export async function takeListCourse(
  { model, folder, seed, steps }: ListCourseOptions,
  { emit, signal }: WorkerContext,
): Promise<ListCourse> {
  const { config, rawConfig, weights, tokenizer, files } = loadLlava(model);
  const { onEvent, losses } = eventsIn(folder, emit);
  const result = await train({
    stage: "lists",
    objective: languageObjective(config, { trainable: isTaught, ...shapes }),
    source: listSource({ seed, steps, tokenizer, tokens }),
    weights,
    steps,
    optimizer: { peak: peakRate, floor: peakRate / 5, betas: [0.9, 0.98], weightDecay: 0, warmup: Math.min(30, steps) },
    checkpoint: { dir: join(folder, "training"), every: 100 },
    config: { seed, steps, tokens },
    signal,
    onEvent,
  });
  saveCheckpoint(folder, { config: rawConfig, files, weights: result.weights });
  return { losses: losses(), seconds: result.seconds };
}

/** The course in a worker, or what an earlier call made. */
export function listsTaught(options: ListCourseOptions, context: RecipeContext): Promise<ListCourse> {
  const { model, folder, ...wanted } = options;
  const job = {
    ...{ folder, file: "lists.json", asked: { model: fingerprintOfModel(model), ...wanted } },
    ...{ module: listCourseModule, export: "takeListCourse", options },
    ...{ name: "train lists", steps: wanted.steps, done: `${wanted.steps * tokens} tokens of text` },
  };
  return trainOnce<ListCourse>(job, context);
}
