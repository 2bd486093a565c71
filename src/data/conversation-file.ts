/**
 * Files of conversations, streamed both ways. A file appears under its name only when it is whole.
 */
import { setImmediate as eventLoopTurn } from "node:timers/promises";
import { openPendingFile } from "../core/files/index.ts";
import {
  type Conversation,
  type ConversationFormat,
  parseConversation,
  serialiseConversation,
} from "./conversation.ts";
import { jsonValues } from "./json-values.ts";
import { DataFileError } from "./read-error.ts";

/** Characters gathered before a write. */
const CHUNK = 1 << 18;

/**
 * Write rows; the file is replaced by rename after fsync, so a failure or Ctrl-C leaves what was there. One row a line in
 * every format. Resolves to the number of rows.
 */
export async function writeConversations(
  path: string,
  rows: Iterable<Conversation> | AsyncIterable<Conversation>,
  format: ConversationFormat,
): Promise<number> {
  const isArray = format !== "swift";
  const file = openPendingFile(path);
  try {
    let buffer = isArray ? "[" : "";
    let count = 0;
    for await (const row of batched(rows)) {
      for (const each of row) {
        const separator = isArray && count > 0 ? ",\n" : isArray ? "\n" : "";
        buffer += separator + serialiseConversation(each, format) + (isArray ? "" : "\n");
        count++;
        if (buffer.length < CHUNK) continue;
        file.write(buffer);
        // Ctrl-C and progress bars get their turn.
        await eventLoopTurn();
        buffer = "";
      }
    }
    file.write(buffer + (isArray ? "\n]\n" : ""));
    file.commit();
    return count;
  } finally {
    file.discard();
  }
}

/** Rows of a file in the given format. Throws DataFileError with the line of the first row that is none. */
export async function* readConversations(
  path: string,
  format: ConversationFormat,
): AsyncGenerator<Conversation, void, void> {
  let index = 0;
  for await (const { value, line } of jsonValues(path)) {
    const parsed = parseConversation(value, { format, fallbackId: String(index++) });
    if ("problem" in parsed) {
      throw new DataFileError(
        path,
        line,
        `Expected a ${format} row, but ${parsed.problem}. Check --format or fix that row.`,
      );
    }
    yield parsed.row;
  }
}

/** Rows in lists, so that a synchronous source does not pay one await a row. */
async function* batched(
  rows: Iterable<Conversation> | AsyncIterable<Conversation>,
): AsyncGenerator<Conversation[], void, void> {
  let batch: Conversation[] = [];
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
