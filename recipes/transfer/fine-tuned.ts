/**
 * A fine-tuned checkpoint: trained in a worker, or what an earlier call made of the same model in the same way.
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { writeAtomically } from "../../src/core/files/index.ts";
import { runInWorker, type TrainingEvent } from "../../src/train/index.ts";
import type { RecipeContext } from "../recipe.ts";
import { batch, type FineTuned, type FineTuneOptions, fineTuneModule } from "./fine-tune.ts";

/** Lies in the folder of a finished one. */
export const fineTunedFile = "fine-tuned.json";

/** `fingerprint` is that of the model to begin from. */
export async function fineTuned(
  { fingerprint, ...options }: FineTuneOptions & Readonly<{ fingerprint: string }>,
  context: RecipeContext,
): Promise<FineTuned> {
  const { folder, model, ...wanted } = options;
  const { steps } = wanted;
  const asked = JSON.stringify({ fingerprint, ...wanted });
  const done = join(folder, fineTunedFile);
  if (existsSync(done)) {
    const { asked: earlier, ...result } = JSON.parse(readFileSync(done, "utf8")) as FineTuned & { asked: unknown };
    if (JSON.stringify(earlier) === asked) return result;
    throw new Error(
      `Expected ${folder} to hold what ${asked} makes, got ${JSON.stringify(earlier)}. Remove the folder or give ` +
        "another one with --out.",
    );
  }
  const task = context.progress.task(`train ${basename(folder)}`, { total: steps, unit: "steps" });
  const onEvent = (event: TrainingEvent) => {
    if (event.type === "step") task.update(event.step, `loss ${event.loss.toFixed(3)}`);
  };
  const job = { module: fineTuneModule, export: "fineTune", options };
  const result = await runInWorker<FineTuned, TrainingEvent>(job, { onEvent, signal: context.signal });
  task.finish(`${steps * batch} rows of text`);
  writeAtomically(done, [`${JSON.stringify({ asked: JSON.parse(asked), ...result })}\n`]);
  return result;
}
