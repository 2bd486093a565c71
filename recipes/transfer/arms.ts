/**
 * One seed of the reproduction: the same questions before training, after the control, after T3.
 */
import { join } from "node:path";
import { openLocalModel } from "../../src/chat/index.ts";
import type { Answer, TransferRun } from "../../src/evals/index.ts";
import type { Frame } from "../../src/media/video/index.ts";
import { type Sample, worldBenchmark } from "../../src/tasks/index.ts";
import type { RecipeContext } from "../recipe.ts";
import { answersOf } from "./answers.ts";
import type { FineTuned } from "./fine-tune.ts";
import { fineTuned } from "./fine-tuned.ts";
import type { TextArm } from "./text.ts";
import { framesOfVideos } from "./videos.ts";

export type SeedOptions = Readonly<{ model: string; folder: string; seed: number; steps: number; perTask: number }>;

/** A seed's answers, its frames for the report, and what each training told. */
export type SeedRun = Readonly<{
  answers: TransferRun;
  frames: ReadonlyMap<string, readonly Frame[]>;
  trained: Readonly<Record<TextArm, FineTuned>>;
  fingerprint: string;
}>;

/** A tenth of the way back to the baseline keeps what it knew of static questions and costs nothing on time (docs/log.md 18). */
export const tunedShare = 0.9;

export async function runSeed(options: SeedOptions, context: RecipeContext): Promise<SeedRun> {
  const { model, folder, seed, steps, perTask } = options;
  const { videos, samples } = worldBenchmark(seed, { perTask });
  const frames = await framesOfVideos(videos, join(folder, "videos"), context);
  const ask = (name: string, checkpoint: string) => asked(name, { ...options, checkpoint, samples, frames }, context);
  const baseline = await ask("baseline", model);
  const { fingerprint } = baseline;
  const train = (arm: TextArm) =>
    fineTuned({ model, folder: join(folder, arm), arm, seed, steps, share: tunedShare, fingerprint }, context);
  const t3 = await train("t3");
  const after = await ask("t3", join(folder, "t3"));
  const control = await train("control");
  const beside = await ask("control", join(folder, "control"));
  return {
    answers: { seed, baseline: baseline.answers, t3: after.answers, control: beside.answers },
    frames,
    trained: { t3, control },
    fingerprint,
  };
}

type Asked = SeedOptions &
  Readonly<{ checkpoint: string; samples: readonly Sample[]; frames: ReadonlyMap<string, readonly Frame[]> }>;

async function asked(
  name: string,
  { checkpoint, samples, frames, folder, seed, perTask }: Asked,
  context: RecipeContext,
): Promise<{ answers: Answer[]; fingerprint: string }> {
  const model = openLocalModel(checkpoint);
  try {
    const what = { name, folder, benchmark: `world-${perTask}`, sampler: "linspace-8", seed, samples, frames };
    return { answers: await answersOf(model, what, context), fingerprint: model.fingerprint };
  } finally {
    await model.dispose();
  }
}
