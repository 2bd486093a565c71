/**
 * Times in a text, one by one: numbers with or without a unit, clock notation, minutes with seconds, frame numbers, percentages,
 * symbolic tokens. Which two of them make a span is not decided here.
 */
import { parseTimestamp } from "../../time/index.ts";
import type { SpanUnit } from "./span-extraction.ts";

export type TimeExpression = Readonly<{
  /** Seconds, a frame number or percent, by `unit`. */
  value: number;
  /** Undefined for a bare number. */
  unit: SpanUnit | undefined;
  /** Seconds that one of the stated unit lasts (60 for minutes); 1 for all else. A bare neighbour inherits it. */
  scale: number;
  isClock: boolean;
  /** Where it stands: [from, to). */
  from: number;
  to: number;
}>;

const unitWords: readonly (readonly [RegExp, SpanUnit, number])[] = [
  [/^(?:milliseconds?|msecs?|ms)$/, "seconds", 0.001],
  [/^(?:seconds?|secs?|s)$/, "seconds", 1],
  [/^(?:minutes?|mins?)$/, "seconds", 60],
  [/^(?:hours?|hrs?)$/, "seconds", 3600],
  [/^frames?$/, "frames", 1],
  [/^(?:%|percent)$/, "percent", 1],
];

const unit = String.raw`%|(?:milliseconds?|msecs?|ms|seconds?|secs?|s|minutes?|mins?|hours?|hrs?|frames?(?!\s*#?\d)|percent)(?![a-z])`;
const prefix = String.raw`(?<![a-z])(?<prefix>frames?|seconds?|secs?|t)(?:\s*(?:numbers?|no\.|index|id))?\s*[=:#]?\s*`;
const clock = String.raw`(?<clock>(?:\d{1,2}:)?\d{1,3}:\d{2}(?:[.,]\d+)?)(?![\d:])`;
// "m" and "h" are units only here; alone they may be metres or anything.
const compact = String.raw`(?:(?<hours>\d+)\s?h\s?)?(?<minutes>\d+)\s?m\s?(?<seconds>\d+(?:\.\d+)?)\s?s(?!\w)`;
const number = String.raw`(?<number>\d+(?:\.\d+)?)(?:(?:st|nd|rd|th)\s+(?=frame|sec|min))?(?:\s?-?\s?(?<unit>${unit}))?(?![\w%])`;
const symbol = String.raw`(?<symbol><(?:[se]|start|end|t|time|time_token)_?\d*>)`;
const expression = new RegExp(`(?:${prefix}|(?<![\\w.:]))(?:${clock}|${compact}|${number})|${symbol}`, "gi");

/**
 * The times of a text in order. `tokens` values symbols such as "<s0>" in seconds; a symbol without a value is NaN, and one
 * that merely opens a tag ("<s>12</s>") is passed over.
 */
export function timeExpressions(text: string, tokens: Readonly<Record<string, number>> = {}): TimeExpression[] {
  const found: TimeExpression[] = [];
  for (const match of text.matchAll(expression)) {
    const { prefix: before, clock: time, number: digits, unit: after, symbol: token } = match.groups ?? {};
    const { hours, minutes, seconds } = match.groups ?? {};
    const place = { from: match.index, to: match.index + match[0].length };
    const plain = { scale: 1, isClock: false, ...place };
    if (token !== undefined) {
      const value = tokens[token];
      if (value === undefined && !/\d/.test(token)) continue;
      found.push({ ...plain, value: value ?? Number.NaN, unit: "seconds" });
    } else if (time !== undefined) {
      const value = clockSeconds(time.replace(",", "."));
      if (value !== null) found.push({ ...plain, value, unit: "seconds", isClock: true });
    } else if (minutes !== undefined) {
      const value = (Number(hours ?? 0) * 60 + Number(minutes)) * 60 + Number(seconds);
      found.push({ ...plain, value, unit: "seconds" });
    } else {
      const word = unitOf(after ?? before);
      const scale = word?.[2] ?? 1;
      found.push({ ...plain, value: Number(digits) * scale, unit: word?.[1], scale });
    }
  }
  return joinMinutes(text, found);
}

function unitOf(word: string | undefined) {
  const lower = word?.toLowerCase();
  if (lower === "t") return unitWords[1];
  return lower === undefined ? undefined : unitWords.find(([pattern]) => pattern.test(lower));
}

function clockSeconds(time: string): number | null {
  try {
    return parseTimestamp(time);
  } catch {
    return null;
  }
}

/** "1 minute 5 seconds", "1 minute and 5 seconds", "2m30s" are one time each. */
function joinMinutes(text: string, times: readonly TimeExpression[]): TimeExpression[] {
  const joined: TimeExpression[] = [];
  for (const time of times) {
    const last = joined.at(-1);
    const isPart = last?.unit === "seconds" && time.unit === "seconds" && !last.isClock && !time.isClock;
    if (last && isPart && time.scale < last.scale && last.scale > 1 && time.value < last.scale) {
      const isBetween = /between\s+$/i.test(text.slice(0, last.from));
      const gap = text.slice(last.to, time.from);
      if (/^\s*,?\s*$/.test(gap) || (!isBetween && /^\s*,?\s*and\s+$/i.test(gap))) {
        joined[joined.length - 1] = { ...last, value: last.value + time.value, scale: time.scale, to: time.to };
        continue;
      }
    }
    joined.push(time);
  }
  return joined;
}
