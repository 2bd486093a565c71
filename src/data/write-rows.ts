/**
 * Files of rows, one row a line: a JSON array or JSON Lines, with a line about the origin of every row beside it.
 *
 * The line about a row stands in a file of its own, NAME.provenance.jsonl, line n for row n: no trainer reads it, none can
 * stumble over it, and every format has room for it.
 */
import { setImmediate as eventLoopTurn } from "node:timers/promises";
import { openPendingFile, type PendingFile } from "../core/files/index.ts";

/** A row as JSON text, and what its provenance says. */
export type TextRow = Readonly<{ text: string; provenance?: Readonly<Record<string, unknown>> }>;

/** Characters gathered before a write. */
const CHUNK = 1 << 18;

/** Where the provenance of a file's rows stands. */
export function provenancePath(path: string): string {
  return `${path}.provenance.jsonl`;
}

/**
 * Write rows; the files are replaced by rename after fsync, so a failure or Ctrl-C leaves what was there. The second file
 * appears where a row has provenance. Resolves to the number of rows.
 */
export async function writeRows(
  path: string,
  rows: Iterable<TextRow> | AsyncIterable<TextRow>,
  { isArray }: { isArray: boolean },
): Promise<number> {
  const file = openPendingFile(path);
  let beside: PendingFile | undefined;
  try {
    let text = isArray ? "[" : "";
    let notes = "";
    let count = 0;
    const write = () => {
      file.write(text);
      if (notes !== "") {
        beside ??= openPendingFile(provenancePath(path));
        beside.write(notes);
      }
      [text, notes] = ["", ""];
    };
    for await (const batch of batched(rows)) {
      for (const row of batch) {
        text += isArray ? `${count > 0 ? ",\n" : "\n"}${row.text}` : `${row.text}\n`;
        if (row.provenance) notes += `${JSON.stringify(row.provenance)}\n`;
        count++;
        if (text.length < CHUNK) continue;
        write();
        // Ctrl-C and progress bars get their turn.
        await eventLoopTurn();
      }
    }
    if (isArray) text += "\n]\n";
    write();
    file.commit();
    beside?.commit();
    return count;
  } finally {
    file.discard();
    beside?.discard();
  }
}

/** Rows in lists, so that a synchronous source does not pay one await a row. */
async function* batched(rows: Iterable<TextRow> | AsyncIterable<TextRow>): AsyncGenerator<TextRow[], void, void> {
  let batch: TextRow[] = [];
  if (Symbol.iterator in rows) {
    for (const row of rows) {
      batch.push(row);
      if (batch.length < 64) continue;
      yield batch;
      batch = [];
    }
  } else for await (const row of rows) yield [row];
  yield batch;
}
