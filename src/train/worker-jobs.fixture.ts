/**
 * Functions for a worker thread to run in tests.
 */
import type { WorkerContext } from "../core/threads/index.ts";
import { tinyTraining } from "./tiny-training.fixture.ts";
import { train } from "./train.ts";
import { TrainingDiverged } from "./training-diverged.ts";
import type { TrainingEvent } from "./training-event.ts";

export type TinyJob = Readonly<{ steps: number; dir?: string }>;

/** A tiny training; gives its losses. */
export async function trainTiny(
  { steps, dir }: TinyJob,
  context: WorkerContext<TrainingEvent>,
): Promise<readonly number[]> {
  const { emit: onEvent, signal } = context;
  const checkpoint = dir === undefined ? {} : { checkpoint: { dir, every: steps } };
  return (await train(tinyTraining({ steps, onEvent, signal, ...checkpoint }))).losses;
}

export async function diverge(): Promise<never> {
  throw new TrainingDiverged({ stage: "tiny", step: 7, loss: Number.NaN, gradNorm: 1 }, "Go slower.");
}

export async function breakDown(): Promise<never> {
  process.exit(3);
}

export const notAFunction = 1;
