/** Rows of run logs (docs/runs.md) as the page shows them. */
import { bestIou, diagnoseMoment } from "zoetrope/core/metrics";
import type { RawSpan } from "zoetrope/data/moments";
import { outcomeOf, type RunConfig, type RunRow, readRunText, replyOf } from "zoetrope/evals/runs/format";
import type { DroppedFile, StudioRun, StudioSample } from "./studio-run.ts";

/** A run before it has its place on the page. */
export type ReadRun = Omit<StudioRun, "id" | "figures">;

/** Throws an Error with the line that does not fit. */
export function readRunLog({ name, text }: DroppedFile): ReadRun {
  const parsed = readRunText(text.endsWith("\n") ? text : `${text}\n`);
  if (!parsed.ok) throw new Error(`Expected a run log, got a fault in ${parsed.reason}.`);
  const { head, rows, torn } = parsed.value;
  const notes = torn === "" ? [] : ["The last line was torn off by a crash and left out."];
  return runOfRows({ file: name, format: "zoetrope run", config: head.config, rows, notes });
}

type Rows = Pick<StudioRun, "file" | "format" | "notes"> & Readonly<{ config: RunConfig; rows: readonly RunRow[] }>;

/** Rows of a log, our own or an imported one. */
export function runOfRows({ file, format, config, rows, notes }: Rows): ReadRun {
  return {
    file,
    format,
    model: config.model,
    benchmark: config.look === "video" ? config.benchmark : `${config.benchmark}, ${config.look}`,
    headline: config.metric,
    samples: rows.map((row) => sampleOf(row, config)),
    fingerprint: config.fingerprint.parts,
    notes,
  };
}

function sampleOf(row: RunRow, config: RunConfig): StudioSample {
  const { doc, temporal } = row;
  const outcome = outcomeOf(row);
  const reply = replyOf(row);
  const truths = temporal.spans_gt?.map(([start, end]) => ({ start, end })) ?? null;
  const predicted = temporal.spans_pred?.map(rawSpan) ?? null;
  const duration = typeof doc.duration === "number" ? doc.duration : (temporal.media?.duration ?? null);
  return {
    id: doc.id,
    video: doc.video,
    duration,
    question:
      typeof doc.query === "string" ? doc.query : (row.input.split("\n").find((line) => line.trim() !== "") ?? ""),
    options: Array.isArray(doc.options) ? doc.options.map(String) : [],
    target: row.target === "" ? null : row.target,
    prompt: row.input === "" ? null : row.input,
    reply: typeof reply === "string" ? reply : null,
    truths,
    predicted,
    frames: temporal.frames?.map(({ pts, src_index }) => ({ time: pts, index: src_index })) ?? null,
    rule: temporal.parse.rule,
    reason: temporal.parse.reason,
    verdict: verdictOf({ outcome, truths, predicted, duration, headline: config.metric }),
    outcome,
  };
}

function rawSpan([start, end, score]: readonly (number | null)[]): RawSpan {
  const number = (value: number | null | undefined) => value ?? Number.NaN;
  return { start: number(start), end: number(end), ...(typeof score === "number" && { score }) };
}

type Judged = Pick<StudioSample, "outcome" | "truths" | "predicted" | "duration"> & Readonly<{ headline: string }>;

/** Spans below this IoU are misses, as in the reports. */
export const hitFrom = 0.5;

/** "hit", "miss", a fault of the span, or how the reply could not be read. */
export function verdictOf({ outcome, truths, predicted, duration, headline }: Judged): string {
  if (outcome.status !== "read" && outcome.status !== "given") return outcome.status;
  const [first] = predicted ?? [];
  if (truths !== null && truths.length > 0 && first !== undefined) {
    if (!Number.isFinite(first.start) || !Number.isFinite(first.end)) return "unparsed";
    const ordered = { start: Math.min(first.start, first.end), end: Math.max(first.start, first.end) };
    if (first.start <= first.end && bestIou(ordered, truths) >= hitFrom) return "hit";
    const isReversed = first.start > first.end;
    return diagnoseMoment({ predicted: { ...ordered, isReversed }, truths, duration: duration ?? Infinity }).fault;
  }
  const value = outcome.values[headline];
  if (typeof value !== "number") return "not scored";
  return value >= hitFrom ? "hit" : "miss";
}
