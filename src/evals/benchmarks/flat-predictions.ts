/**
 * Predictions as one file: rows { id | question_id, prediction | response | reply } as JSON or JSON Lines, or one object of
 * id -> prediction. Matched with the items; what does not fit is counted and named.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { readAnnotations } from "./annotation-file.ts";
import { rawRows } from "./annotation-rows.ts";
import { type BenchmarkItem, type Problem, problem } from "./benchmark.ts";

const row = z.record(z.string(), z.unknown());

/** Replies by item id, as the file has them. Throws where the file is neither of the two layouts. */
export function readFlatPredictions(
  path: string,
  items: readonly BenchmarkItem[],
): Readonly<{ replies: ReadonlyMap<string, unknown>; problems: readonly Problem[] }> {
  const known = new Set(items.map(({ id }) => id));
  const replies = new Map<string, unknown>();
  const faults = { extra: [] as string[], twice: [] as string[], nameless: [] as string[] };
  for (const { id, reply, name } of entriesOf(path, faults.twice)) {
    if (id === undefined) faults.nameless.push(name);
    else if (!known.has(id)) faults.extra.push(id);
    else if (replies.has(id)) faults.twice.push(id);
    else replies.set(id, reply);
  }
  const strange = [...replies].filter(([, reply]) => typeof reply !== "string");
  return {
    replies,
    problems: [
      ...problem(
        "items without predictions",
        items.filter(({ id }) => !replies.has(id)).map(({ id }) => id),
      ),
      ...problem("predictions of no known item (left out)", faults.extra),
      ...problem("predictions that occur twice (one counts)", faults.twice),
      ...problem("rows without an id (left out)", faults.nameless),
      ...problem(
        "predictions that are no text (wrong)",
        strange.map(
          ([id, reply]) => `${id} (${reply === null ? "null" : Array.isArray(reply) ? "array" : typeof reply})`,
        ),
      ),
    ],
  };
}

type Entry = Readonly<{ id: string | undefined; reply: unknown; name: string }>;

function entriesOf(path: string, twice: string[]): Entry[] {
  const isObject = !path.endsWith(".jsonl") && readFileSync(path, "utf8").trimStart().startsWith("{");
  if (isObject) {
    const { value, repeatedKeys } = readAnnotations(path, row, 1);
    twice.push(...repeatedKeys);
    return Object.entries(value).map(([id, reply]) => ({ id, reply, name: id }));
  }
  return rawRows(path).map((raw, i) => {
    const fields = row.safeParse(raw).data ?? {};
    const id = fields.id ?? fields.question_id;
    return {
      id: typeof id === "string" || typeof id === "number" ? String(id) : undefined,
      reply: fields.prediction ?? fields.response ?? fields.reply ?? null,
      name: `row ${i + 1}`,
    };
  });
}
