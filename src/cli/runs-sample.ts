/** One sample of a run as text: what was asked, with which frames, what came back and how it was read. */
import { formatTimestamp } from "../core/time/index.ts";
import { metricOf, type RunConfig, type RunRow, replyOf } from "../evals/index.ts";

/** Text without a final line end. */
export function sampleText(row: RunRow, { benchmark, look, model }: RunConfig): string {
  const { doc, temporal, target, input } = row;
  const { parse, media, clip, spans_gt: truths, spans_pred: spans, verdict } = temporal;
  const reply = replyOf(row);
  const metrics = row.metrics.map((name) => `${name} ${metricOf(row, name) ?? "does not count"}`);
  const tokens = row.output_tokens === null || row.output_tokens === undefined ? "" : `, ${row.output_tokens} tokens`;
  const cut = temporal.finish === "length" ? ", cut off at the length limit" : "";
  const section = (title: string, text: string) => [`${title}:`, ...text.split("\n").map((line) => `  ${line}`)];
  const spanText = (list: readonly (readonly (number | null)[])[]) =>
    list.length === 0 ? "none" : list.map(([start, end]) => `${secondsText(start)} to ${secondsText(end)}`).join(", ");
  return [
    `${doc.id} (${row.doc_id}), ${benchmark}, ${look}, ${model}`,
    `video: ${doc.video}${media ? `, ${media.file}, ${media.frames} frames, ${media.duration.toFixed(2)} s` : ""}${clip ? `, from ${clip[0]} to ${clip[1]} s` : ""}`,
    ...section("frames", framesText(temporal)),
    ...section("prompt", input),
    ...section(
      `reply${tokens}${cut}`,
      reply === undefined ? "(none)" : typeof reply === "string" ? reply : JSON.stringify(reply),
    ),
    `target: ${target}`,
    ...(truths === null ? [] : [`true moments: ${spanText(truths)}`]),
    ...(spans === null ? [] : [`predicted: ${spanText(spans)}`]),
    `parse: ${parse.status}${parse.rule === null ? "" : ` by ${parse.rule}`}${parse.reason === null ? "" : `, ${parse.reason}`}${parse.raw === null ? "" : `, out of ${JSON.stringify(parse.raw)}`}`,
    ...(verdict === undefined ? [] : [`judge: ${verdict ? "right" : "wrong"}`]),
    `score: ${metrics.join(", ")}`,
  ].join("\n");
}

function framesText({ frames, sampler, decoder }: RunRow["temporal"]): string {
  if (frames === null) return "not told by the log";
  if (frames.length === 0) return "none shown";
  const each = frames.map(({ pts, src_index }) => `${pts.toFixed(3)} s (${src_index})`);
  const lines = Array.from({ length: Math.ceil(each.length / 6) }, (_, i) => each.slice(6 * i, 6 * i + 6).join("  "));
  return [
    `${frames.length} by ${sampler ?? "an unknown sampler"}, ${decoder ?? "an unknown decoder"}; seconds (source index):`,
    ...lines,
  ].join("\n");
}

function secondsText(seconds: number | null | undefined): string {
  return typeof seconds === "number" ? `${seconds.toFixed(2)} s (${formatTimestamp(seconds)})` : "no number";
}
