/**
 * `zoetrope train micro`: zoetrope-micro from nothing, in the stages of stages.ts.
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { FinishedStage, TrainingEvent } from "../../src/train/index.ts";
import type { ProgressTask, Recipe, RecipeContext, RecipeOptions, RecipeResult } from "../recipe.ts";

export const microRecipe: Recipe = {
  name: "micro",
  summary: "zoetrope-micro from nothing: a LLaVA of three million parameters (about an hour on two cores)",
  stages: ["vision", "language", "align", "instruct", "practise", "drill"],
  run: trainMicro,
};

async function trainMicro(options: RecipeOptions, { progress, signal }: RecipeContext): Promise<RecipeResult> {
  const folder = resolve(options.folder ?? "runs/micro");
  const { seed, stepsScale, stage, resume } = options;
  if (existsSync(folder) && !resume && stage === undefined) {
    throw new Error(
      `Expected no run in ${folder} yet, got one. Go on with --resume, or give another folder with --out.`,
    );
  }
  // Listing the recipes must not load what training needs.
  const { runInWorker } = await import("../../src/train/index.ts");
  const { trainStagesModule } = await import("./train-stages.ts");
  const tasks = new Map<string, ProgressTask>();
  const onEvent = (event: TrainingEvent) => {
    if (event.type === "start") {
      tasks.set(event.stage, progress.task(event.stage, { total: event.steps, unit: "steps", begun: event.step }));
    } else if (event.type === "step") {
      tasks.get(event.stage)?.update(event.step, `loss ${event.loss.toFixed(3)}`);
      if (event.step === event.steps) tasks.get(event.stage)?.finish();
    }
  };
  const job = { folder, seed, stepsScale, only: stage ?? null };
  const worker = { module: trainStagesModule, export: "trainStages", options: job };
  const finished = await runInWorker<FinishedStage[], TrainingEvent>(worker, { onEvent, signal });
  const seconds = Math.round(finished.reduce((sum, each) => sum + each.seconds, 0));
  const last = finished.at(-1) as FinishedStage;
  const lines = finished.map((each) => {
    return `${each.name.padEnd(10)}${Math.round(each.seconds)} s${each.skipped ? " (earlier)" : ""}`;
  });
  return {
    folder,
    summary: { stages: finished.length, seconds, checkpoint: last.folder },
    text: `${lines.join("\n")}\nCheckpoint: ${last.folder}`,
  };
}
