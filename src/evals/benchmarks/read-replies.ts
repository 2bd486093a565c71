/**
 * Replies to readings: one reader of each item, then a judge's verdict where there is one.
 */
import type { BenchmarkItem, Reading } from "./benchmark.ts";
import type { ReadItem } from "./score-items.ts";

export type ReadRepliesOptions = Readonly<{
  /** Name of a reader of the items. */
  reader: string;
  /** Verdicts of a judge by item id. With them, a reply that the reader cannot read and no verdict decides is unjudged. */
  verdicts?: ReadonlyMap<string, boolean> | undefined;
}>;

/** Readings of the items that have a reply (by id; text, null, or what is no text); the others are left out. */
export function readReplies(
  items: readonly BenchmarkItem[],
  replies: ReadonlyMap<string, unknown>,
  { reader, verdicts }: ReadRepliesOptions,
): ReadItem[] {
  return items.flatMap((item) => {
    if (!replies.has(item.id)) return [];
    const reply = replies.get(item.id);
    const reading = readReply(item, reader, reply);
    return [{ item, reading: verdicts && item.judging ? judged(reading, reply, verdicts.get(item.id)) : reading }];
  });
}

/** The reading of a reply by one of an item's readers; null and what is no text cannot be read. */
export function readReply(item: BenchmarkItem, reader: string, reply: unknown): Reading {
  const read = item.read[reader];
  if (!read) {
    throw new RangeError(
      `Expected a reader of ${Object.keys(item.read).join(", ")} for "${item.id}", got "${reader}".`,
    );
  }
  if (typeof reply === "string") return read(reply);
  const got = reply === null ? "null" : Array.isArray(reply) ? "an array" : typeof reply;
  return { kind: "unparsed", reason: `the prediction is ${got}` };
}

/** A verdict, where there is one, is the official score: released ones were given under the rules of their day. */
function judged(reading: Reading, reply: unknown, verdict: boolean | undefined): Reading {
  if (verdict !== undefined) return { kind: "read", correct: verdict, rule: "judge" };
  if (reading.kind === "read" || typeof reply !== "string") return reading;
  return { kind: "unjudged", reason: "no rule matches and no judge has decided" };
}
