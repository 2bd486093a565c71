/** Rows as comma-separated values (RFC 4180, lines end in LF): a line a sample, for a spreadsheet. */
import { metricOf, type RunRow, replyOf } from "../format/index.ts";

const fixed = [
  "doc_id",
  "id",
  "video",
  "status",
  "rule",
  "reason",
  "target",
  "reply",
  "start",
  "end",
  "frames",
  "input",
] as const;

/** A head, then the rows. Columns of metrics are those of the first row. */
export function* csvLines(rows: Iterable<RunRow>): Generator<string, void, void> {
  let metrics: readonly string[] | undefined;
  for (const row of rows) {
    if (metrics === undefined) {
      metrics = row.metrics;
      yield line([...fixed.slice(0, 6), ...metrics, ...fixed.slice(6)]);
    }
    const { doc, doc_id, temporal, target, input } = row;
    const { parse, spans_pred: spans, frames } = temporal;
    const reply = replyOf(row);
    yield line([
      ...[doc_id, doc.id, doc.video, parse.status, parse.rule, parse.reason],
      ...metrics.map((name) => metricOf(row, name)),
      ...[target, typeof reply === "string" || reply === undefined ? reply : JSON.stringify(reply)],
      ...[spans?.[0]?.[0], spans?.[0]?.[1], frames?.length, input],
    ]);
  }
}

function line(values: readonly (string | number | null | undefined)[]): string {
  return `${values.map((value) => quoted(value === null || value === undefined ? "" : String(value))).join(",")}\n`;
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
