/**
 * Long work in a worker thread, so that this one keeps drawing progress bars and hears Ctrl-C while ONNX Runtime computes.
 */
import { type TransferListItem, Worker } from "node:worker_threads";
import { type ErrorClass, fromPlainError, type Job, type Order, type Report, toPlainError } from "./worker-messages.ts";

export type WorkerJob = Readonly<{
  /** Usually of the calling module: new URL(import.meta.url). It must be free to import, and export the function. */
  module: URL;
  /** Name of an exported `(options, context: WorkerContext) => Promise<result>`. */
  export: string;
  /** Plain data, as structured cloning takes it (typed arrays and Maps too, functions not). */
  options: unknown;
  /** What of the options is handed over rather than copied: ports, buffers. */
  transfer?: readonly TransferListItem[];
}>;

export type WorkerListeners<Event> = Readonly<{
  onEvent?: ((event: Event) => void) | undefined;
  /** Forwarded; the function decides when to stop, and its rejection (an AbortError) comes back. */
  signal?: AbortSignal | undefined;
  /** Errors of these classes come back as themselves; the platform's always do. */
  errors?: readonly ErrorClass[] | undefined;
}>;

/**
 * Run a function in a worker thread until it is done. Its errors come back with name, message, stack and plain fields; an
 * error thrown by `onEvent` stops the work and is thrown here.
 */
export async function runInWorker<Result, Event = unknown>(
  job: WorkerJob,
  { onEvent, signal, errors }: WorkerListeners<Event> = {},
): Promise<Result> {
  if (signal?.aborted) throw new DOMException(`Stopped before "${job.export}" began: aborted.`, "AbortError");
  // tsc rewrites imports to .js but not strings: the worker's file ends as this file does.
  const fromSource = import.meta.url.endsWith(".ts");
  const entry = new URL(`./worker-entry.${fromSource ? "ts" : "js"}`, import.meta.url);
  const workerData: Job = { module: job.module.href, export: job.export, options: job.options };
  const needsLoader = fromSource || job.module.pathname.endsWith(".ts");
  const transferList = [...(job.transfer ?? [])];
  const worker = new Worker(needsLoader ? withTypeScript(entry) : entry, { workerData, transferList });
  const abort = () => worker.postMessage({ type: "abort", reason: toPlainError(signal?.reason) } satisfies Order);
  signal?.addEventListener("abort", abort, { once: true });
  let outcome: Exclude<Report, { type: "event" }> | undefined;
  let listenerFailure: { error: unknown } | undefined;
  try {
    return await new Promise<Result>((resolve, reject) => {
      worker.on("message", (report: Report) => {
        if (report.type !== "event") {
          outcome = report;
          return;
        }
        if (listenerFailure) return;
        try {
          onEvent?.(report.event as Event);
        } catch (error) {
          listenerFailure = { error };
          worker.postMessage({ type: "abort", reason: toPlainError(error) } satisfies Order);
        }
      });
      worker.on("error", (error) => {
        reject(new Error(`The worker of "${job.export}" broke down: ${error.message}.`, { cause: error }));
      });
      worker.on("exit", (code) => {
        if (listenerFailure) reject(listenerFailure.error);
        else if (outcome?.type === "result") resolve(outcome.result as Result);
        else if (outcome) reject(fromPlainError(outcome.error, errors));
        else reject(new Error(`The worker of "${job.export}" ended with code ${code} and without a result.`));
      });
    });
  } finally {
    signal?.removeEventListener("abort", abort);
  }
}

/**
 * A module that makes the thread read TypeScript before it runs the entry. The flag `--import tsx` does not do: Node 20
 * applies hooks from it to imports of a worker, but not to its first file.
 */
function withTypeScript(entry: URL): URL {
  const api = import.meta.resolve("tsx/esm/api");
  const code = `import { register } from "${api}"; register(); await import("${entry.href}");`;
  return new URL(`data:text/javascript,${encodeURIComponent(code)}`);
}
