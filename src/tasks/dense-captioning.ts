/**
 * Asking for every event of a video with its time: VTimeLLM's query word for word (A9) and the JSON that it asks for;
 * TimeChat's, which asks for lines in seconds.
 */
import { secondsText } from "./grounding.ts";

/** VTimeLLM's evaluation query for captions with times. */
export const denseCaptioningQuery =
  'Could you please describe the events in the video in detail? Be specific about the activities of individuals, their surroundings, and interactions with others. The output should be in JSON format, structured as follows: {"event": "xx", "timestamps": "from xx to xx"}.';

/** What `python -m vtimellm.inference` asks. */
export const describeQuery = "describe the video.";

/** The text behind the frames as VTimeLLM's scripts send it: captions have a space behind the line break, grounding has none. */
export const denseCaptioningText = ` ${denseCaptioningQuery}`;

/**
 * - vtimellm: VTimeLLM's query; times are two digits each, 00 to 99.
 * - timechat: TimeChat's query for YouCook2 and ActivityNet Captions; a line an event, in seconds.
 * - times: the same behind the seconds of the frames, for models that are not told them otherwise.
 */
export const densePrompts = ["vtimellm", "timechat", "times"] as const;
export type DensePrompt = (typeof densePrompts)[number];

/** TimeChat's query (prompts/dvc_description.txt), with its blanks. */
export const timeChatDenseQuery =
  "Localize a series of activity events in the video, output the start and end timestamp for each event, and describe each event with sentences. The output format of each predicted event should be like: 'start - end seconds, event description'. A specific example is : ' 90 - 102 seconds, spread margarine on two slices of white bread in the video' .";

/** The text behind the frames that asks for all events; `times` are the seconds of the frames. */
export function denseText(prompt: DensePrompt, times: readonly number[] = []): string {
  switch (prompt) {
    case "vtimellm":
      return denseCaptioningText;
    case "timechat":
      return timeChatDenseQuery;
    case "times":
      return `${secondsText(times)} ${timeChatDenseQuery}`;
    default:
      return prompt satisfies never;
  }
}

/** The answer to the query: a JSON list of events with their times as text. */
export function denseCaptioningAnswer(
  events: readonly Readonly<{ event: string; from: string; to: string }>[],
): string {
  const rows = events.map(
    ({ event, from, to }) => `{"event": ${JSON.stringify(event)}, "timestamps": "from ${from} to ${to}"}`,
  );
  return `[${rows.join(", ")}]`;
}
