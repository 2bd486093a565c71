/** The stages of zoetrope-micro as they run in a worker thread. */
import { type FinishedStage, runStages, type TrainingEvent } from "../../src/train/index.ts";
import { microStages } from "./stages.ts";

export const trainStagesModule = new URL(import.meta.url);

import type { StagesJob } from "../staged-recipe.ts";

export function trainStages(
  { folder, seed, stepsScale, only, device }: StagesJob,
  { emit, signal }: Readonly<{ emit(event: TrainingEvent): void; signal: AbortSignal }>,
): Promise<FinishedStage[]> {
  return runStages({
    folder,
    stages: microStages({ seed, stepsScale }),
    only: only ?? undefined,
    device: device ?? undefined,
    signal,
    onEvent: emit,
  });
}
