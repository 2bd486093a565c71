/** Reads and compares logs off the page's thread: ten thousand samples take a second. */
import "../../platform/globals.ts";
import { compareOutcomes } from "zoetrope/evals/runs/format";
import { readRuns } from "./read-runs.ts";
import type { RunsCall, RunsResult } from "./studio-run.ts";

self.addEventListener("message", ({ data }: MessageEvent<RunsCall>) => {
  self.postMessage(answerTo(data));
});

function answerTo(call: RunsCall): RunsResult {
  const { id } = call;
  try {
    if (call.call === "read") return { id, read: readRuns(call.files) };
    return { id, compare: compareOutcomes(call.a, call.b, { metric: call.metric, resamples: 1000 }) };
  } catch (error) {
    return { id, error: (error as Error).message };
  }
}
