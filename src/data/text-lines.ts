/** Text files line by line. */
import { createReadStream } from "node:fs";

/** A text line without its end. */
export type Line = { text: string; number: number };

/** Lines of a UTF-8 file; a leading byte order mark is dropped. */
export async function* linesOf(path: string): AsyncGenerator<Line, void, void> {
  let pending: string[] = [];
  let number = 0;
  const chunks: AsyncIterable<string> = createReadStream(path, { encoding: "utf8", highWaterMark: 1 << 20 });
  for await (const chunk of chunks) {
    const parts = chunk.split("\n");
    for (let i = 0; i < parts.length - 1; i++) {
      const text = pending.length > 0 ? pending.join("") + parts[i] : (parts[i] as string);
      pending = [];
      yield { text: trimmed(text, number), number: ++number };
    }
    pending.push(parts.at(-1) as string);
  }
  const last = pending.join("");
  if (last !== "") yield { text: trimmed(last, number), number: ++number };
}

function trimmed(text: string, linesBefore: number): string {
  const start = linesBefore === 0 && text.startsWith("\ufeff") ? 1 : 0;
  return text.slice(start, text.endsWith("\r") ? -1 : undefined);
}
