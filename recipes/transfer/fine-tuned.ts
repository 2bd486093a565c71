/**
 * A fine-tuned checkpoint: trained in a worker, or what an earlier call made of the same model in the same way.
 */
import { basename } from "node:path";
import type { RecipeContext } from "../recipe.ts";
import { trainOnce } from "../train-once.ts";
import { batch, type FineTuned, type FineTuneOptions, fineTuneModule } from "./fine-tune.ts";

/** Lies in the folder of a finished one. */
export const fineTunedFile = "fine-tuned.json";

/** `fingerprint` is that of the model to begin from. */
export async function fineTuned(
  { fingerprint, ...options }: FineTuneOptions & Readonly<{ fingerprint: string }>,
  context: RecipeContext,
): Promise<FineTuned> {
  const { folder, model, ...wanted } = options;
  const job = {
    ...{ folder, file: fineTunedFile, asked: { fingerprint, ...wanted } },
    ...{ module: fineTuneModule, export: "fineTune", options },
    ...{ name: `train ${basename(folder)}`, steps: wanted.steps, done: `${wanted.steps * batch} rows of text` },
  };
  return trainOnce<FineTuned>(job, context);
}
