/** Work in other threads: one function until it is done, or calls that are answered until the thread ends. */
export { answerCalls, type CallContext, Caller, type CallOptions, type Line, portLine, processLine } from "./calls.ts";
export { runInWorker, type WorkerJob, type WorkerListeners } from "./run-in-worker.ts";
export type { WorkerContext } from "./worker-entry.ts";
export { type ErrorClass, fromPlainError, type PlainError, toPlainError } from "./worker-messages.ts";
