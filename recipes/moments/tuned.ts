/** A checkpoint tuned on films: trained in a worker, or what an earlier call made in the same way. */
import { basename } from "node:path";
import { fingerprintOfModel } from "../fingerprint.ts";
import type { RecipeContext } from "../recipe.ts";
import { trainOnce } from "../train-once.ts";
import { type Tuned, type TuneOptions, tuneBatch, tuneModule } from "./tune.ts";

export async function tuned(options: TuneOptions, context: RecipeContext): Promise<Tuned> {
  const { folder, model, continues, ...wanted } = options;
  const asked = {
    ...{ model: fingerprintOfModel(model), ...wanted },
    ...(continues !== undefined && { continues: fingerprintOfModel(continues) }),
  };
  const job = {
    ...{ folder, file: "tuned.json", asked, module: tuneModule, export: "tune", options },
    ...{ name: `train ${basename(folder)}`, steps: wanted.steps, done: `${wanted.steps * tuneBatch} conversations` },
  };
  return trainOnce<Tuned>(job, context);
}
