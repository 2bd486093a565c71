/**
 * Replies to a benchmark's items as rows of a run log, and the items that rows were made of.
 */
import { optionLine } from "../../core/text/index.ts";
import { type BenchmarkItem, benchmarks, type Reading } from "../benchmarks/index.ts";
import { choiceDoc, type ParseOutcome, type RunConfig, type RunRow } from "./format/index.ts";
import { makeRow, type RowSource } from "./make-row.ts";

export type ItemReply = Pick<RowSource, "generation" | "reply" | "promptTokens" | "newTokens" | "temporal"> &
  Readonly<{ item: BenchmarkItem; place: number; reading: Reading }>;

/** A reply to an item, read, as a row. An unjudged reply has no accuracy. */
export function itemRow({ item, place, reading, ...rest }: ItemReply): RunRow {
  const { id, video, options, answerIndex, groups, source, prompt } = item;
  return makeRow({
    docId: place,
    doc: { id, video, options: [...options], answer_index: answerIndex, groups: { ...groups }, source },
    target: targetOf(item),
    prompt,
    metrics: { accuracy: accuracyOf(reading) },
    parse: parseOf(reading),
    ...rest,
  });
}

/** The item that a row was made of, with the readers of its benchmark; null where the benchmark is not known here. */
export function itemOf(row: RunRow, config: RunConfig): BenchmarkItem | null {
  const benchmark = benchmarks.find(({ name }) => name === config.benchmark);
  const { source } = choiceDoc.safeParse(row.doc).data ?? {};
  if (!benchmark || source === undefined) return null;
  return benchmark.itemOf(source, config.profile ?? (benchmark.profiles[0] as string));
}

export function accuracyOf(reading: Reading): number | null {
  if (reading.kind === "unjudged") return null;
  return reading.kind === "read" && reading.correct ? 1 : 0;
}

export function parseOf(reading: Reading): ParseOutcome {
  if (reading.kind === "read") return { status: "read", rule: reading.rule, reason: null, raw: null };
  return { status: reading.kind, rule: null, reason: reading.reason, raw: null };
}

/** "yes", or "(B) the circle"; of a caption the option that a judge should find in it. */
function targetOf({ options, answerIndex }: BenchmarkItem): string {
  const text = options[answerIndex];
  if (text === undefined) return "";
  return options.length === 2 && options[0] === "yes" ? text : optionLine(answerIndex, text);
}
