/**
 * Ranked windows and saliency of QVHighlights as rows of a run log, and back.
 */
import { clipLength, highlightValues, retrievalValues } from "../../core/metrics/index.ts";
import type { HighlightPrediction, HighlightTruth } from "../../data/index.ts";
import { highlightsDoc, type ParseOutcome, type RunRow } from "./format/index.ts";
import { finite, makeRow, type RowSource } from "./make-row.ts";

/** A reply in text beside what was read from it; without one, a file gave the prediction. */
export type TextReply = Pick<RowSource, "generation" | "promptTokens" | "newTokens" | "temporal"> &
  Readonly<{ prompt: string; text: string; parse: ParseOutcome }>;

export type HighlightReply = Readonly<{
  truth: HighlightTruth;
  prediction: HighlightPrediction | undefined;
  place: number;
  /** Does the submission hold windows at all, and saliency? Without, the figures that need them do not exist. */
  has: Readonly<{ windows: boolean; saliency: boolean }>;
  said?: TextReply;
}>;

/** A prediction as a row: `map` and `r1@0.5` of windows, `hit1` and `hl_map` of saliency at VeryGood. */
export function highlightsRow({ truth, prediction, place, has, said }: HighlightReply): RunRow {
  const { qid, vid, query, duration, relevant_windows: windows, relevant_clip_ids, saliency_scores } = truth;
  const doc = { id: qid, video: vid, query, duration, relevant_clip_ids, saliency_scores };
  return makeRow({
    docId: place,
    doc: { ...doc, ...(windows && { relevant_windows: windows }) },
    target: JSON.stringify(windows ?? []),
    ...rowOfText(said, query),
    reply: said ? said.text : prediction === undefined ? undefined : null,
    metrics: {
      ...(has.windows && windowMetrics(truth, prediction)),
      ...(has.saliency && saliencyMetrics(truth, prediction)),
    },
    parse: said?.parse ?? {
      status: prediction === undefined ? "missing" : "given",
      ...{ rule: null, reason: null, raw: null },
    },
    temporal: {
      ...said?.temporal,
      spans_gt: windows ?? [],
      spans_pred: prediction?.pred_relevant_windows?.map((window) => window.slice(0, 3).map(finite)) ?? null,
      ...(prediction?.pred_saliency_scores && { saliency_pred: prediction.pred_saliency_scores.map(finite) }),
    },
  });
}

/** What a reply in text adds to a row; `prompt` where there is none. */
export function rowOfText(said: TextReply | undefined, prompt: string) {
  if (said === undefined) return { prompt };
  const { text: _, parse: __, temporal: ___, ...known } = said;
  return known;
}

/** The annotation of a row and its prediction. Throws an Error where the row is of another task. */
export function highlightsOf(
  row: RunRow,
): Readonly<{ truth: HighlightTruth; prediction: HighlightPrediction | undefined }> {
  const doc = highlightsDoc.safeParse(row.doc).data;
  if (!doc) throw new Error(`Expected a query of QVHighlights, got "${row.doc.id}", which is of another task.`);
  const { id: qid, video: vid, query, duration, relevant_windows: windows, relevant_clip_ids, saliency_scores } = doc;
  const truth = {
    qid,
    vid,
    query,
    duration,
    relevant_clip_ids,
    saliency_scores,
    ...(windows && { relevant_windows: windows }),
  };
  const { parse, spans_pred: spans, saliency_pred: saliency } = row.temporal;
  if (parse.status === "missing") return { truth, prediction: undefined };
  const number = (value: number | null) => value ?? Number.NaN;
  return {
    truth,
    prediction: {
      qid,
      ...(spans && { pred_relevant_windows: spans.map((span) => span.map(number)) }),
      ...(saliency && { pred_saliency_scores: saliency.map(number) }),
    },
  };
}

function windowMetrics(
  { relevant_windows: windows = [] }: HighlightTruth,
  prediction: HighlightPrediction | undefined,
) {
  if (prediction === undefined || windows.length === 0) return { map: null, "r1@0.5": null };
  const { recall, precision } = retrievalValues({
    truths: windows.map(([start, end]) => ({ start, end })),
    predictions: (prediction.pred_relevant_windows ?? []).map(([start = Number.NaN, end = Number.NaN, score = 0]) => {
      return { start, end, score };
    }),
  });
  return { map: precision.reduce((sum, value) => sum + value, 0) / precision.length, "r1@0.5": recall[0] ?? null };
}

function saliencyMetrics(truth: HighlightTruth, prediction: HighlightPrediction | undefined) {
  if (prediction === undefined) return { hit1: null, hl_map: null };
  const { hit, averagePrecision } = highlightValues({
    clips: Math.trunc(truth.duration / clipLength),
    ratedClips: truth.relevant_clip_ids,
    ratings: truth.saliency_scores,
    scores: prediction.pred_saliency_scores ?? [],
  }).VeryGood;
  return { hit1: hit, hl_map: averagePrecision };
}
