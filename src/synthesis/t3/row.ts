/**
 * A T3 row: one multiple-choice question about a list of captions that stands for a video, and its text form.
 *
 * The text form is byte for byte that of the released Video-T3-QA rows, so that old and new rows can be mixed.
 */
import { optionLine } from "../../core/text/index.ts";
import type { Conversation } from "../../data/index.ts";

export type Split = "train" | "validation";

export type T3Row = Readonly<{
  /** `t3-SPLIT-FAMILY-LEVEL-Kx-NUMBER`, unique within one seed. */
  id: string;
  split: Split;
  family: string;
  /** The kind of question inside the family. */
  level: string;
  /** Context lines per original caption: 1, 2, 4, 8. */
  padding: number;
  /** Opening and closing instruction; both empty in the paragraph form. */
  prefix: string;
  suffix: string;
  question: string;
  /** Option texts without letters; empty where the answer is free text (control-hotpot). */
  options: readonly string[];
  /** Index of the one correct option; -1 where there are no options. */
  answerIndex: number;
  /** What the gpt turn says: the full option line, or the short answer. */
  answer: string;
  /** Context lines in order; the caption (where rows come from captions) and the source of each (of an edited copy, the original). */
  captions: readonly string[];
  captionIds?: readonly string[];
  sourceIds: readonly string[];
  /** Which context lines the question is about; the rest is padding. */
  slots: readonly number[];
  /** Paragraph titles, one a context line (control-hotpot only). */
  titles?: readonly string[];
}>;

/** Opening instructions of the released rows. */
export const PREFIXES = [
  "Using the video captions displayed in a sequential manner as reference, respond to the forthcoming question.",
  "Based on the following captions describing keyframes of a video, answer the next question.",
  "Given the video captions listed below, respond to the upcoming question.",
  "Based on the sequence of captions for a video, answer the question that follows.",
  "Referring to the video captions listed in sequential order below, please reply to the subsequent question.",
] as const;

/** Closing instructions of the released rows. */
export const SUFFIXES = [
  "Only give the best option:",
  "Deliver only the best choice:",
  "Provide only the top choice:",
  "Show only the top selection:",
] as const;

/** The two turns of a row, as in the released files. */
export function serialiseT3(row: T3Row): { human: string; gpt: string } {
  if (row.titles) return { human: paragraphs(row, row.titles), gpt: row.answer };
  const options = row.options.map((text, i) => `${optionLine(i, text)}\n`).join("");
  const human = `${row.prefix}\n\nCaptions:\n${row.captions.join("\n")}\nQuestion: ${row.question}\n${options}\n${row.suffix}\n`;
  return { human, gpt: row.answer };
}

/** A row as a conversation of two turns. */
export function t3Conversation(row: T3Row): Conversation {
  const { human, gpt } = serialiseT3(row);
  return {
    id: row.id,
    turns: [
      { from: "human", value: human },
      { from: "gpt", value: gpt },
    ],
  };
}

/** T3's control text: HotpotQA paragraphs (video-t3, data_creation.py). */
function paragraphs(row: T3Row, titles: readonly string[]): string {
  const blocks = row.captions.map((caption, i) => `Title: ${titles[i]}\nContent: ${caption}\n\n`);
  return `Given the following paragraphs, answer the question. \n${blocks.join("")}\nQuestion: ${row.question}\n`;
}
