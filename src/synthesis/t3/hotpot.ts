/**
 * T3's own control text: questions of HotpotQA over shuffled paragraphs, which need reading but no time (arXiv 2410.06166; video-t3,
 * data_creation.py).
 *
 * Reads HotpotQA v1.1 as it is distributed. The reference filters by length with a default that drops every row; here rows without a
 * limit stay, and what a limit drops is counted.
 */

import * as z from "zod";
import type { Rng } from "../../core/math/index.ts";
import { words } from "../../core/text/index.ts";
import type { Conversation } from "../../data/index.ts";

const Entry = z.object({
  _id: z.string(),
  question: z.string(),
  answer: z.string(),
  context: z.array(z.tuple([z.string(), z.array(z.string())])),
});

export type HotpotOptions = Readonly<{
  rng: Rng;
  /** "answer": HotpotQA's own question; "last-title": the title of the last paragraph, the reference's variant. */
  ask: "answer" | "last-title";
  /** Longest question with its paragraphs, in words separated by white space; default none. */
  maxWords?: number;
}>;

/** The conversation of one entry, or in a few words why there is none. */
export function hotpotRow(
  entry: unknown,
  { rng, ask, maxWords = Infinity }: HotpotOptions,
): Conversation | { skip: string } {
  const parsed = Entry.safeParse(entry);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { skip: `no HotpotQA entry (${issue?.path.join(".") || "entry"})` };
  }
  const { _id, question, answer, context } = parsed.data;
  const paragraphs = rng.shuffle(
    context.filter(([title, sentences]) => title.trim() !== "" && sentences.join("").trim() !== ""),
  );
  const last = paragraphs.at(-1);
  if (!last) return { skip: "no paragraphs" };
  const asked = ask === "answer" ? question.trim() : "What is the title of the last paragraph?";
  const reply = ask === "answer" ? answer.trim() : last[0];
  if (asked === "" || words(reply).length === 0) return { skip: "no question or answer" };
  // The sentences of a paragraph carry the spaces between them.
  const blocks = paragraphs.map(([title, sentences]) => `Title: ${title}\nContent: ${sentences.join("").trim()}\n\n`);
  const human = `Given the following paragraphs, answer the question. \n${blocks.join("")}\nQuestion: ${asked}\n`;
  if (human.trim().split(/\s+/).length > maxWords) return { skip: `more than ${maxWords} words` };
  return {
    id: `hotpot-${ask}-${_id}`,
    turns: [
      { from: "human", value: human },
      { from: "gpt", value: reply },
    ],
  };
}
