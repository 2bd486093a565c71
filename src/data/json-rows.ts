/**
 * The values of a JSON or JSON Lines file as they lie there: bytes, offset and line of each, in the memory of one row.
 *
 * An array file gives its elements, cut by bracket depth outside of strings, so a file of many gigabytes reads like JSON
 * Lines, also where it is one single line. Nothing is parsed here; json-values.ts does that.
 */
import { createReadStream } from "node:fs";
import { jsonLayout } from "./json-layout.ts";
import { ADVICE } from "./json-text.ts";
import { DataFileError } from "./read-error.ts";

/** The bytes of one value, where they start in the file (bytes), and on which line (from 1). */
export type JsonRow = Readonly<{ bytes: Buffer; offset: number; line: number }>;

const [NEWLINE, QUOTE, COMMA, BACKSLASH] = [10, 34, 44, 92] as const;
const CHUNK = 1 << 20;

/** Elements of the array, or lines, or the single value of the file. Throws DataFileError with the line of the fault. */
export async function* jsonRows(path: string): AsyncGenerator<JsonRow, void, void> {
  const layout = jsonLayout(path);
  switch (layout) {
    case "empty":
      throw new DataFileError(path, undefined, "Expected JSON, got an empty file. Pass a file with content.");
    case "lines":
      return yield* lines(path);
    case "array":
      return yield* elements(path);
    case "value":
      return yield await wholeFile(path);
    default:
      layout satisfies never;
  }
}

/** Chunks of the file with the place of each; a byte order mark is left out. */
async function* chunksOf(path: string): AsyncGenerator<{ chunk: Buffer; at: number }, void, void> {
  let at = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK }) as AsyncIterable<Buffer>) {
    const mark = at === 0 && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf ? 3 : 0;
    yield { chunk: chunk.subarray(mark), at: at + mark };
    at += chunk.length;
  }
}

async function* lines(path: string): AsyncGenerator<JsonRow, void, void> {
  let pieces: Buffer[] = [];
  let offset = 0;
  let line = 1;
  const ended = (piece: Buffer): JsonRow => {
    const bytes = pieces.length === 0 ? piece : Buffer.concat([...pieces, piece]);
    pieces = [];
    return { bytes, offset, line };
  };
  for await (const { chunk, at } of chunksOf(path)) {
    if (pieces.length === 0) offset = at;
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, from)) {
      const row = ended(chunk.subarray(from, end));
      if (!isBlank(row.bytes)) yield row;
      from = end + 1;
      offset = at + from;
      line++;
    }
    if (from < chunk.length) pieces.push(chunk.subarray(from));
  }
  const last = ended(Buffer.alloc(0));
  if (!isBlank(last.bytes)) yield last;
}

async function wholeFile(path: string): Promise<JsonRow> {
  const chunks: Buffer[] = [];
  for await (const { chunk } of chunksOf(path)) chunks.push(chunk);
  return { bytes: Buffer.concat(chunks), offset: 0, line: 1 };
}

/** Elements of one top-level array. */
async function* elements(path: string): AsyncGenerator<JsonRow, void, void> {
  const scan = { depth: 0, inString: false, isEscaped: false };
  let pieces: Buffer[] = [];
  let started: { offset: number; line: number } | undefined;
  let commas = 0;
  let line = 1;
  let isClosed = false;
  for await (const { chunk, at } of chunksOf(path)) {
    let from = 0;
    for (let i = 0; i < chunk.length; i++) {
      const code = chunk[i] as number;
      if (code === NEWLINE) line++;
      if (isClosed) {
        if (!isSpace(code))
          throw new DataFileError(path, line, `Expected nothing after the array, got more. ${ADVICE}.`);
        continue;
      }
      const isOpening = scan.depth === 0;
      const isBoundary = step(scan, code);
      if (isOpening) continue;
      if (!isBoundary) {
        if (started || isSpace(code)) continue;
        started = { offset: at + i, line };
        from = i;
        continue;
      }
      const mark = String.fromCharCode(code);
      if (started) yield { bytes: Buffer.concat([...pieces, chunk.subarray(from, i)]), ...started };
      else if (code === COMMA || commas > 0)
        throw new DataFileError(path, line, `Expected a value before "${mark}". ${ADVICE}.`);
      if (code === COMMA) commas++;
      else isClosed = true;
      pieces = [];
      started = undefined;
    }
    if (started) pieces.push(chunk.subarray(from));
  }
  if (isClosed) return;
  throw new DataFileError(
    path,
    line,
    "The JSON array ends before its closing bracket. The file looks cut off; fetch it again.",
  );
}

/** Take one byte; is it the end of an element, a comma or the bracket that closes the array? */
function step(scan: { depth: number; inString: boolean; isEscaped: boolean }, code: number): boolean {
  if (scan.inString) {
    if (scan.isEscaped) scan.isEscaped = false;
    else if (code === BACKSLASH) scan.isEscaped = true;
    else if (code === QUOTE) scan.inString = false;
    return false;
  }
  if (code === QUOTE) scan.inString = true;
  else if (code === 91 || code === 123) scan.depth++;
  else if (code === 93 || code === 125) return --scan.depth === 0;
  else return code === COMMA && scan.depth === 1;
  return false;
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

function isBlank(bytes: Buffer): boolean {
  for (const code of bytes) if (!isSpace(code)) return false;
  return true;
}
