/**
 * One question answered: the sample, the reply word for word, how it was read, and the frames that the model saw.
 *
 * The schemas are the single source of the types and of what a log may hold.
 */
import { z } from "zod";
import { parseChoice } from "../core/text/index.ts";
import { type Sample, staticTasks, temporalTasks } from "../tasks/index.ts";

const seenFrame = z.object({ time: z.number(), index: z.number().int() });

const choice = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("choice"),
    index: z.number().int().nonnegative(),
    rule: z.enum(["line", "letter", "text", "leading-letter", "announced", "bracketed", "contained"]),
  }),
  z.object({ kind: z.literal("unparsed"), text: z.string(), reason: z.string() }),
]);

const sample: z.ZodType<Sample> = z.object({
  id: z.string(),
  task: z.enum([...temporalTasks, ...staticTasks]),
  kind: z.enum(["temporal", "static"]),
  video: z.string(),
  question: z.string(),
  options: z.array(z.string()).min(2),
  answerIndex: z.number().int().nonnegative(),
});

export const answerSchema = z.object({
  sample,
  reply: z.string(),
  parsed: choice,
  correct: z.boolean(),
  frames: z.array(seenFrame),
});

/** A frame that the model saw: seconds by the container's timestamp, index in the source. */
export type SeenFrame = z.infer<typeof seenFrame>;

/** A row of a RunLog. An unparsed reply is not correct. */
export type Answer = Readonly<z.infer<typeof answerSchema>>;

/** What a model said, and the frames that it was shown. */
export type Reply = Readonly<{ text: string; frames: readonly SeenFrame[] }>;

/** Read a reply as a choice among the sample's options (yes/no questions have the options "yes" and "no"). */
export function readAnswer(sample: Sample, reply: Reply): Answer {
  const parsed = parseChoice(reply.text, sample.options);
  const correct = parsed.kind === "choice" && parsed.index === sample.answerIndex;
  return { sample, reply: reply.text, parsed, correct, frames: [...reply.frames] };
}
