/**
 * Seconds to score QVHighlights' validation set, 1,550 queries, from files to every number of the official report with
 * intervals: the sample submission where it is at hand, else a made-up one of the same size. The official script takes 6.1 s.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Rng } from "../src/core/math/index.ts";
import { readHighlightPredictions, readHighlightTruth } from "../src/data/index.ts";
import { scoreQvHighlights } from "../src/evals/index.ts";
import { type Figures, median } from "./bench.ts";

const shared = process.env.ZOETROPE_SHARED ?? resolve(import.meta.dirname, "../../shared");
const released = join(shared, "data/qvhighlights");

export const name = "moments";

export async function run(): Promise<Figures> {
  const real = existsSync(released);
  const folder = real ? released : madeUp();
  try {
    const rounds = Array.from({ length: 5 }, () => score(folder));
    const [first] = rounds as [(typeof rounds)[0]];
    return {
      queries: first.queries,
      source: real ? "the sample submission" : "made-up predictions",
      firstSeconds: first.seconds,
      seconds: median(rounds.map(({ seconds }) => seconds)),
      readSeconds: median(rounds.map(({ readSeconds }) => readSeconds)),
      referenceSeconds: 6.1,
    };
  } finally {
    if (!real) rmSync(folder, { recursive: true });
  }
}

function score(folder: string) {
  const started = performance.now();
  const truth = readHighlightTruth(join(folder, "highlight_val_release.jsonl"));
  const predictions = readHighlightPredictions(join(folder, "sample_val_preds.jsonl"));
  const read = performance.now();
  scoreQvHighlights(truth.rows, predictions.rows);
  const seconds = (from: number, to: number) => Number(((to - from) / 1000).toFixed(3));
  return {
    queries: truth.rows.size,
    seconds: seconds(started, performance.now()),
    readSeconds: seconds(started, read),
  };
}

/** Videos of 150 s with one window each, ten predicted windows, 75 scores. */
function madeUp(): string {
  const folder = mkdtempSync(join(tmpdir(), "moments-"));
  const rng = new Rng("bench");
  const truths = Array.from({ length: 1550 }, (_, qid) => {
    const start = 2 * rng.below(60);
    const clips = Array.from({ length: rng.integer(2, 14) }, (_, i) => start / 2 + i);
    const saliency_scores = clips.map(() => [rng.below(5), rng.below(5), rng.below(5)]);
    const windows = [[start, start + 2 * clips.length]];
    return {
      qid,
      query: "x",
      vid: `v${qid}`,
      duration: 150,
      relevant_windows: windows,
      relevant_clip_ids: clips,
      saliency_scores,
    };
  });
  const predictions = truths.map(({ qid }) => ({
    qid,
    pred_relevant_windows: Array.from({ length: 10 }, () => {
      const start = 2 * rng.below(60);
      return [start, start + 2 * rng.integer(2, 14), rng.uniform()];
    }),
    pred_saliency_scores: Array.from({ length: 75 }, () => rng.uniform(-1, 1)),
  }));
  const write = (file: string, rows: readonly unknown[]) =>
    writeFileSync(join(folder, file), rows.map((row) => JSON.stringify(row)).join("\n"));
  write("highlight_val_release.jsonl", truths);
  write("sample_val_preds.jsonl", predictions);
  return folder;
}
