/**
 * Which videos VTimeLLM's stages take, and how an event's words go into a sentence.
 */
import type { Moment } from "../../core/time/index.ts";
import type { VideoMoments } from "../../data/index.ts";

/** Conditions on a video and its events; seconds and shares of the video. What is absent is not asked. */
export type EventFilter = Readonly<{
  maxDuration?: number;
  minEvents?: number;
  /** Every event is longer than this. */
  minEventSeconds?: number;
  /** The mean event is longer than this share of the video. */
  minMeanShare?: number;
  /** Events together cover at least this share. */
  minCoverage?: number;
  /** Events do not overlap. */
  disjoint?: boolean;
}>;

/** The paper's filters (A5): stage 2 on InternVid, stage 3 on ActivityNet Captions and on DiDeMo. */
export const eventFilters = {
  stage2: { maxDuration: 120, minEvents: 2, minEventSeconds: 3, minMeanShare: 0.08, disjoint: true },
  "stage3-anet": { minEvents: 3, minCoverage: 0.9, disjoint: true },
  "stage3-didemo": { minEvents: 2, minCoverage: 0.4, disjoint: true },
  none: {},
} as const satisfies Readonly<Record<string, EventFilter>>;
export type EventFilterName = keyof typeof eventFilters;

/** A video whose events can be told: clipped to it, in order of time. */
export type EventList = Readonly<{ video: string; duration: number; events: readonly Moment[] }>;

/**
 * The events of an annotated video in order, or why it cannot be used. Ends beyond the video are cut off, events of no
 * length and events without words are left out; `cut` and `dropped` say how many.
 */
export function eventsOf(
  { video, duration, moments }: VideoMoments,
  filter: EventFilter = {},
): { list: EventList; cut: number; dropped: number } | { skip: string } {
  if (!(duration > 0 && duration < Infinity)) return { skip: "no duration known" };
  const clipped = moments.map((moment) => ({
    ...moment,
    start: Math.max(0, moment.start),
    end: Math.min(duration, moment.end),
  }));
  const events = clipped
    .filter(({ start, end, label }) => start < end && label.trim() !== "")
    .toSorted((a, b) => a.start - b.start || a.end - b.end);
  const cut = clipped.filter(({ start, end }, i) => start !== moments[i]?.start || end !== moments[i]?.end).length;
  const reason = events.length === 0 ? "no event of any length" : faultOf(events, duration, filter);
  return reason === null
    ? { list: { video, duration, events }, cut, dropped: moments.length - events.length }
    : { skip: reason };
}

function faultOf(events: readonly Moment[], duration: number, filter: EventFilter): string | null {
  const { maxDuration = Infinity, minEvents = 1, minEventSeconds, minMeanShare, minCoverage, disjoint } = filter;
  const lengths = events.map(({ start, end }) => end - start);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  if (duration > maxDuration) return `longer than ${maxDuration} s`;
  if (events.length < minEvents) return `fewer than ${minEvents} events`;
  if (minEventSeconds !== undefined && Math.min(...lengths) <= minEventSeconds)
    return `an event of ${minEventSeconds} s or less`;
  if (minMeanShare !== undefined && total / events.length <= minMeanShare * duration)
    return `mean event of ${100 * minMeanShare} % of the video or less`;
  // A tenth of a second: annotators click.
  if (disjoint && events.some(({ start }, i) => i > 0 && start < (events[i - 1] as Moment).end - 0.1))
    return "overlapping events";
  if (minCoverage !== undefined && covered(events) < minCoverage * duration)
    return `events cover less than ${100 * minCoverage} % of the video`;
  return null;
}

/** Seconds that lie in at least one event; events are in order of start. */
function covered(events: readonly Moment[]): number {
  let [sum, end] = [0, 0];
  for (const event of events) {
    sum += Math.max(0, event.end - Math.max(event.start, end));
    end = Math.max(end, event.end);
  }
  return sum;
}

/** Words that begin a sentence in upper case and stay lower within one. Names keep their capital. */
const openers =
  /^(?:A|An|The|This|That|These|Those|He|She|It|They|We|You|His|Her|Their|Its|One|Two|Three|Four|Some|Several|Many|People|Men|Women|Man|Woman|Person|Another|Then|There|In|On|At|As|After|Before|While|When|Both|Someone)\b/;

/** The event inside a sentence: no closing full stop, no capital that only opens a sentence. */
export function eventWithin(label: string): string {
  const text = label
    .trim()
    .replace(/\s+/g, " ")
    .replace(/[.\s]+$/, "");
  return openers.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}

/** The event as a sentence of its own. */
export function eventSentence(label: string): string {
  const text = label
    .trim()
    .replace(/\s+/g, " ")
    .replace(/[.\s]+$/, "");
  return /[!?]$/.test(text) ? capital(text) : `${capital(text)}.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
