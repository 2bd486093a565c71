/**
 * One seed of the analyses: every model trained, then asked about videos, about held-out text and, some, with other numbers
 * of frames. What an earlier call has done is read from its folder.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { openLocalModel } from "../../src/chat/index.ts";
import { type Answer, percentText } from "../../src/evals/index.ts";
import { worldBenchmark } from "../../src/tasks/index.ts";
import type { RecipeContext } from "../recipe.ts";
import { type Asking, answersOf } from "../transfer/answers.ts";
import type { FineTuned } from "../transfer/fine-tune.ts";
import { fineTuned } from "../transfer/fine-tuned.ts";
import { framesOfVideos } from "../transfer/videos.ts";
import { heldOutText } from "./held-out-text.ts";
import { frameIds, type ModelId, modelIds, names, trainingOf } from "./mixtures.ts";
import { type OtherCount, otherCounts, otherFrames } from "./more-frames.ts";
import type { OverallProgress } from "./overall-progress.ts";
import { keyOf, videosKey } from "./plan.ts";

/** What a model answered; `frames` only for the models whose gain from more frames is measured. */
export type ModelAnswers = Readonly<{
  video: readonly Answer[];
  text: readonly Answer[];
  frames: ReadonlyMap<OtherCount, readonly Answer[]>;
  trained?: FineTuned;
}>;

export type SeedAnswers = Readonly<{
  seed: number;
  fingerprint: string;
  models: Readonly<Record<ModelId, ModelAnswers>>;
}>;

export type SeedOptions = Readonly<{ model: string; folder: string; seed: number; steps: number; perTask: number }>;

type Context = Readonly<{ overall: OverallProgress; signal: AbortSignal }>;

export async function runSeed(options: SeedOptions, context: Context): Promise<SeedAnswers> {
  const { model, folder, seed, perTask } = options;
  const { videos, samples } = worldBenchmark(seed, { perTask });
  const within = (key: string, what: string): RecipeContext => {
    return { progress: context.overall.piece(key, `seed ${seed}: ${what}`), signal: context.signal };
  };
  const onVideos = within(videosKey(seed), "videos");
  const clips = join(folder, "videos");
  const frames = await framesOfVideos(videos, clips, onVideos);
  const temporal = samples.filter(({ kind }) => kind === "temporal");
  const more = await otherFrames([...new Set(temporal.map(({ video }) => video))], clips, onVideos);
  const looks: readonly Look[] = [
    { what: "video", benchmark: `world-${perTask}`, sampler: "linspace-8", samples, frames },
    { what: "text", benchmark: `held-out-text-${perTask}`, sampler: "none", samples: heldOutText(seed, { perTask }) },
    ...otherCounts.map((count): Look => {
      const benchmark = `world-${perTask}-temporal`;
      return {
        what: `frames-${count}`,
        benchmark,
        sampler: `linspace-${count}`,
        samples: temporal,
        frames: more.get(count) as NonNullable<Look["frames"]>,
      };
    }),
  ];
  const base = openLocalModel(model);
  const { fingerprint } = base;
  await base.dispose();
  const models: Partial<Record<ModelId, ModelAnswers>> = {};
  for (const id of modelIds) {
    context.signal.throwIfAborted();
    const train = within(keyOf(seed, id, "train"), `train ${names[id]}`);
    const trained = await trainedModel(id, { ...options, fingerprint }, train);
    const mine = looks.slice(0, (frameIds as readonly ModelId[]).includes(id) ? looks.length : 2);
    models[id] = { ...(await asked(id, { ...options, looks: mine }, within)), ...(trained && { trained }) };
    const score = (answers: readonly Answer[]) => {
      const counted = answers.filter(({ sample }) => sample.kind === "temporal");
      return percentText((100 * counted.filter(({ correct }) => correct).length) / counted.length);
    };
    const { video, text } = models[id];
    context.overall.note(`seed ${seed}, ${names[id]}: ${score(video)} % on video, ${score(text)} % on held-out text`);
  }
  return { seed, fingerprint, models: models as Record<ModelId, ModelAnswers> };
}

type Look = Omit<Asking, "name" | "folder" | "seed"> & Readonly<{ what: string }>;

async function trainedModel(
  id: ModelId,
  { model, folder, seed, steps, fingerprint }: SeedOptions & Readonly<{ fingerprint: string }>,
  context: RecipeContext,
): Promise<FineTuned | undefined> {
  const training = trainingOf(id);
  if (!training) return undefined;
  const own = join(folder, id);
  const trained = await fineTuned({ model, folder: own, seed, steps, fingerprint, ...training }, context);
  // What resumes a training is three times the size of the model, and this one is over.
  rmSync(join(own, "training"), { recursive: true, force: true });
  return trained;
}

async function asked(
  id: ModelId,
  { model: base, folder, seed, looks }: SeedOptions & Readonly<{ looks: readonly Look[] }>,
  within: (key: string, what: string) => RecipeContext,
): Promise<ModelAnswers> {
  const model = openLocalModel(trainingOf(id) ? join(folder, id) : base);
  try {
    const answers = new Map<string, readonly Answer[]>();
    for (const { what, ...look } of looks) {
      const context = within(keyOf(seed, id, what), `ask ${names[id]}, ${what}`);
      answers.set(what, await answersOf(model, { ...look, name: `${id}-${what}`, folder, seed }, context));
    }
    const frames = otherCounts.flatMap((count) => {
      const found = answers.get(`frames-${count}`);
      return found ? [[count, found] as const] : [];
    });
    return {
      video: answers.get("video") as readonly Answer[],
      text: answers.get("text") as readonly Answer[],
      frames: new Map(frames),
    };
  } finally {
    await model.dispose();
  }
}
