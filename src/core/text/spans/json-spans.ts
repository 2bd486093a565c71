/**
 * Pairs of times inside JSON that stands in a text: { "start": 12.0, "end": 18.5 }, { "timestamps": "from 05 to 17" },
 * [[3, 9], [12, 18]].
 */
import type { SpanUnit } from "./span-extraction.ts";

/** Two ends as JSON has them, or a string that is to be read like any text. `unit` where a key tells it. */
export type JsonPair =
  | Readonly<{ kind: "ends"; ends: readonly [unknown, unknown]; unit: SpanUnit | undefined; isBare: boolean }>
  | Readonly<{ kind: "text"; text: string }>;

const startKey =
  /^(?:start|begin|from|onset|s)(?:ing|ning)?[_\s]?(?:time|stamp|timestamp|sec|secs|second|seconds|frame|s)?$/i;
const endKey =
  /^(?:end|finish|to|until|stop|offset|e)(?:ing)?[_\s]?(?:time|stamp|timestamp|sec|secs|second|seconds|frame|s)?$/i;
const timeKey = /time|span|segment|interval|window|moment|range|answer/i;
/** Longer texts are not searched for JSON; characters. */
const longest = 20_000;

/** The pairs of all JSON values of a text, in order. Empty where there is none. */
export function jsonPairs(text: string): JsonPair[] {
  if (text.length > longest) return [];
  return jsonValuesIn(text).flatMap((value) => pairsOf(value, false));
}

function pairsOf(value: unknown, isTime: boolean): JsonPair[] {
  if (typeof value === "string") return isTime ? [{ kind: "text", text: value }] : [];
  if (Array.isArray(value)) {
    if (value.length === 2 && value.every(isEnd))
      return [{ kind: "ends", ends: [value[0], value[1]], unit: undefined, isBare: !isTime }];
    return value.flatMap((each) => pairsOf(each, isTime));
  }
  if (typeof value !== "object" || value === null) return [];
  const entries = Object.entries(value);
  const start = entries.find(([key, end]) => startKey.test(key) && isEnd(end));
  const end = entries.find(([key, other]) => endKey.test(key) && isEnd(other));
  if (start && end) {
    const unit = /frame/i.test(start[0]) ? "frames" : /sec/i.test(start[0]) ? "seconds" : undefined;
    return [{ kind: "ends", ends: [start[1], end[1]], unit, isBare: false }];
  }
  return entries.flatMap(([key, each]) => pairsOf(each, timeKey.test(key)));
}

function isEnd(value: unknown): boolean {
  return typeof value === "number" || (typeof value === "string" && /^\W*[\d.:]+\s*[a-z%]*\W*$/i.test(value));
}

/** Objects and arrays that parse, from left to right, the outermost first. */
function jsonValuesIn(text: string): unknown[] {
  const values: unknown[] = [];
  for (let at = 0; at < text.length; at++) {
    const code = text[at];
    if (code !== "{" && code !== "[") continue;
    const end = closingBracket(text, at);
    if (end === -1) continue;
    try {
      values.push(JSON.parse(text.slice(at, end + 1)));
      at = end;
    } catch {
      // Not JSON from here; an inner bracket may be.
    }
  }
  return values;
}

/** The index of the bracket that closes the one at `open`, strings skipped; -1 where there is none. */
function closingBracket(text: string, open: number): number {
  let depth = 0;
  let inString = false;
  for (let i = open; i < text.length; i++) {
    const code = text[i];
    if (inString) {
      if (code === "\\") i++;
      else if (code === '"') inString = false;
    } else if (code === '"') inString = true;
    else if (code === "{" || code === "[") depth++;
    else if ((code === "}" || code === "]") && --depth === 0) return i;
  }
  return -1;
}
