/**
 * Asking for every event of a video with its time: VTimeLLM's query word for word (A9) and the JSON that it asks for.
 */

/** VTimeLLM's evaluation query for captions with times. */
export const denseCaptioningQuery =
  'Could you please describe the events in the video in detail? Be specific about the activities of individuals, their surroundings, and interactions with others. The output should be in JSON format, structured as follows: {"event": "xx", "timestamps": "from xx to xx"}.';

/** What `python -m vtimellm.inference` asks. */
export const describeQuery = "describe the video.";

/** The text behind the frames as VTimeLLM's scripts send it: captions have a space behind the line break, grounding has none. */
export const denseCaptioningText = ` ${denseCaptioningQuery}`;

/** The answer to the query: a JSON list of events with their times as text. */
export function denseCaptioningAnswer(
  events: readonly Readonly<{ event: string; from: string; to: string }>[],
): string {
  const rows = events.map(
    ({ event, from, to }) => `{"event": ${JSON.stringify(event)}, "timestamps": "from ${from} to ${to}"}`,
  );
  return `[${rows.join(", ")}]`;
}
