/**
 * The same replies read by the rules of other code bases: how much of a score is the parser's.
 *
 * Rows differ in the reading alone: spans are measured alike, reversed ones are misses unless the rule itself turns them round.
 */
import { type GroundingFigures, groundingFigures } from "../../core/metrics/index.ts";
import { type SpanPreset, spanPresets } from "../../core/text/index.ts";
import type { MomentAnswer, MomentQuery } from "../../data/index.ts";
import { readMoment, type TextUnits } from "./read-moment.ts";

/** Over the `n` queries that are answered in text, of which `parsed` gave a span. */
export type ReaderRow = Readonly<{ reader: "ours" | SpanPreset; n: number; parsed: number; figures: GroundingFigures }>;

/** Ours first. VTimeLLM's rule is left out where durations are not known. */
export function compareReaders(
  queries: readonly MomentQuery[],
  answers: ReadonlyMap<string, MomentAnswer>,
  units: TextUnits,
): ReaderRow[] {
  const texts = queries.flatMap((query) => {
    const answer = answers.get(query.id);
    return answer?.kind === "text" ? [{ query, answer }] : [];
  });
  if (texts.length === 0) return [];
  const isKnown = texts.every(({ query }) => Number.isFinite(query.duration));
  const readers = [null, ...spanPresets.filter((preset) => isKnown || preset !== "vtimellm")];
  return readers.map((reads): ReaderRow => {
    const read = texts.map(({ query, answer }) => readMoment(answer, query, { convention: "strict", units, reads }));
    return {
      reader: reads ?? "ours",
      n: texts.length,
      parsed: read.filter(({ kind }) => kind === "read").length,
      figures: groundingFigures(read.map((each) => (each.kind === "read" ? each.iou : 0))),
    };
  });
}
