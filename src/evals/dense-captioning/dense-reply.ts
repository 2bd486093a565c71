/**
 * A model's text as events: the JSON that VTimeLLM is asked for, or lines as TimeChat answers.
 */
import { joinNearDuplicates } from "../../core/text/index.ts";
import { secondOfHundredth } from "../../core/time/index.ts";

/** An event as a file or a reply has it, in seconds: maybe reversed, maybe NaN, maybe without words. */
export type PredictedEvent = Readonly<{ start: number; end: number; text: string }>;

export type DenseReply =
  | Readonly<{ kind: "events"; events: readonly PredictedEvent[]; rule: "vtimellm" | "broken-json" | "timechat" }>
  | Readonly<{ kind: "unparsed"; reason: string }>;

/**
 * Read a reply about a video of this length in seconds. `isStrict` reads as VTimeLLM's own evaluation does: of a list that is no JSON it
 * reads nothing; otherwise the items that are whole are read ("broken-json"), as where the longest reply cuts a list short.
 */
export function readDenseReply(text: string, duration: number, { isStrict = false } = {}): DenseReply {
  const whole = vtimellmEvents(text);
  const indexed = whole.length > 0 || isStrict ? whole : eventsOfBroken(text);
  if (indexed.length > 0) {
    if (!Number.isFinite(duration))
      return { kind: "unparsed", reason: "frame numbers, and the video's duration is not known" };
    const events = joinNearDuplicates(indexed).map(({ start, end, text: words }) => {
      return { start: secondOfHundredth(start, duration), end: secondOfHundredth(end + 1, duration), text: words };
    });
    return { kind: "events", events, rule: whole.length > 0 ? "vtimellm" : "broken-json" };
  }
  const events = timeChatEvents(text);
  if (events.length > 0) return { kind: "events", events, rule: "timechat" };
  return { kind: "unparsed", reason: text.trim() === "" ? "empty" : "no list of events with times" };
}

/**
 * VTimeLLM's rule: the first bracketed list of one line as JSON; of each item letters 5 and 6 and the last two of "timestamps"
 * ("from 00 to 29") are frame numbers 0 to 99. What stands before a broken item counts.
 */
function vtimellmEvents(text: string): PredictedEvent[] {
  const list = /\[.*\]/.exec(text)?.[0];
  let items: unknown;
  try {
    items = list === undefined ? [] : JSON.parse(list);
  } catch {
    return [];
  }
  const events: PredictedEvent[] = [];
  for (const item of Array.isArray(items) ? items : []) {
    const { event, timestamps } = (item ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof event !== "string" || typeof timestamps !== "string") break;
    const [start, end] = [timestamps.slice(5, 7), timestamps.slice(-2)].map(pythonInt);
    if (start === undefined || end === undefined) break;
    events.push({ start, end, text: event });
  }
  return events;
}

/** Items of a list that is cut short or wrongly quoted: an event's words, then its frame numbers behind "timestamps". */
function eventsOfBroken(text: string): PredictedEvent[] {
  const item = /"event"([^{}]*?)"timestamps"\s*:\s*"?from (\d{1,2}) to (\d{1,2})(?!\d)/g;
  return [...text.matchAll(item)].flatMap(([, words = "", start, end]) => {
    // Begun twice, the second beginning holds.
    const last = words.split('"event"').at(-1) as string;
    const plain = last.replace(/^[\s:"]+|[\s,"]+$/g, "");
    return plain === "" ? [] : [{ start: Number(start), end: Number(end), text: plain }];
  });
}

/** A whole number with blanks around it, as int() takes it. */
function pythonInt(text: string): number | undefined {
  return /^\s*[+-]?\d+\s*$/.test(text) ? Number(text) : undefined;
}

/** "21.9 - 128.0 seconds, cuts a cucumber." up to the next such time. */
function timeChatEvents(text: string): PredictedEvent[] {
  const time = String.raw`(\d+(?:\.\d+)?)\s*(?:s|seconds?)?\s*(?:-|–|to)\s*(\d+(?:\.\d+)?)\s*s(?:econds?)?\b[,:]?`;
  const found = [...text.matchAll(new RegExp(time, "gi"))];
  return found.map((match, i) => {
    const words = text.slice(match.index + match[0].length, found[i + 1]?.index ?? text.length);
    const plain = words.replace(/\s+(?:and\s+)?(?:from\s*)?$/i, "").trim();
    return { start: Number(match[1]), end: Number(match[2]), text: plain };
  });
}
