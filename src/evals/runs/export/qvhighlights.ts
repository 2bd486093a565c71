/** A row as a line of a submission to QVHighlights (moment_detr, standalone_eval/README.md). */
import type { RunRow } from "../format/index.ts";

/** The line's value, or why there is none. Windows without a score of their own rank as they come, from 1 down. */
export function qvHighlightsLine(row: RunRow): Readonly<Record<string, unknown>> | string {
  const { doc, temporal } = row;
  const { parse, spans_pred: spans, saliency_pred: saliency } = temporal;
  if (parse.status === "missing") return "no prediction";
  const count = spans?.length ?? 0;
  const windows = (spans ?? []).map(([start, end, score], i) => [start, end, score ?? (count - i) / count]);
  return {
    qid: /^\d+$/.test(doc.id) ? Number(doc.id) : doc.id,
    query: doc.query,
    vid: doc.video,
    ...((spans !== null || saliency === undefined) && { pred_relevant_windows: windows }),
    ...(saliency && { pred_saliency_scores: saliency }),
  };
}
