/** The stages of zoetrope-micro-reader as they run in a worker thread. */
import { type FinishedStage, runStages, type TrainingEvent } from "../../src/train/index.ts";
import type { StagesJob } from "../staged-recipe.ts";
import { readerStages } from "./reader-stages.ts";

export const trainStagesModule = new URL(import.meta.url);

export function trainStages(
  { folder, seed, stepsScale, only, device }: StagesJob,
  { emit, signal }: Readonly<{ emit(event: TrainingEvent): void; signal: AbortSignal }>,
): Promise<FinishedStage[]> {
  const stages = readerStages({ seed, stepsScale });
  return runStages({ folder, stages, only: only ?? undefined, device: device ?? undefined, signal, onEvent: emit });
}
