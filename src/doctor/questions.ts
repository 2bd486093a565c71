/**
 * What a model is asked about the test films, and the seconds that its answers hold.
 */
import { timeExpressions } from "../core/text/index.ts";
import { type ClipEvent, clipEvents } from "./clock-clip.ts";

export const durationQuestion = "How long is this video, in seconds? Answer with one number.";
export const eventsQuestion = `Things appear in this video one after the other: ${clipEvents
  .map(({ name }) => `a ${name}`)
  .join(
    ", ",
  )}. At which second of the video does each of them first appear? Answer with ${clipEvents.length} numbers separated by commas.`;
export const clockQuestion =
  "A clock (minutes:seconds) is drawn in the top left corner of the pictures. What does it show in the very last picture? Answer with the clock's text.";

/** The first time of an answer in seconds; null where there is none. */
export function readSeconds(answer: string): number | null {
  return secondsIn(answer)[0]?.value ?? null;
}

/** A time for each event: the first behind its name where the answer names them, else one after the other. */
export function readEvents(answer: string, events: readonly ClipEvent[] = clipEvents): (number | null)[] {
  const text = withoutThoughts(answer);
  const times = secondsIn(answer);
  const places = events.map(({ name }) => text.toLowerCase().indexOf(name));
  if (places.some((place) => place < 0)) return events.map((_, i) => times[i]?.value ?? null);
  return places.map((place) => {
    const next = Math.min(...places.filter((other) => other > place), text.length);
    return times.find(({ from }) => from >= place && from < next)?.value ?? null;
  });
}

/** Times in seconds or without a unit; frame numbers and percentages are none. */
function secondsIn(answer: string) {
  return timeExpressions(withoutThoughts(answer)).filter(
    ({ unit, value }) => (unit === undefined || unit === "seconds") && Number.isFinite(value),
  );
}

/** What a reasoning model says before it answers is no answer. */
function withoutThoughts(answer: string): string {
  return answer.slice(answer.lastIndexOf("</think>") + 1).replace(/^\/think>/, "");
}
