/**
 * VTimeLLM's first stage: a new projector, trained alone. Its objective is the one of zoetrope-micro's alignment: each visual token is drawn
 * to the embedding of one keyword of the picture's caption.
 */
import { join } from "node:path";
import { Rng } from "../../src/core/math/index.ts";
import { saveCheckpoint, type TensorData, type Weights } from "../../src/nn/checkpoint/index.ts";
import { initialWeights } from "../../src/nn/models/index.ts";
import { train } from "../../src/train/index.ts";
import { fingerprintOfModel } from "../fingerprint.ts";
import { eventsIn, loadLlava, type WorkerContext } from "../llava-training.ts";
import { alignObjective, alignSource, tableMeanSquare } from "../micro/align.ts";
import { keywordsOf } from "../micro/captions.ts";
import { Pictures } from "../micro/pictures.ts";
import type { RecipeContext } from "../recipe.ts";
import { trainOnce } from "../train-once.ts";

export const projectorModule = new URL(import.meta.url);

export type ProjectorOptions = Readonly<{ model: string; folder: string; seed: number; steps: number }>;
type Projected = Readonly<{ seconds: number }>;

const isProjector = (name: string) => name.startsWith("multi_modal_projector.");
const pictureCount = 12_000;
const batch = 256;

/** Made to run in a worker thread. */
export async function trainProjector(
  { model, folder, seed, steps }: ProjectorOptions,
  { emit, signal }: WorkerContext,
): Promise<Projected> {
  const { config, rawConfig, weights, shapes, tokenizer, files } = loadLlava(model);
  const fresh = initialWeights(
    new Map([...shapes].filter(([name]) => isProjector(name))),
    new Rng(`projector/${seed}`),
    0.04,
  );
  const pictures = new Pictures(`projector/${seed}`, Math.min(pictureCount, steps * batch));
  const words = pictures.glimpses.map((glimpse) => tokenizer.encode(keywordsOf(glimpse).join(" ")));
  const result = await train({
    stage: "stage1",
    objective: alignObjective(config, tableMeanSquare(weights)),
    source: alignSource(pictures, words, { seed: `projector/${seed}`, batch }),
    weights: merged(weights, fresh),
    trainable: isProjector,
    steps,
    optimizer: { peak: 3e-3, betas: [0.9, 0.98], warmup: Math.min(30, steps) },
    checkpoint: { dir: join(folder, "training"), every: 200 },
    config: { seed, steps, batch },
    signal,
    onEvent: eventsIn(folder, emit).onEvent,
  });
  saveCheckpoint(folder, { config: rawConfig, files, weights: result.weights });
  return { seconds: result.seconds };
}

/** The stage in a worker, or what an earlier call made. */
export function projected(options: ProjectorOptions, context: RecipeContext): Promise<Projected> {
  const { model, folder, ...wanted } = options;
  const job = {
    ...{ folder, file: "projected.json", asked: { model: fingerprintOfModel(model), ...wanted } },
    ...{ module: projectorModule, export: "trainProjector", options },
    ...{ name: "train stage1", steps: wanted.steps, done: `${wanted.steps * batch} pictures` },
  };
  return trainOnce<Projected>(job, context);
}

function merged(weights: Weights, over: ReadonlyMap<string, TensorData>): Map<string, TensorData> {
  return new Map([...weights].map(([name, tensor]) => [name, over.get(name) ?? tensor]));
}
