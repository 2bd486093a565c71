/**
 * Files of conversations, streamed both ways. A file appears under its name only when it is whole.
 */
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
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
  const temporary = `${path}.${process.pid}.tmp`;
  let file: FileHandle | undefined;
  try {
    await mkdir(dirname(path), { recursive: true });
    file = await open(temporary, "w");
    let buffer = isArray ? "[" : "";
    let count = 0;
    for await (const row of batched(rows)) {
      for (const each of row) {
        const separator = isArray && count > 0 ? ",\n" : isArray ? "\n" : "";
        buffer += separator + serialiseConversation(each, format) + (isArray ? "" : "\n");
        count++;
        if (buffer.length < CHUNK) continue;
        await file.appendFile(buffer);
        buffer = "";
      }
    }
    await file.appendFile(buffer + (isArray ? "\n]\n" : ""));
    await file.sync();
    await file.close();
    await rename(temporary, path);
    return count;
  } catch (error) {
    await file?.close().catch(() => {});
    await rm(temporary, { force: true }).catch(() => {});
    throw isSystemError(error)
      ? new Error(
          `Cannot write ${path}: ${error.message}. Free space or pass another path; what was there is as it was.`,
          {
            cause: error,
          },
        )
      : error;
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

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "syscall" in error;
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
