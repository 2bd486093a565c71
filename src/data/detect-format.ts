/**
 * Which trainer's layout is this? Told by the first row.
 */
import type { ConversationFormat } from "./conversation.ts";
import { jsonValues } from "./json-values.ts";
import { DataFileError } from "./read-error.ts";

/** The format that a row looks like; undefined where it looks like none. llava and sharegpt share a layout without media. */
export function formatOfRow(value: unknown): ConversationFormat | undefined {
  if (Array.isArray(value)) return "t3-pairs";
  if (typeof value !== "object" || value === null) return undefined;
  if ("query" in value || "response" in value || "history" in value) return "swift";
  if (!("conversations" in value)) return undefined;
  if ("system" in value && "images" in value && "videos" in value) return "llama-factory";
  return "images" in value || "videos" in value || "system" in value ? "sharegpt" : "llava";
}

/** The format of a file by its first row. Throws DataFileError where that is no conversation. */
export async function detectFormat(path: string): Promise<ConversationFormat> {
  for await (const { value, line } of jsonValues(path)) {
    const format = formatOfRow(value);
    if (format) return format;
    throw new DataFileError(
      path,
      line,
      "Expected a conversation (conversations, query and response, or a list of turns), got something else. Name the format, or pass another file.",
    );
  }
  return "llava";
}
