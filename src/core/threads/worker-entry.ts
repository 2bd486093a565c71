/**
 * What a worker thread runs: one exported function of one module, with an emitter and an abort signal.
 */
import { parentPort, workerData } from "node:worker_threads";
import { fromPlainError, type Job, type Order, type Report, toPlainError } from "./worker-messages.ts";

/** What the function gets beside its options. */
export type WorkerContext<Event> = Readonly<{ emit(event: Event): void; signal: AbortSignal }>;

async function main(): Promise<void> {
  const port = parentPort;
  if (port === null) throw new Error("Expected to be started as a worker thread. Call runInWorker instead.");
  const stop = new AbortController();
  const report = (message: Report) => port.postMessage(message);
  port.on("message", (order: Order) => stop.abort(fromPlainError(order.reason)));
  try {
    const job = workerData as Job;
    const exported = ((await import(job.module)) as Readonly<Record<string, unknown>>)[job.export];
    if (typeof exported !== "function") {
      throw new TypeError(`Expected a function "${job.export}" in ${job.module}, got ${typeof exported}. Export it.`);
    }
    const context: WorkerContext<unknown> = { emit: (event) => report({ type: "event", event }), signal: stop.signal };
    report({ type: "result", result: await exported(job.options, context) });
  } catch (error) {
    report({ type: "error", error: toPlainError(error) });
  } finally {
    // Nothing else keeps the thread alive.
    port.close();
  }
}

await main();
