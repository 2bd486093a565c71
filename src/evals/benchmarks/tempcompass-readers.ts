/**
 * Our own reading of replies to TempCompass, named "default": what a person would read, and nothing where a person would
 * be unsure. Captions are scored by word overlap (word-overlap.ts) where no judge is at hand.
 */
import { parseChoice } from "../../core/text/index.ts";
import type { Reading } from "./benchmark.ts";
import type { TempCompassQuestion } from "./tempcompass-data.ts";
import { cleanReply } from "./tempcompass-rules.ts";
import { overlapChoice } from "./word-overlap.ts";

/** Options without their letters or labels, and the place of the right one. */
export type Options = Readonly<{ texts: readonly string[]; answerIndex: number }>;

/** "A. x" or "C.x", also with a stray space before it. */
const LETTER_LINE = /^\s*([A-D])\.\s*(.*)$/;
const LABEL_LINE = /^(?:Caption|Option|Sentence) ([AB12]): (.*)$/;
const SAID_LABEL =
  /^(?:(?:the )?(?:best |correct |right |final )*(?:answer|option|choice)(?: is|:) *)?\(?(?:(?:caption|option|sentence) +)?([ab12])\)?(?:[.:,)]+\s*|\s*$|\s+(?=matches|is|better))(.*)$/is;
const SURE = /^(?:yes|no)\b(?! (?:idea|one|way to tell))/;

/** The options of a question; captioning takes those of its multiple-choice question. */
export function optionsOf({ task, question, answer, choice }: TempCompassQuestion): Options {
  if (task === "yes_no") return { texts: ["yes", "no"], answerIndex: answer === "yes" ? 0 : 1 };
  if (task === "caption_matching") return place(question, answer, LABEL_LINE);
  if (task === "captioning")
    return choice ? place(choice.question, choice.answer, LETTER_LINE) : { texts: [], answerIndex: -1 };
  return place(question, answer, LETTER_LINE);
}

/** The tolerant reading of a reply. */
export function readTolerantly(task: TempCompassQuestion["task"], options: Options, reply: string): Reading {
  const text = cleanReply(reply);
  switch (task) {
    case "multi-choice":
      return choiceAmong(options, text);
    case "yes_no":
      return readYesNo(text, options.answerIndex === 0 ? "yes" : "no");
    case "caption_matching":
      return readCaptionChoice(text, options);
    case "captioning":
      return readOverlap(text, options);
    default:
      return task satisfies never;
  }
}

/** Yes or no where it is said first, announced, or the only one of the two in the reply; "not sure" is neither. */
export function readYesNo(text: string, answer: "yes" | "no"): Reading {
  const plain = text
    .toLowerCase()
    .replace(/[*_`"“”()[\]]+/g, "")
    .trim();
  const bare = plain.replace(/^(?:(?:the |my )?(?:correct |final )?answer(?: is|:)|answer:)\s*/, "");
  const first = SURE.exec(bare)?.[0];
  if (first !== undefined)
    return { kind: "read", correct: first === answer, rule: bare === plain ? "first word" : "announced" };
  const said = new Set(plain.match(/\b(?:yes|no)\b/g) ?? []);
  if (said.size === 1 && said.has("yes")) return { kind: "read", correct: answer === "yes", rule: "contained" };
  return { kind: "unparsed", reason: said.size > 1 ? "says yes and no" : "says neither yes nor no" };
}

/** A label ("Option 2", "B", "(1)."), a sentence, or both where they agree. */
export function readCaptionChoice(text: string, options: Options): Reading {
  const plain = text.replace(/[*_`"“”]+/g, "").trim();
  const match = SAID_LABEL.exec(plain);
  const label = match?.[1]?.toLowerCase();
  if (match === null || label === undefined) return choiceAmong(options, plain);
  const index = "ab".includes(label) ? "ab".indexOf(label) : Number(label) - 1;
  const named = parseChoice(match[2] ?? "", options.texts);
  if (named.kind === "choice" && named.index !== index) {
    return { kind: "unparsed", reason: "the label of one caption with the text of the other" };
  }
  return { kind: "read", correct: index === options.answerIndex, rule: "label" };
}

function readOverlap(caption: string, options: Options): Reading {
  const index = overlapChoice(caption, options.texts);
  if (index === null) return { kind: "unparsed", reason: "shares its words with no option more than with others" };
  return { kind: "read", correct: index === options.answerIndex, rule: "word overlap" };
}

function choiceAmong({ texts, answerIndex }: Options, text: string): Reading {
  const choice = parseChoice(text, texts);
  if (choice.kind === "unparsed") return { kind: "unparsed", reason: choice.reason };
  return { kind: "read", correct: choice.index === answerIndex, rule: choice.rule };
}

function place(question: string, answer: string, line: RegExp): Options {
  const lines = question.split("\n").flatMap((text) => line.exec(text) ?? []);
  const texts: string[] = [];
  for (let i = 2; i < lines.length; i += 3) texts.push(lines[i] as string);
  const letter = line.exec(answer)?.[1];
  const letters = lines.filter((_, i) => i % 3 === 1);
  return { texts, answerIndex: letter === undefined ? -1 : letters.indexOf(letter) };
}
