/**
 * Answers to our own questions as rows of a run log, and back.
 */
import * as z from "zod";
import { type Choice, type ChoiceRule, optionLine } from "../../core/text/index.ts";
import { type Sample, staticTasks, temporalTasks } from "../../tasks/index.ts";
import { type Answer, type Reply, readAnswer } from "../answer.ts";
import { choiceDoc, type RunConfig, type RunRow, replyOf } from "./format/index.ts";
import { makeRow, shownFrames } from "./make-row.ts";
import { hashOfAll } from "./run-config.ts";

const choiceRule: z.ZodType<ChoiceRule> = z.enum([
  "line",
  "letter",
  "text",
  "leading-letter",
  "announced",
  "bracketed",
  "contained",
]);

const groups = z.object({
  task: z.enum([...temporalTasks, ...staticTasks]),
  kind: z.enum(["temporal", "static"]),
});

/** Parts of a fingerprint that follow from the questions: what is true of the videos, and how it is asked. */
export function partsOfSamples(samples: readonly Sample[]): Readonly<{ data: string; prompt: string }> {
  const truths = samples.map(({ id, video, options, answerIndex }) =>
    JSON.stringify([id, video, options, answerIndex]),
  );
  return { data: hashOfAll(truths), prompt: hashOfAll(samples.map(({ question }) => question)) };
}

/** A reply, read, as a row; `place` is the sample's in the benchmark, the configuration says what all rows share. */
export function answerRow(
  { sample, reply, place }: Readonly<{ sample: Sample; reply: Reply; place: number }>,
  config: RunConfig,
): RunRow {
  const { parsed, correct, frames } = readAnswer(sample, reply);
  const { id, video, question, options, answerIndex, task, kind } = sample;
  const line = (index: number) => optionLine(index, options[index] as string);
  const isRead = parsed.kind === "choice";
  const { sampler, decoder } = config.fingerprint.parts;
  const { maxNewTokens } = config.settings;
  return makeRow({
    docId: place,
    doc: { id, video, options: [...options], answer_index: answerIndex, groups: { task, kind } },
    target: line(answerIndex),
    prompt: question,
    generation: { ...(maxNewTokens !== undefined && { max_new_tokens: maxNewTokens }), temperature: 0 },
    reply: reply.text,
    scored: isRead ? line(parsed.index) : reply.text,
    metrics: { accuracy: correct ? 1 : 0 },
    promptTokens: reply.promptTokens ?? null,
    newTokens: reply.newTokens ?? null,
    parse: isRead
      ? { status: "read", rule: parsed.rule, reason: null, raw: null, choice: parsed.index }
      : { status: "unparsed", rule: null, reason: parsed.reason, raw: null },
    temporal: { frames: shownFrames(frames), sampler, decoder, finish: reply.finish ?? null },
  });
}

/** The answer that a row records, read as it was then. Throws an Error where it is no question of ours. */
export function answerOf(row: RunRow): Answer {
  const doc = choiceDoc.safeParse(row.doc).data;
  const named = groups.safeParse(doc?.groups).data;
  const reply = replyOf(row);
  if (!doc || !named || typeof reply !== "string") {
    throw new Error(
      `Expected an answer to one of our own questions, got "${row.doc.id}", which is another benchmark's.`,
    );
  }
  const { id, video, options, answer_index: answerIndex } = doc;
  const frames = (row.temporal.frames ?? []).map(({ pts, src_index }) => ({ time: pts, index: src_index }));
  const { status, rule, reason, choice } = row.temporal.parse;
  const read = choiceRule.safeParse(rule).data;
  const parsed: Choice =
    status === "read" && read !== undefined && choice !== undefined
      ? { kind: "choice", index: choice, rule: read }
      : { kind: "unparsed", text: reply, reason: reason ?? "" };
  const sample = { id, ...named, video, question: row.input, options, answerIndex };
  return { sample, reply, parsed, correct: row.accuracy === 1, frames };
}
