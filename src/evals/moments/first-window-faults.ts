/** What is wrong with the first windows of a submission to QVHighlights. */
import { momentIou } from "../../core/metrics/index.ts";
import type { HighlightPrediction, HighlightTruth } from "../../data/index.ts";
import { type FaultRow, faultTable } from "./fault-table.ts";
import type { ScoredQuery } from "./scored-query.ts";

/** Faults of the queries that have a prediction and a true window. */
export function firstWindowFaults(
  truths: ReadonlyMap<string, HighlightTruth>,
  predictions: ReadonlyMap<string, HighlightPrediction>,
): FaultRow[] {
  const scored = [...truths.values()].flatMap((truth): ScoredQuery[] => {
    const prediction = predictions.get(truth.qid);
    const spans = (truth.relevant_windows ?? []).map(([start, end]) => ({ start, end }));
    if (prediction === undefined || spans.length === 0) return [];
    const { qid: id, vid: video, duration, query } = truth;
    return [{ query: { id, video, duration, query, truths: spans }, read: firstWindow(prediction, spans) }];
  });
  return faultTable(scored);
}

function firstWindow(
  { pred_relevant_windows: windows = [] }: HighlightPrediction,
  truths: readonly Readonly<{ start: number; end: number }>[],
): ScoredQuery["read"] {
  const [[a, b] = []] = windows;
  if (a === undefined || b === undefined) return { kind: "unread", reason: "no span" };
  if (!Number.isFinite(a) || !Number.isFinite(b)) return { kind: "unread", reason: "not finite" };
  const predicted = { start: Math.min(a, b), end: Math.max(a, b), isReversed: a > b };
  const iou = momentIou(predicted, truths, "strict");
  const spans = windows.map(([start = Number.NaN, end = Number.NaN]) => ({ start, end }));
  return { kind: "read", predicted, iou, more: windows.length - 1, spans, rule: null, text: null };
}
