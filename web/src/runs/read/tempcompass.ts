/** TempCompass's prediction files ({ VIDEO: { ASPECT: [{ question, answer, prediction }] } }), read by its official rules. */

import { z } from "zod";
import type { Outcome } from "zoetrope/evals/runs/format";
import { readOfficially } from "../../../../src/evals/benchmarks/tempcompass-rules.ts";
import { type ReadRun, verdictOf } from "./run-log.ts";
import type { DroppedFile, StudioSample } from "./studio-run.ts";

const answer = z.looseObject({ question: z.string(), answer: z.unknown(), prediction: z.string() });
const schema = z.record(z.string(), z.record(z.string(), z.array(answer)));

const tasks = ["multi-choice", "yes_no", "caption_matching", "captioning"] as const;

/** Throws an Error where the layout is another. */
export function readTempCompass({ name, text }: DroppedFile): ReadRun {
  const parsed = schema.safeParse(JSON.parse(text));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(`Expected TempCompass predictions, got a fault at ${issue?.path.join(".")}: ${issue?.message}.`);
  }
  const task = tasks.find((each) => name.includes(each)) ?? guess(text);
  const samples = Object.entries(parsed.data).flatMap(([video, aspects]) =>
    Object.entries(aspects).flatMap(([aspect, rows]) =>
      rows.map((row, i): StudioSample => {
        const target = typeof row.answer === "string" ? row.answer : JSON.stringify(row.answer);
        const read = readOfficially({ task, question: row.question, answer: target }, row.prediction);
        const isRead = read.kind === "read";
        const id = `${video}/${aspect}/${i}`;
        const status = isRead ? "read" : read.kind === "unjudged" ? "unjudged" : "unparsed";
        const value = isRead ? Number(read.correct) : read.kind === "unjudged" ? null : 0;
        const outcome: Outcome = { id, video, docHash: id, status, values: { accuracy: value }, groups: { aspect } };
        const [stem = "", ...options] = row.question.split("\n");
        return {
          id,
          video,
          duration: null,
          question: stem,
          options,
          target,
          prompt: row.question,
          reply: row.prediction,
          truths: null,
          predicted: null,
          frames: null,
          rule: isRead ? read.rule : null,
          reason: isRead ? null : read.reason,
          verdict: verdictOf({ outcome, truths: null, predicted: null, duration: null, headline: "accuracy" }),
          outcome,
        };
      }),
    ),
  );
  return {
    file: name,
    format: "TempCompass",
    model: name.replace(/\.json$/, ""),
    benchmark: `TempCompass, ${task}`,
    headline: "accuracy",
    samples,
    fingerprint: null,
    notes: ["Read by the official rules; what they cannot read counts as wrong here and waits for a judge there."],
  };
}

function guess(text: string): (typeof tasks)[number] {
  const head = text.slice(0, 20_000);
  if (/\\nA\. /.test(head)) return "multi-choice";
  if (/"answer"\s*:\s*"(?:yes|no)"/.test(head)) return "yes_no";
  return /Caption 1|Option 1|Sentence A/i.test(head) ? "caption_matching" : "captioning";
}
