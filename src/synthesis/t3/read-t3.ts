/**
 * Multiple-choice questions out of the text of training rows: the inverse of row.ts, lenient enough for other writers' rows.
 */

import { parseChoice } from "../../core/text/index.ts";
import type { Conversation } from "../../data/index.ts";

/** A question as its text has it; `captions` is empty where the text shows none. */
export type ReadQuestion = Readonly<{
  prefix: string;
  captions: readonly string[];
  question: string;
  options: readonly string[];
  /** Index of the option that the answer names. */
  answerIndex: number;
  suffix: string;
}>;

const OPTIONS = /((?:^\([A-Z]\) [^\n]+(?:\n|$)){2,})/m;

/** The question of the last human turn and its answer, or in a few words why there is none. */
export function readT3({ turns }: Pick<Conversation, "turns">): ReadQuestion | { problem: string } {
  const [human, gpt] = [turns.findLast(({ from }) => from === "human"), turns.findLast(({ from }) => from === "gpt")];
  if (!human || !gpt) return { problem: "no question and answer" };
  const block = OPTIONS.exec(human.value);
  if (!block) return { problem: "no options" };
  const lines = (block[1] as string).trimEnd().split("\n");
  if (lines.some((line, i) => line.charCodeAt(1) !== 65 + i))
    return { problem: "options that are not lettered in order" };
  const options = lines.map((line) => line.slice(4).trim());
  const answer = parseChoice(gpt.value, options);
  if (answer.kind !== "choice") return { problem: "an answer that names no option" };
  const before = human.value.slice(0, block.index).trimEnd();
  const suffix = human.value.slice(block.index + (block[1] as string).length).trim();
  return { ...partsOf(before), options, answerIndex: answer.index, suffix };
}

/** A question's text with other captions, or with none: then nothing of the video is left but the question. */
export function askT3({ prefix, question, options, suffix }: ReadQuestion, captions: readonly string[]): string {
  const lines = options.map((text, i) => `(${String.fromCharCode(65 + i)}) ${text}\n`).join("");
  const context = captions.length === 0 ? "" : `${prefix}\n\nCaptions:\n${captions.join("\n")}\n`;
  return `${context}Question: ${question}\n${lines}${suffix === "" ? "" : `\n${suffix}\n`}`;
}

function partsOf(before: string): Pick<ReadQuestion, "prefix" | "captions" | "question"> {
  const at = before.lastIndexOf("\nQuestion: ");
  const asked = at === -1 ? before.replace(/^Question: /, "") : before.slice(at + "\nQuestion: ".length);
  const context = at === -1 ? "" : before.slice(0, at);
  const [prefix, captions] = context.split(/\n+Captions:\n/);
  if (captions === undefined) return { prefix: "", captions: [], question: at === -1 ? lastLine(asked) : asked.trim() };
  return { prefix: (prefix as string).trim(), captions: captions.split("\n"), question: asked.trim() };
}

function lastLine(text: string): string {
  return text.slice(text.lastIndexOf("\n") + 1).trim();
}
