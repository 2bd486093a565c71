/**
 * The whole lines of a file one by one, in the memory of one of them. What follows the last line end was torn off by a crash
 * and is no line.
 */
import { closeSync, openSync, readSync } from "node:fs";

/** A line without its end; `number` counts from 1, `end` is the offset in bytes behind its line end. */
export type WholeLine = Readonly<{ text: string; number: number; end: number }>;

const chunkBytes = 1 << 18;

/** Lines in order. The file is closed when the last one is read or the caller stops. */
export function* wholeLines(path: string): Generator<WholeLine, void, void> {
  const file = openSync(path, "r");
  try {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    let pieces: Buffer[] = [];
    let number = 0;
    let at = 0;
    for (;;) {
      const size = readSync(file, chunk, 0, chunkBytes, at);
      if (size === 0) return;
      let from = 0;
      for (let end = chunk.indexOf(10); end !== -1 && end < size; end = chunk.indexOf(10, from)) {
        const piece = chunk.subarray(from, end);
        const text = pieces.length === 0 ? piece.toString("utf8") : Buffer.concat([...pieces, piece]).toString("utf8");
        pieces = [];
        from = end + 1;
        yield { text, number: ++number, end: at + from };
      }
      if (from < size) pieces.push(Buffer.from(chunk.subarray(from, size)));
      at += size;
    }
  } finally {
    closeSync(file);
  }
}
