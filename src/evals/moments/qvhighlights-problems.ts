/** What is wrong with a submission to QVHighlights: named and counted, and what it does to the scores. */
import { clipLength } from "../../core/metrics/index.ts";
import { type HighlightPrediction, type HighlightTruth, type Problem, problem } from "../../data/index.ts";

type Predicted = Readonly<{ truth: HighlightTruth; prediction: HighlightPrediction }>;
/** Windows may overshoot the end of the video by this much; seconds. */
const overshoot = 1;

export function qvHighlightsProblems(
  truths: ReadonlyMap<string, HighlightTruth>,
  predictions: ReadonlyMap<string, HighlightPrediction>,
): Problem[] {
  const missing = [...truths.keys()].filter((qid) => !predictions.has(qid));
  const unknown = [...predictions.keys()].filter((qid) => !truths.has(qid));
  const predicted = [...truths.values()].flatMap((truth): Predicted[] => {
    const prediction = predictions.get(truth.qid);
    return prediction ? [{ truth, prediction }] : [];
  });
  return [
    ...problem("queries without a prediction (left out)", missing),
    ...problem("predictions of unknown qids (left out)", unknown),
    ...windowProblems(predicted),
    ...scoreProblems(predicted),
  ];
}

function windowProblems(predicted: readonly Predicted[]): Problem[] {
  if (predicted.every(({ prediction }) => prediction.pred_relevant_windows === undefined)) return [];
  const empty = predicted.filter(({ prediction }) => !prediction.pred_relevant_windows?.length);
  const withWindow = (test: (window: readonly number[], duration: number) => boolean) =>
    idsOf(
      predicted.filter(({ truth, prediction }) =>
        (prediction.pred_relevant_windows ?? []).some((window) => test(window, truth.duration)),
      ),
    );
  const isNumeric = (window: readonly number[]) => window.length >= 2 && window.slice(0, 3).every(Number.isFinite);
  return [
    ...problem("queries without predicted windows (misses)", idsOf(empty)),
    ...problem(
      "queries with windows that are not finite (never match)",
      withWindow((window) => !isNumeric(window)),
    ),
    ...problem(
      "queries with reversed windows (never match)",
      withWindow(([start = 0, end = 0]) => start > end),
    ),
    ...problem(
      "queries with windows beyond the video (kept)",
      withWindow(([start = 0, end = 0], duration) => start < 0 || end > duration + overshoot),
    ),
  ];
}

function scoreProblems(predicted: readonly Predicted[]): Problem[] {
  const scored = predicted.map((row) => ({ ...row, scores: row.prediction.pred_saliency_scores ?? [] }));
  if (scored.every(({ scores }) => scores.length === 0)) return [];
  const given = scored.filter(({ scores }) => scores.length > 0);
  return [
    ...problem(
      "queries without saliency scores (as if all were 0)",
      idsOf(scored.filter(({ scores }) => scores.length === 0)),
    ),
    ...problem(
      "queries with saliency scores that are not finite (rank last)",
      idsOf(given.filter(({ scores }) => scores.some(Number.isNaN))),
    ),
    ...problem(
      "queries with fewer saliency scores than clips (the rest counts 0)",
      idsOf(given.filter(({ scores, truth }) => scores.length < Math.trunc(truth.duration / clipLength))),
    ),
    ...problem(
      "queries with one and the same score for all clips (the first clip is their highlight)",
      idsOf(given.filter(({ scores }) => new Set(scores).size === 1)),
    ),
  ];
}

function idsOf(rows: readonly Predicted[]): string[] {
  return rows.map(({ truth }) => truth.qid);
}
