/** The page's side of the worker: calls as promises that can be stopped. */
import type { Call, FromWorker, Progress, Result, ToWorker } from "./protocol.ts";

export type CallOptions = Readonly<{ signal?: AbortSignal; onProgress?: (progress: Progress) => void }>;

/** A call that was stopped on purpose; nothing to show. */
export class Stopped extends Error {
  override name = "Stopped";
}

type Waiting = Readonly<{
  resolve: (result: Result[Call["call"]]) => void;
  reject: (error: Error) => void;
  onProgress?: ((progress: Progress) => void) | undefined;
}>;

const waiting = new Map<number, Waiting>();
let worker: Worker | undefined;
let nextId = 1;

/** Ask the worker. It is started at the first call. */
export function call<C extends Call>(message: C, options: CallOptions = {}): Promise<Result[C["call"]]> {
  const id = nextId++;
  const { signal, onProgress } = options;
  return new Promise<Result[Call["call"]]>((resolve, reject) => {
    waiting.set(id, { resolve, reject, onProgress });
    signal?.addEventListener("abort", () => post({ id, abort: true }), { once: true });
    post({ id, message });
  }) as Promise<Result[C["call"]]>;
}

function post(message: ToWorker): void {
  worker ??= start();
  worker.postMessage(message);
}

function start(): Worker {
  const started = new Worker(new URL("./engine.worker.ts", import.meta.url), { type: "module" });
  started.postMessage({ page: document.baseURI });
  started.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => {
    const entry = waiting.get(data.id);
    if (entry === undefined) return;
    if ("progress" in data) return entry.onProgress?.(data.progress);
    waiting.delete(data.id);
    if ("result" in data) entry.resolve(data.result);
    else entry.reject(data.isAborted ? new Stopped(data.error) : new Error(data.error));
  });
  started.addEventListener("error", (event) => {
    const error = new Error(`The worker stopped (${event.message || "it could not be started"}). Reload the page.`);
    for (const entry of waiting.values()) entry.reject(error);
    waiting.clear();
    worker = undefined;
  });
  return started;
}
