/**
 * One seed of the reproduction: the same questions before training, after the control, after T3.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { openLocalModel, userMessage } from "../../src/chat/index.ts";
import { writeAtomically } from "../../src/core/files/index.ts";
import { type Answer, evaluate, openRunLog, type TransferRun } from "../../src/evals/index.ts";
import type { Frame } from "../../src/media/video/index.ts";
import { type Sample, worldBenchmark } from "../../src/tasks/index.ts";
import { runInWorker, type TrainingEvent } from "../../src/train/index.ts";
import type { RecipeContext } from "../recipe.ts";
import { batch, type FineTuned, type FineTuneOptions, fineTuneModule } from "./fine-tune.ts";
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

const maxNewTokens = 24;

export async function runSeed(options: SeedOptions, context: RecipeContext): Promise<SeedRun> {
  const { model, folder, seed, perTask } = options;
  const { videos, samples } = worldBenchmark(seed, { perTask });
  const frames = await framesOfVideos(videos, join(folder, "videos"), context);
  const ask = (name: string, checkpoint: string) =>
    answersOf(name, { ...options, checkpoint, samples, frames }, context);
  const baseline = await ask("baseline", model);
  const from = { ...options, fingerprint: baseline.fingerprint };
  const t3 = await fineTuned("t3", from, context);
  const after = await ask("t3", join(folder, "t3"));
  const control = await fineTuned("control", from, context);
  const beside = await ask("control", join(folder, "control"));
  return {
    answers: { seed, baseline: baseline.answers, t3: after.answers, control: beside.answers },
    frames,
    trained: { t3, control },
    fingerprint: baseline.fingerprint,
  };
}

type FineTuneFrom = SeedOptions & Readonly<{ fingerprint: string }>;

/** Train an arm in a worker, or read what an earlier call made of the same model in as many steps. */
async function fineTuned(arm: TextArm, from: FineTuneFrom, context: RecipeContext): Promise<FineTuned> {
  const { model, folder, seed, steps, fingerprint } = from;
  const options: FineTuneOptions = { model, folder: join(folder, arm), arm, seed, steps };
  const done = join(options.folder, "fine-tuned.json");
  if (existsSync(done)) {
    const earlier = JSON.parse(readFileSync(done, "utf8")) as FineTuned & { steps: number; fingerprint: string };
    if (earlier.steps === steps && earlier.fingerprint === fingerprint) return earlier;
    throw new Error(
      `Expected ${options.folder} to hold ${fingerprint} trained for ${steps} steps, got ${earlier.fingerprint} and ` +
        `${earlier.steps} steps. Remove the folder or give another one with --out.`,
    );
  }
  const task = context.progress.task(`train ${arm}`, { total: steps, unit: "steps" });
  const onEvent = (event: TrainingEvent) => {
    if (event.type === "step") task.update(event.step, `loss ${event.loss.toFixed(3)}`);
  };
  const job = { module: fineTuneModule, export: "fineTune", options };
  const result = await runInWorker<FineTuned, TrainingEvent>(job, { onEvent, signal: context.signal });
  task.finish(`${steps * batch} rows of text`);
  writeAtomically(done, [`${JSON.stringify({ steps, fingerprint, ...result })}\n`]);
  return result;
}

type Asked = SeedOptions &
  Readonly<{ checkpoint: string; samples: readonly Sample[]; frames: ReadonlyMap<string, readonly Frame[]> }>;

async function answersOf(
  name: string,
  { checkpoint, samples, frames, folder, seed, perTask }: Asked,
  { progress, signal }: RecipeContext,
): Promise<{ answers: Answer[]; fingerprint: string }> {
  const model = openLocalModel(checkpoint);
  const log = openRunLog(join(folder, `${name}.jsonl`), {
    benchmark: `world-${perTask}`,
    model: model.fingerprint,
    sampler: "linspace-8",
    prompt: "probing",
    parser: "parseChoice",
    seed,
    coverage: { questions: samples.length, of: samples.length },
  });
  const task = progress.task(`ask ${name}`, { total: samples.length, unit: "questions", begun: log.answers.length });
  try {
    const answers = await evaluate({
      samples,
      log,
      signal,
      batch: 128,
      onProgress: ({ done }) => task.update(done),
      ask: async (asked) => {
        const seen = asked.map(({ video }) => frames.get(video) as readonly Frame[]);
        const chats = asked.map(({ question }, i) => [userMessage(question, seen[i] as readonly Frame[])]);
        const replies = await model.generateMany(chats, { maxNewTokens, signal });
        return replies.map(({ text }, i) => {
          return { text, frames: (seen[i] as readonly Frame[]).map(({ time, index }) => ({ time, index })) };
        });
      },
    });
    task.finish(`${answers.filter(({ correct }) => correct).length} of ${answers.length} right`);
    return { answers, fingerprint: model.fingerprint };
  } finally {
    log.close();
    await model.dispose();
  }
}
