/**
 * A training whose outcome lies in its folder: made in a worker thread, or read where an earlier call made it in the same way.
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { writeAtomically } from "../src/core/files/index.ts";
import { runInWorker, type TrainingEvent } from "../src/train/index.ts";
import type { ProgressTask, RecipeContext } from "./recipe.ts";

export type TrainOnce = Readonly<{
  /** Where the outcome lies, under `file`. */
  folder: string;
  file: string;
  /** All that the outcome depends on, as JSON; an outcome of something else is refused. */
  asked: Readonly<Record<string, unknown>>;
  /** The function that trains, by the module that exports it; it is given `options`. */
  module: URL;
  export: string;
  options: unknown;
  /** Of the progress bar. */
  name: string;
  steps: number;
  done: string;
}>;

/** What a training does before its first step. */
export type PreparationEvent = Readonly<{ type: "preparation"; what: string; done: number; total: number }>;

export async function trainOnce<Outcome extends object>(job: TrainOnce, context: RecipeContext): Promise<Outcome> {
  const { folder, file, name, steps } = job;
  const asked = JSON.stringify(job.asked);
  const path = join(folder, file);
  if (existsSync(path)) {
    const { asked: earlier, ...outcome } = JSON.parse(readFileSync(path, "utf8")) as Outcome & { asked: unknown };
    if (JSON.stringify(earlier) === asked) return outcome as unknown as Outcome;
    throw new Error(
      `Expected ${folder} to hold what ${asked} makes, got ${JSON.stringify(earlier)}. Remove the folder or give ` +
        "another one with --out.",
    );
  }
  const { progress, signal } = context;
  let preparation: ProgressTask | undefined;
  let task: ProgressTask | undefined;
  const onEvent = (event: TrainingEvent | PreparationEvent) => {
    if (event.type === "preparation") {
      const { what, done, total } = event;
      preparation ??= progress.task(`${what} for ${basename(folder)}`, { total, unit: what });
      preparation.update(done);
      if (done === total) preparation.finish();
    } else if (event.type === "start") {
      // The rate counts from here: neither preparation nor what an earlier call trained belongs to it.
      task ??= progress.task(name, { total: steps, unit: "steps", begun: event.step });
    } else if (event.type === "step") {
      task?.update(event.step, `loss ${event.loss.toFixed(3)}`);
    }
  };
  const worker = { module: job.module, export: job.export, options: job.options };
  const outcome = await runInWorker<Outcome, TrainingEvent | PreparationEvent>(worker, { onEvent, signal });
  task?.finish(job.done);
  writeAtomically(path, [`${JSON.stringify({ asked: job.asked, ...outcome })}\n`]);
  return outcome;
}
