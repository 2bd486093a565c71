/**
 * How the JSON of a file is laid out: elements of one array, a value a line, or one value.
 *
 * Told by the content, because released files carry either suffix, and from the head alone, because an array written
 * on a single line may be larger than memory.
 */
import { closeSync, openSync, readSync } from "node:fs";

export type JsonLayout = "array" | "lines" | "value" | "empty";

/** A first line longer than this is no row; bytes. */
const HEAD = 1 << 23;

/** The layout of the file. A broken first line of a file named .jsonl or .ndjson still makes lines. */
export function jsonLayout(path: string): JsonLayout {
  const { text, isWhole, hasMore } = firstLine(path);
  if (text === "") return "empty";
  const isArray = text.startsWith("[");
  if (isWhole && parses(text)) return isArray && !hasMore ? "array" : "lines";
  if (isWhole && /\.(?:jsonl|ndjson)$/i.test(path)) return "lines";
  return isArray ? "array" : "value";
}

/** The first line that is not blank; `isWhole` where its end was found, `hasMore` where another such line follows. */
function firstLine(path: string): { text: string; isWhole: boolean; hasMore: boolean } {
  const file = openSync(path, "r");
  try {
    for (let size = 1 << 16; ; size *= 8) {
      const buffer = Buffer.alloc(Math.min(size, HEAD));
      const read = readSync(file, buffer, 0, buffer.length, 0);
      const content = buffer
        .toString("utf8", 0, read)
        .replace(/^\ufeff/, "")
        .trimStart();
      const end = content.indexOf("\n");
      const rest = end === -1 ? "" : content.slice(end).trim();
      const isEnd = read < buffer.length;
      // A buffer that stops in the blank lines behind the first one cannot tell whether more follows.
      if (!isEnd && buffer.length < HEAD && rest === "") continue;
      const text = (end === -1 ? content : content.slice(0, end)).trimEnd();
      return { text, isWhole: end !== -1 || isEnd, hasMore: rest !== "" };
    }
  } finally {
    closeSync(file);
  }
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
