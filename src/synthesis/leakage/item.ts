/**
 * Questions of a training file as the leakage checks see them.
 */
import { existsSync } from "node:fs";
import type { Rng } from "../../core/math/index.ts";
import { type ConversationFormat, jsonValues, parseConversation, provenancePath } from "../../data/index.ts";
import { type ReadQuestion, readT3 } from "../t3/index.ts";

/** A question; `cluster` names the picture or video that it is about, `family` its kind where notes tell it. */
export type LeakageItem = ReadQuestion & Readonly<{ id: string; cluster: string; family: string | null }>;

export type ItemSample = Readonly<{
  items: readonly LeakageItem[];
  /** Rows of the file, and those that are no multiple-choice question, by reason. */
  rows: number;
  left: Readonly<Record<string, number>>;
}>;

export type SampleOptions = Readonly<{
  format: ConversationFormat;
  /** Questions at most, a random choice out of all (reservoir). */
  limit: number;
  rng: Rng;
  onOffset?: (offset: number) => void;
}>;

/** Draw questions from a file of any size in one pass. Notes on the rows' origin are read beside it where they are. */
export async function sampleItems(path: string, { format, limit, rng, onOffset }: SampleOptions): Promise<ItemSample> {
  const notes = existsSync(provenancePath(path)) ? jsonValues(provenancePath(path)) : undefined;
  const items: LeakageItem[] = [];
  const left: Record<string, number> = {};
  let [rows, seen] = [0, 0];
  for await (const { value, offset } of jsonValues(path)) {
    onOffset?.(offset);
    const note = (await notes?.next())?.value?.value;
    const item = itemOf(value, { format, fallbackId: String(rows++), note });
    if ("problem" in item) {
      left[item.problem] = (left[item.problem] ?? 0) + 1;
      continue;
    }
    seen++;
    if (items.length < limit) items.push(item);
    else {
      const place = rng.below(seen);
      if (place < limit) items[place] = item;
    }
  }
  await notes?.return();
  return { items, rows, left };
}

type RowOptions = Readonly<{ format: ConversationFormat; fallbackId: string; note: unknown }>;

function itemOf(value: unknown, { format, fallbackId, note }: RowOptions): LeakageItem | { problem: string } {
  const parsed = parseConversation(value, { format, fallbackId });
  if ("problem" in parsed) return { problem: "no row of the format" };
  const question = readT3(parsed.row);
  if ("problem" in question) return question;
  const { id } = parsed.row;
  const { family, sources, slots } = (note ?? {}) as { family?: unknown; sources?: unknown; slots?: unknown };
  const source = Array.isArray(sources) && Array.isArray(slots) ? (sources[slots[0] as number] as unknown) : undefined;
  return {
    ...question,
    id,
    cluster: typeof source === "string" ? source : (question.captions[0] ?? id),
    family: typeof family === "string" ? family : null,
  };
}
