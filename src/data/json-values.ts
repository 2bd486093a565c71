/**
 * Values of a JSON or JSON Lines file one by one, each with its line number, without holding the file in memory.
 *
 * An array file gives its elements, so a file of many gigabytes reads like JSON Lines. JSON Lines are recognised by what they are,
 * not by the file's name: released files carry either suffix.
 */
import { createReadStream } from "node:fs";
import { DataFileError } from "./read-error.ts";

export type JsonValue = { value: unknown; line: number };

const ADVICE = "Fix or remove that line";

/** Elements of the array, or lines, or the single value of the file. Throws DataFileError with the line of the fault. */
export async function* jsonValues(path: string): AsyncGenerator<JsonValue, void, void> {
  const lines = linesOf(path);
  const head = await firstLine(lines);
  if (!head) throw new DataFileError(path, undefined, "Expected JSON, got an empty file. Pass a file with content.");
  const all = chained(head, lines);
  if (parses(head.text) || /\.(?:jsonl|ndjson)$/i.test(path)) yield* jsonLines(path, all);
  else if (head.text.trimStart().startsWith("[")) yield* arrayElements(path, all);
  else yield await wholeValue(path, all);
}

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

async function firstLine(lines: AsyncGenerator<Line>): Promise<Line | undefined> {
  for (let next = await lines.next(); !next.done; next = await lines.next()) {
    if (next.value.text.trim() !== "") return next.value;
  }
  return undefined;
}

async function* chained(head: Line, rest: AsyncGenerator<Line>): AsyncGenerator<Line, void, void> {
  yield head;
  yield* rest;
}

/** One value a line. A file that is one line holding an array is that array. */
async function* jsonLines(path: string, lines: AsyncIterable<Line>): AsyncGenerator<JsonValue, void, void> {
  let held: JsonValue | undefined;
  let count = 0;
  for await (const { text, number } of lines) {
    if (text.trim() === "") continue;
    if (held) yield held;
    held = { value: parse(path, text, number), line: number };
    count++;
  }
  if (count === 1 && held && Array.isArray(held.value)) {
    for (const value of held.value as unknown[]) yield { value, line: held.line };
  } else if (held) yield held;
}

async function wholeValue(path: string, lines: AsyncIterable<Line>): Promise<JsonValue> {
  let text = "";
  let first = 0;
  for await (const line of lines) {
    if (first === 0) first = line.number;
    text += `${line.text}\n`;
  }
  return { value: parse(path, text, first), line: first };
}

/** Elements of one top-level array that spans lines, cut by bracket depth outside of strings. */
async function* arrayElements(path: string, lines: AsyncIterable<Line>): AsyncGenerator<JsonValue, void, void> {
  const scan = { depth: 0, inString: false };
  let element = "";
  let elementLine = 0;
  let lastLine = 0;
  let closed = false;
  for await (const { text, number } of lines) {
    lastLine = number;
    let from = 0;
    for (let i = 0; i < text.length; i++) {
      const boundary = step(scan, text, i);
      if (boundary === "inside") continue;
      if (boundary === "open") {
        from = i + 1;
        continue;
      }
      element += text.slice(from, i);
      from = i + 1;
      if (element.trim() !== "") {
        const lead = element.length - element.trimStart().length;
        const line = (elementLine || number) + countLineEnds(element.slice(0, lead));
        yield { value: parse(path, element.trimStart(), line), line };
      } else if (boundary === "comma") throw new DataFileError(path, number, `Expected a value before ",". ${ADVICE}.`);
      element = "";
      elementLine = number;
      if (boundary === "close") closed = true;
    }
    if (closed && text.slice(from).trim() !== "") {
      throw new DataFileError(
        path,
        number,
        `Expected nothing after the array, got "${text.slice(from).trim().slice(0, 20)}". ${ADVICE}.`,
      );
    }
    if (element === "") elementLine = number;
    element += `${text.slice(from)}\n`;
  }
  if (!closed)
    throw new DataFileError(
      path,
      lastLine,
      "The JSON array ends before its closing bracket. The file looks cut off; fetch it again.",
    );
}

function step(
  scan: { depth: number; inString: boolean },
  text: string,
  i: number,
): "inside" | "open" | "comma" | "close" {
  const code = text.charCodeAt(i);
  if (scan.inString) {
    if (code === 34 && !isEscaped(text, i)) scan.inString = false;
    return "inside";
  }
  if (code === 34) scan.inString = true;
  else if (code === 91 || code === 123) return ++scan.depth === 1 ? "open" : "inside";
  else if (code === 93 || code === 125) return --scan.depth === 0 ? "close" : "inside";
  else if (code === 44 && scan.depth === 1) return "comma";
  return "inside";
}

function isEscaped(text: string, quote: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(quote - 1 - backslashes) === 92) backslashes++;
  return backslashes % 2 === 1;
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function parse(path: string, text: string, firstLine: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const line = firstLine + countLineEnds(text.slice(0, faultPosition(text)));
    const plain = reason.replace(/ in JSON at position.*$|, (?:\.\.\.)?".*$/s, "");
    throw new DataFileError(path, line, `Expected JSON, but: ${plain}. ${ADVICE}.`);
  }
}

/** Where the fault is: the longest beginning that more text could still make valid. V8 does not always say. */
function faultPosition(text: string): number {
  let [valid, faulty] = [0, text.trimEnd().length + 1];
  while (faulty - valid > 1) {
    const middle = (valid + faulty) >> 1;
    if (canContinue(text.slice(0, middle))) valid = middle;
    else faulty = middle;
  }
  return valid;
}

function canContinue(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : "";
    const position = /at position (\d+)/.exec(reason)?.[1];
    return /^Unexpected end|^Unterminated string/.test(reason) || Number(position) >= text.length;
  }
}

function countLineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count++;
  return count;
}
