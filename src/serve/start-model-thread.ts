/**
 * Starting the thread of a model, as the server sees it.
 */
import { MessageChannel } from "node:worker_threads";
import { Caller, portLine, runInWorker } from "../core/threads/index.ts";
import { shuttingDown } from "./api-error.ts";
import type { Batch, BatchEvent, ModelFacts, ThreadOptions } from "./model-thread.ts";

export type RunningThread = Readonly<{
  facts: ModelFacts;
  caller: Caller<Batch, void, BatchEvent>;
  ended: Promise<void>;
}>;

/** Resolves when the model is open. `onEnd` is called when the thread is gone, whatever the reason. */
export function startModelThread(
  model: Omit<ThreadOptions, "port">,
  signal: AbortSignal,
  onEnd: () => void,
): Promise<RunningThread> {
  const { port1, port2 } = new MessageChannel();
  const caller = new Caller<Batch, void, BatchEvent>(portLine(port1));
  const { reference, batch, threads, weights, device } = model;
  const asked = { ...(weights && { weights }), ...(device && { device }) };
  const options: ThreadOptions = { reference, batch, threads, ...asked, port: port2 };
  // tsc rewrites imports to .js but not strings: the thread's file ends as this file does.
  const module = new URL(`./model-thread.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url);
  return new Promise<RunningThread>((resolve, reject) => {
    const running = runInWorker<void, ModelFacts>(
      { module, export: "runModelThread", options, transfer: [port2] },
      { signal, onEvent: (facts) => resolve({ facts, caller, ended }) },
    );
    const ended = running
      .then(
        () => caller.fail(shuttingDown()),
        (error: unknown) => {
          caller.fail(error);
          reject(error);
        },
      )
      .finally(() => {
        port1.close();
        onEnd();
      });
  });
}
