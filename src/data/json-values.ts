/**
 * Values of a JSON or JSON Lines file one by one, each with its line number, without holding the file in memory.
 *
 * An array file gives its elements, so a file of many gigabytes reads like JSON Lines. JSON Lines are recognised by what they are,
 * not by the file's name: released files carry either suffix.
 */
import { ADVICE, countLineEnds, parseJsonAt } from "./json-text.ts";
import { DataFileError } from "./read-error.ts";
import { type Line, linesOf } from "./text-lines.ts";

export type JsonValue = { value: unknown; line: number };

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
    held = { value: parseJsonAt(path, text, number), line: number };
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
  return { value: parseJsonAt(path, text, first), line: first };
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
        yield { value: parseJsonAt(path, element.trimStart(), line), line };
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
