/**
 * Training in a worker thread, so that this one keeps drawing progress bars and hears Ctrl-C while ONNX Runtime computes.
 */
import { runInWorker as runAnyInWorker, type WorkerJob, type WorkerListeners } from "../core/threads/index.ts";
import { TrainingDiverged } from "./training-diverged.ts";

/** As runInWorker of core/threads; a TrainingDiverged comes back as one. */
export function runInWorker<Result, Event = unknown>(
  job: WorkerJob,
  listeners: WorkerListeners<Event> = {},
): Promise<Result> {
  return runAnyInWorker(job, { ...listeners, errors: [TrainingDiverged] });
}
