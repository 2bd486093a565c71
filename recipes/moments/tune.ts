/**
 * Training on films, made to run in a worker thread: one arm of NumPro-FT, or one boundary stage of VTimeLLM. Vision tower and projector
 * stay. VTimeLLM's stages train a LoRA, which is written for PEFT and merged into a checkpoint beside it, and the word tables with it (PEFT's
 * modules_to_save), because the rows of the number tokens are new; NumPro's arms train the whole decoder.
 */
import { join } from "node:path";
import { Rng } from "../../src/core/math/index.ts";
import {
  type AdapterConfig,
  readAdapter,
  saveCheckpoint,
  type TensorData,
  writeAdapter,
} from "../../src/nn/checkpoint/index.ts";
import {
  initialLoraWeights,
  type LlavaConfig,
  languageShapes,
  loadModel,
  loraScaling,
  loraShapes,
  mergeLora,
  tokensPerImage,
} from "../../src/nn/models/index.ts";
import { languageObjective, type TrainingEvent, train } from "../../src/train/index.ts";
import { trainVocabulary } from "../../src/world/index.ts";
import { eventsIn, loadLlava, type WorkerContext } from "../llava-training.ts";
import type { PreparationEvent } from "../train-once.ts";
import { filmVocabulary, trainingFilms } from "./films.ts";
import { numproSource } from "./numpro-source.ts";
import { everySecond } from "./strip.ts";
import { evenlySpread, vtimellmSource } from "./vtimellm-source.ts";

export const tuneModule = new URL(import.meta.url);

/** NumPro-FT with the frames' seconds in the text or with numbers on them; VTimeLLM's second or third stage. */
export type FilmLessons = "plain" | "numpro" | "stage2" | "stage3";

export type TuneOptions = Readonly<{
  /** Checkpoint folder to begin from. */
  model: string;
  /** Becomes a checkpoint folder, with the adapter, where there is one, in `adapter/`. */
  folder: string;
  lessons: FilmLessons;
  seed: number;
  steps: number;
  /** Films to learn from. */
  films: number;
  /** A folder that an earlier stage left of the same model: its adapter and word tables are gone on with instead of new ones. */
  continues?: string;
}>;

export type Tuned = Readonly<{ losses: readonly number[]; tokens: number; seconds: number }>;

/** Rank, scale and target modules of both papers. */
const lora: AdapterConfig = {
  peft_type: "LORA",
  r: 64,
  lora_alpha: 128,
  target_modules: ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
};
export const tuneBatch = 24;
const peakRate = 1e-3;
/** A first question with the seconds of all frames may be longer. */
const room = 320;
const shapes = { lengths: [96, 128, 160, 192, 256, room, 384, 448], lossRows: [32, 64, room] };

export async function tune(
  options: TuneOptions,
  { emit, signal }: WorkerContext<TrainingEvent | PreparationEvent>,
): Promise<Tuned> {
  const { model, folder, lessons, seed, steps, films: count } = options;
  const { config, rawConfig, weights, tokenizer, files } = loadLlava(model);
  const isNumpro = lessons === "plain" || lessons === "numpro";
  const shown = isNumpro ? everySecond : evenlySpread;
  const vocabulary = filmVocabulary(trainVocabulary);
  const onFilm = (done: number) => emit({ type: "preparation", what: "films", done, total: count });
  const films = await trainingFilms({ seed, count, vocabulary, shown, onFilm }, { config, weights });
  const about = {
    seed,
    films,
    steps,
    tokenizer,
    tokensPerImage: tokensPerImage(config),
    batch: tuneBatch,
    length: room,
  };
  const source = isNumpro ? numproSource({ ...about, arm: lessons }) : vtimellmSource({ ...about, stage: lessons });
  let tokens = 0;
  const { onEvent, losses } = eventsIn(folder, emit);
  const adapter = isNumpro ? new Map<string, TensorData>() : adapterOf(options, config);
  const result = await train({
    stage: lessons,
    objective: languageObjective(config, {
      images: "features",
      ...(isNumpro ? { trainable: isDecoder } : { lora, trainable: isAdapted }),
      ...shapes,
    }),
    source: (step) => {
      const sequences = source(step);
      tokens += sequences.reduce((sum, { ids }) => sum + ids.length, 0);
      return sequences;
    },
    weights: new Map([...weights, ...adapter]),
    steps,
    optimizer: { peak: peakRate, floor: peakRate / 5, betas: [0.9, 0.98], weightDecay: 0, warmup: Math.min(20, steps) },
    checkpoint: { dir: join(folder, "training"), every: 100 },
    // A compiled shape keeps a GiB; compiling one again costs a tenth of a step.
    maxShapes: 3,
    config: { ...options },
    signal,
    onEvent,
  });
  const [trained, base] = split(result.weights);
  if (trained.size > 0)
    writeAdapter(join(folder, "adapter"), { config: { ...lora, base_model_name_or_path: model }, weights: trained });
  const merged = mergeLora(base, trained, loraScaling(lora));
  saveCheckpoint(folder, { config: rawConfig, files, weights: merged });
  return { losses: losses(), tokens, seconds: result.seconds };
}

const isDecoder = (name: string) => name.startsWith("language_model.");
const isTable = (name: string) => isDecoder(name) && /\.(embed_tokens|lm_head)\.weight$/.test(name);
const isAdapted = (name: string) => name.includes(".lora_") || isTable(name);

/** The adapter and word tables to go on with, or a new adapter for the decoder. */
function adapterOf({ continues, lessons, seed }: TuneOptions, config: LlavaConfig): ReadonlyMap<string, TensorData> {
  if (continues !== undefined) {
    const tables = [...loadModel(continues).weights].filter(([name]) => isTable(name));
    return new Map([...readAdapter(join(continues, "adapter")).weights, ...tables]);
  }
  const decoder = [...languageShapes(config)].filter(([name]) => isDecoder(name));
  return initialLoraWeights(loraShapes(new Map(decoder), lora), new Rng(`lora/${lessons}/${seed}`));
}

/** The adapter's weights, and the others. */
function split(weights: ReadonlyMap<string, TensorData>): [Map<string, TensorData>, Map<string, TensorData>] {
  const isAdapter = ([name]: readonly [string, TensorData]) => name.includes(".lora_");
  return [new Map([...weights].filter(isAdapter)), new Map([...weights].filter((entry) => !isAdapter(entry)))];
}
