/**
 * Files of conversations, streamed both ways. A file appears under its name only when it is whole.
 */
import {
  type Conversation,
  type ConversationFormat,
  parseConversation,
  serialiseConversation,
} from "./conversation.ts";
import { jsonValues } from "./json-values.ts";
import { DataFileError } from "./read-error.ts";
import { type TextRow, writeRows } from "./write-rows.ts";

type Provenance = Readonly<Record<string, unknown>>;
type WriteOptions = Readonly<{
  /** What to note of a row in the file beside (write-rows.ts); without it there is no such file. */
  provenance?: (row: Conversation) => Provenance;
}>;

type ReadOptions = Readonly<{
  /** Told about every row with the keys that a Conversation has no place for. */
  onLeftOut?: (keys: readonly string[]) => void;
  /** Told about rows that are none; they are passed over. Without it the first one is an error. */
  onBad?: (fault: DataFileError) => void;
  /** Told where in the file the reading is, in bytes. */
  onOffset?: (offset: number) => void;
}>;

/** Are the rows of the format elements of one array (or lines of their own)? */
export function isArrayFormat(format: ConversationFormat): boolean {
  return format !== "swift";
}

/** Write rows, one a line in every format. Resolves to the number of rows. */
export async function writeConversations(
  path: string,
  rows: Iterable<Conversation> | AsyncIterable<Conversation>,
  format: ConversationFormat,
  { provenance }: WriteOptions = {},
): Promise<number> {
  const asText = (row: Conversation): TextRow => {
    const text = serialiseConversation(row, format);
    return provenance ? { text, provenance: provenance(row) } : { text };
  };
  return writeRows(path, Symbol.iterator in rows ? mapped(rows, asText) : mappedLater(rows, asText), {
    isArray: isArrayFormat(format),
  });
}

/** Rows of a file in the given format. Throws DataFileError with the line of the first row that is none. */
export async function* readConversations(
  path: string,
  format: ConversationFormat,
  { onLeftOut, onBad, onOffset }: ReadOptions = {},
): AsyncGenerator<Conversation, void, void> {
  let index = 0;
  for await (const { value, line, offset } of jsonValues(path)) {
    onOffset?.(offset);
    const parsed = parseConversation(value, { format, fallbackId: String(index++) });
    if ("problem" in parsed) {
      const advice = `Expected a ${format} row, but ${parsed.problem}. Check --format or fix that row.`;
      const fault = new DataFileError(path, line, advice);
      if (!onBad) throw fault;
      onBad(fault);
      continue;
    }
    if (parsed.leftOut.length > 0) onLeftOut?.(parsed.leftOut);
    yield parsed.row;
  }
}

function* mapped(rows: Iterable<Conversation>, asText: (row: Conversation) => TextRow): Generator<TextRow> {
  for (const row of rows) yield asText(row);
}

async function* mappedLater(
  rows: AsyncIterable<Conversation>,
  asText: (row: Conversation) => TextRow,
): AsyncGenerator<TextRow> {
  for await (const row of rows) yield asText(row);
}
