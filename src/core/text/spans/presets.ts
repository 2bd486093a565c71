/**
 * The rules by which other code bases read a span from a reply, for scoring a file as they would.
 *
 * Each reproduces what it finds and what it misses. Units are theirs: VTimeLLM reads two-digit hundredths of the duration,
 * NumPro numbers of frames at half a frame per second; the others read seconds. Sources: VTimeLLM eval.py, NumPro
 * metrics_mr.py, TimeChat format_tvg.py, lmms-eval charades_sta and timelens utils.py.
 */
import { secondOfHundredth, secondOfNumber } from "../../time/index.ts";
import type { ExtractedSpan, SpanExtraction, SpanOptions, SpanPreset, SpanUnit } from "./span-extraction.ts";

export const spanPresets: readonly SpanPreset[] = ["vtimellm", "numpro", "timechat", "lmms-charades", "timelens"];

type Ends = readonly [number, number];
type Found = Readonly<{ ends: readonly Ends[]; unit: SpanUnit; toSeconds: (value: number) => number }>;

export type PresetOptions = Pick<SpanOptions, "duration"> &
  Readonly<{
    /** Frames a second of NumPro's numbers. Default 0.5. */
    frameRate?: number;
  }>;

/** Read a reply as another code base does. Throws RangeError where VTimeLLM's rule gets no duration. */
export function extractSpansAs(preset: SpanPreset, text: string, options: PresetOptions = {}): SpanExtraction {
  const { ends, unit, toSeconds } = found(preset, text, options);
  if (ends.length === 0)
    return { kind: "unparsed", reason: text.trim() === "" ? "empty" : "times without a span", text };
  const { duration = Infinity } = options;
  const spans = ends.map((raw): ExtractedSpan => {
    const [a, b] = [toSeconds(raw[0]), toSeconds(raw[1])];
    const [start, end] = [Math.min(a, b), Math.max(a, b)];
    const flags = { isUnitStated: false, isReversed: a > b, isBeyond: end > duration };
    return { start, end, unit, rule: preset, confidence: 1, ...flags, raw, text };
  });
  return { kind: "spans", spans };
}

function found(preset: SpanPreset, text: string, { duration, frameRate = 0.5 }: PresetOptions): Found {
  const seconds = (ends: readonly Ends[]): Found => ({ ends, unit: "seconds", toSeconds: (value) => value });
  switch (preset) {
    case "vtimellm": {
      if (duration === undefined)
        throw new RangeError(`Expected a duration for the rule of VTimeLLM, got none. Pass it.`);
      const ends = pairs(text, /(\d{2}) (?:to|and) (\d{2})/g).slice(0, 1);
      return { ends, unit: "percent", toSeconds: (index) => secondOfHundredth(index, duration) };
    }
    case "numpro": {
      const ends = pairs(text, /from\s*(?:frame\s*)?(\d+)\s*to\s*(?:frame\s*)?(\d+)/gi).slice(0, 1);
      return { ends, unit: "frames", toSeconds: (number) => secondOfNumber(number, frameRate) };
    }
    case "timechat":
      return seconds(firstInOrder(timeChat(text.toLowerCase())));
    case "lmms-charades":
      return seconds(firstInOrder(lmmsCharades(text.toLowerCase())));
    case "timelens":
      return seconds(timeLens(text.toLowerCase()));
    default:
      return preset satisfies never;
  }
}

/** Ranges with a hyphen anywhere; else the first number, else the first h:mm:ss, of every line that speaks of start or end. */
function timeChat(text: string): Ends[] {
  const ranges = pairs(text, /(\d+\.*\d*)\s*-\s*(\d+\.*\d*)/g);
  if (ranges.length > 0) return ranges;
  const lines = linesWithTime(text);
  const first = (pattern: RegExp) => inTwos(lines.flatMap((line) => pattern.exec(line)?.[0] ?? []));
  const numbers = first(/\b(?:\d+\.\d+|\d+)\b/);
  return numbers.length > 0 ? numbers : first(/\b\d{1,2}:\d{2}:\d{2}\b/);
}

/** As TimeChat, with "to" read as a hyphen wherever it stands, clocks first, and en dashes. */
function lmmsCharades(text: string): Ends[] {
  const dashed = text.replaceAll("a specific example is : 20.8 - 30.0 seconds", "").replaceAll("to", "-");
  const spoken = linesWithTime(dashed);
  const lines = spoken.length > 0 ? spoken : dashed.split(/[!?\n]/);
  const firstLineOf = (pattern: RegExp) => lines.map((line) => pairs(line, pattern)).find((ends) => ends.length > 0);
  const clock = /\b\d{1,2}:\d{2}(?::\d{2})?\b/g;
  const clockRange = /\b(\d{1,2}:\d{2}(?::\d{2})?)\s*[–-]\s*(\d{1,2}:\d{2}(?::\d{2})?)\b/g;
  const steps: (() => Ends[] | undefined)[] = [
    () => firstLineOf(clockRange),
    () => firstLineOf(/(\d+(?:\.\d+)?)\s*[–-]\s*(\d+(?:\.\d+)?)/g),
    () => inTwos(lines.flatMap((line) => line.match(clock) ?? [])),
    () => inTwos(lines.flatMap((line) => /\b\d+(?:\.\d+)?\b/.exec(line)?.[0] ?? [])),
    () => firstLineOf(/(\d+(?:\.\d+)?)\s*s?\s*[–-]\s*(\d+(?:\.\d+)?)\s*s?/g),
  ];
  for (const step of steps) {
    const ends = step();
    if (ends && ends.length > 0) return ends;
  }
  return [];
}

/** Clocks in twos, else ranges with a hyphen, else with "to", else all numbers in twos; "12.5s" loses its decimals. */
function timeLens(text: string): Ends[] {
  const clocks = inTwos(text.match(/\b(?:\d{1,2}:\d{2}:\d{2}(?:\.\d+)?|\d{1,2}:\d{2}(?:\.\d+)?)\b/g) ?? []);
  if (clocks.length > 0) return clocks;
  for (const pattern of [/(\d+\.?\d*)\s*-\s*(\d+\.?\d*)/g, /(\d+\.?\d*)\s+to\s+(\d+\.?\d*)/g]) {
    const ranges = pairs(text, pattern);
    if (ranges.length > 0) return ranges;
  }
  return inTwos(text.match(/\b\d+\.?\d*\b/g) ?? []);
}

function linesWithTime(text: string): string[] {
  return text.split(/[!?\n]/).filter((line) => /start|end|happen/.test(line));
}

/** TimeChat keeps one span and puts its ends in order. */
function firstInOrder(ends: readonly Ends[]): Ends[] {
  return ends.slice(0, 1).map(([a, b]) => (b > a ? [a, b] : [b, a]));
}

function pairs(text: string, pattern: RegExp): Ends[] {
  return [...text.matchAll(pattern)].map((match) => [secondsOf(match[1] as string), secondsOf(match[2] as string)]);
}

function inTwos(times: readonly string[]): Ends[] {
  return Array.from({ length: times.length >> 1 }, (_, i) => [
    secondsOf(times[2 * i] as string),
    secondsOf(times[2 * i + 1] as string),
  ]);
}

/** "83.5" or "1:02:03", whatever its parts are. */
function secondsOf(time: string): number {
  return time.split(":").reduce((sum, part) => sum * 60 + Number.parseFloat(part), 0);
}
