/**
 * A recipe of stages that run in a worker thread, each leaving a checkpoint in one output folder.
 */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Device } from "../src/nn/runtime/index.ts";
import type { FinishedStage, TrainingEvent } from "../src/train/index.ts";
import type { ProgressTask, Recipe, RecipeContext, RecipeOptions, RecipeResult } from "./recipe.ts";

export type StagedRecipe = Pick<Recipe, "name" | "summary" | "stages"> &
  Readonly<{
    /** The module whose export `trainStages` runs the stages; imported when the recipe runs. */
    module: () => Promise<Readonly<{ trainStagesModule: URL }>>;
  }>;

/** What a worker's `trainStages` is given. */
export type StagesJob = Readonly<{
  folder: string;
  seed: number;
  stepsScale: number;
  only: string | null;
  device: Device | null;
}>;

export function stagedRecipe({ module, ...about }: StagedRecipe): Recipe {
  return { ...about, run: (options, context) => trainStaged(about.name, module, options, context) };
}

async function trainStaged(
  name: string,
  module: StagedRecipe["module"],
  options: RecipeOptions,
  { progress, signal }: RecipeContext,
): Promise<RecipeResult> {
  const folder = resolve(options.folder ?? `runs/${name}`);
  const { seed, stepsScale, stage, resume, device } = options;
  if (existsSync(folder) && !resume && stage === undefined) {
    throw new Error(
      `Expected no run in ${folder} yet, got one. Go on with --resume, or give another folder with --out.`,
    );
  }
  // Listing the recipes must not load what training needs.
  const { runInWorker } = await import("../src/train/index.ts");
  const { trainStagesModule } = await module();
  const tasks = new Map<string, ProgressTask>();
  const onEvent = (event: TrainingEvent) => {
    if (event.type === "start") {
      tasks.set(event.stage, progress.task(event.stage, { total: event.steps, unit: "steps", begun: event.step }));
    } else if (event.type === "step") {
      tasks.get(event.stage)?.update(event.step, `loss ${event.loss.toFixed(3)}`);
      if (event.step === event.steps) tasks.get(event.stage)?.finish();
    }
  };
  const job: StagesJob = { folder, seed, stepsScale, only: stage ?? null, device: device ?? null };
  const worker = { module: trainStagesModule, export: "trainStages", options: job };
  const finished = await runInWorker<FinishedStage[], TrainingEvent>(worker, { onEvent, signal });
  const seconds = Math.round(finished.reduce((sum, each) => sum + each.seconds, 0));
  const last = finished.at(-1) as FinishedStage;
  const lines = finished.map((each) => {
    const figures = Object.entries(each.summary).map(([name, value]) => `${name} ${value}`);
    const told = figures.length > 0 ? `, ${figures.join(", ")}` : "";
    return `${each.name.padEnd(10)}${Math.round(each.seconds)} s${each.skipped ? " (earlier)" : ""}${told}`;
  });
  const figures = finished.flatMap(({ name, summary }) =>
    Object.entries(summary).flatMap(([key, value]) => (typeof value === "number" ? [[`${name}.${key}`, value]] : [])),
  );
  return {
    folder,
    summary: { stages: finished.length, seconds, checkpoint: last.folder, ...Object.fromEntries(figures) },
    text: `${lines.join("\n")}\nCheckpoint: ${last.folder}`,
  };
}
