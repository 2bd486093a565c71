/**
 * One question answered: the sample, the reply word for word, how it was read, and the frames that the model saw.
 */
import { type Choice, parseChoice } from "../core/text/index.ts";
import type { Sample } from "../tasks/index.ts";

/** A frame that the model saw: seconds by the container's timestamp, index in the source. */
export type SeenFrame = Readonly<{ time: number; index: number }>;

/** What becomes a row of a run log. An unparsed reply is not correct. */
export type Answer = Readonly<{
  sample: Sample;
  reply: string;
  parsed: Choice;
  correct: boolean;
  frames: readonly SeenFrame[];
}>;

/** What a model said, the frames that it was shown, and what it tells of the reply. */
export type Reply = Readonly<{
  text: string;
  frames: readonly SeenFrame[];
  finish?: "stop" | "length";
  promptTokens?: number | null;
  newTokens?: number | null;
}>;

/** Read a reply as a choice among the sample's options (yes/no questions have the options "yes" and "no"). */
export function readAnswer(sample: Sample, reply: Reply): Answer {
  const parsed = parseChoice(reply.text, sample.options);
  const correct = parsed.kind === "choice" && parsed.index === sample.answerIndex;
  return { sample, reply: reply.text, parsed, correct, frames: [...reply.frames] };
}
