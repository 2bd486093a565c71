/**
 * Answers to "when?" as rows of a run log, and back: the query, its true moments, and the reply or the spans that a file gives.
 */
import { type MomentConvention, momentConventions } from "../../core/metrics/index.ts";
import type { SpanPreset } from "../../core/text/index.ts";
import type { MomentAnswer, MomentQuery, RawSpan } from "../../data/index.ts";
import { type ReadMoment, readMoment, type TextUnits } from "../moments/index.ts";
import { groundingDoc, type ParseOutcome, type RunConfig, type RunRow, replyOf } from "./format/index.ts";
import { finite, makeRow, type RowSource } from "./make-row.ts";

/** How text is read and spans are judged. `reads` null is our reader. */
export type GroundingRules = Readonly<{
  convention: MomentConvention;
  units: TextUnits;
  reads?: SpanPreset | null;
}>;

export type GroundingReply = Pick<RowSource, "generation" | "promptTokens" | "newTokens" | "temporal"> &
  Readonly<{ query: MomentQuery; answer: MomentAnswer | undefined; place: number; prompt?: string }>;

/** A reply to a query, read by the rules, as a row. A query without one is a miss or does not count, as the convention has it. */
export function groundingRow(source: GroundingReply, rules: GroundingRules): RunRow {
  const { query, answer, place, prompt = query.query, temporal, ...rest } = source;
  const read = answer === undefined ? null : readMoment(answer, query, rules);
  const { id, video, duration, truths } = query;
  const isCounted = read !== null || momentConventions[rules.convention].missing === "miss";
  const ends = truths.map(({ start, end }): [number, number] => [start, end]);
  return makeRow({
    docId: place,
    doc: { id, video, query: query.query, duration: finite(duration) },
    target: JSON.stringify(ends),
    prompt,
    reply: answer === undefined ? undefined : answer.kind === "text" ? answer.text : null,
    metrics: { iou: read?.kind === "read" ? read.iou : isCounted ? 0 : null },
    parse: momentParse(read),
    temporal: {
      ...temporal,
      ...(answer?.kind === "text" && answer.frameTimes && { frame_times: [...answer.frameTimes] }),
      spans_gt: ends,
      spans_pred:
        read?.kind === "read" ? read.spans.map(pairOf) : answer?.kind === "spans" ? answer.spans.map(pairOf) : null,
    },
    ...rest,
  });
}

/** The query of a row and its answer; undefined where there is none. Throws an Error where the row is of another task. */
export function groundingOf(row: RunRow): Readonly<{ query: MomentQuery; answer: MomentAnswer | undefined }> {
  const doc = groundingDoc.safeParse(row.doc).data;
  if (!doc) throw new Error(`Expected a query with its moments, got "${row.doc.id}", which is of another task.`);
  const { id, video, query, duration } = doc;
  const truths = (row.temporal.spans_gt ?? []).map(([start, end]) => ({ start, end }));
  return { query: { id, video, query, duration: duration ?? Infinity, truths }, answer: answerIn(row) };
}

/** The rules that a run was read by, out of its settings. */
export function groundingRules({ settings }: RunConfig): GroundingRules {
  const { convention, unit, frameRate, reads } = settings;
  const known = (Object.keys(momentConventions) as MomentConvention[]).find((name) => name === convention) ?? "strict";
  return {
    convention: known,
    units: {
      unit: unit === "frames" || unit === "percent" ? unit : "seconds",
      frameRate: typeof frameRate === "number" ? frameRate : 0.5,
    },
    ...(reads !== undefined && { reads: reads as SpanPreset | null }),
  };
}

/** Rules as settings of a run, for its first line. */
export function settingsOfRules({ convention, units, reads }: GroundingRules): RunConfig["settings"] {
  return { convention, unit: units.unit, frameRate: units.frameRate, ...(reads !== undefined && { reads }) };
}

/** The name of rules in a fingerprint: "strict, seconds", "strict, frames at 0.5/s, read as numpro". */
export function rulesName({ convention, units, reads }: GroundingRules): string {
  const unit = units.unit === "frames" ? `frames at ${units.frameRate}/s` : units.unit;
  const by = reads === undefined ? "" : `, read as ${reads ?? "ours"}`;
  return `${convention}, ${unit}${by}`;
}

function answerIn(row: RunRow): MomentAnswer | undefined {
  const reply = replyOf(row);
  if (reply === undefined) return undefined;
  const { frame_times: frameTimes } = row.temporal;
  if (typeof reply === "string") return { kind: "text", text: reply, ...(frameTimes && { frameTimes }) };
  const spans = (row.temporal.spans_pred ?? []).map(([start, end, score]): RawSpan => {
    return { start: start ?? Number.NaN, end: end ?? Number.NaN, ...(typeof score === "number" && { score }) };
  });
  return { kind: "spans", spans };
}

/** How an answer was read, for a row. */
export function momentParse(read: ReadMoment | null): ParseOutcome {
  if (read === null) return { status: "missing", rule: null, reason: null, raw: null };
  if (read.kind === "unread") return { status: "unparsed", rule: null, reason: read.reason, raw: null };
  if (read.rule === null) return { status: "given", rule: null, reason: null, raw: null };
  return { status: "read", rule: read.rule, reason: null, raw: read.text };
}

/** A span as a row has it. */
export function pairOf({ start, end, score }: RawSpan): (number | null)[] {
  return [finite(start), finite(end), ...(score === undefined ? [] : [finite(score)])];
}
