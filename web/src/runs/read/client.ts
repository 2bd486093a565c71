/** The page's side of the worker that reads logs. */
import type { Comparison, Outcome } from "zoetrope/evals/runs/format";
import type { DroppedFile, ReadRuns, RunsCall, RunsResult } from "./studio-run.ts";

let worker: Worker | undefined;
let nextId = 1;

export async function readLogs(files: readonly DroppedFile[]): Promise<ReadRuns> {
  const result = await ask({ id: nextId++, call: "read", files });
  if ("read" in result) return result.read;
  throw new Error("error" in result ? result.error : "Expected runs, got something else. Reload the page.");
}

export async function compareRuns(a: readonly Outcome[], b: readonly Outcome[], metric: string): Promise<Comparison> {
  const result = await ask({ id: nextId++, call: "compare", a, b, metric });
  if ("compare" in result) return result.compare;
  throw new Error("error" in result ? result.error : "Expected a comparison, got something else. Reload the page.");
}

function ask(call: RunsCall): Promise<RunsResult> {
  worker ??= new Worker(new URL("./runs.worker.ts", import.meta.url), { type: "module" });
  const target = worker;
  return new Promise((resolve, reject) => {
    const listen = ({ data }: MessageEvent<RunsResult>) => {
      if (data.id !== call.id) return;
      target.removeEventListener("message", listen);
      resolve(data);
    };
    target.addEventListener("message", listen);
    target.addEventListener("error", () => reject(new Error("The reader of logs stopped. Reload the page.")), {
      once: true,
    });
    target.postMessage(call);
  });
}
