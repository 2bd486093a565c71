/**
 * How lmms-eval finds the chosen letter in a reply, then and now, with what is odd about each. Their names are the profiles'.
 */
import { answerPrefixes } from "../../core/text/index.ts";
import type { Reading } from "./benchmark.ts";

/** "" where a rule finds nothing. */
export type LetterRule = (reply: string) => string;

/** Video-MME in 2024 (lmms-eval ee27be71): the first capital A-D, wherever, behind some prefixes. "Answer" means A. */
export const firstCapital: LetterRule = (reply) => {
  const text = answerPrefixes.reduce((left, prefix) => left.replaceAll(prefix, ""), reply.trim());
  return /[ABCD]/.exec(text)?.[0] ?? "";
};

/** MLVU until 27 October 2024 (lmms-eval PR #364): the character before the first ")", else the whole reply. */
export const beforeBracket: LetterRule = (reply) => {
  const text = reply.trim();
  const end = text.indexOf(")");
  return end === -1 ? text : text.slice(Math.max(0, end - 1), end);
};

const PHRASES = (
  "the answer is|answer is|the correct answer is|correct answer is|the best answer is|best answer is|the correct option is|" +
  "correct option is|the best option is|best option is|the choice is|choice is|the correct choice is|correct choice is|" +
  "i choose|i select|i pick|my answer is|my choice is|옵션|정답은|답은|답:|答案是|答案为|选|答えは"
).split("|");

const priority = {
  start: 10,
  end: 9,
  phrase: 7,
  parentheses: 6,
  period: 5,
  colon: 4,
  rightBracket: 3,
  space: 2,
  fallback: 0,
} as const;
type Format = keyof typeof priority;

/** lmms-eval today (tasks/_task_utils/mcq_extract.py at c228e273): candidates of many formats, the best format's last one. */
export function rankedLetter(reply: string, letters: readonly string[] = ["A", "B", "C", "D"]): string {
  if (reply.trim() === "") return "";
  const marks = [",", ".", "!", "?", ";", ":", "'", '"'];
  const text = ` ${marks.reduce((left, mark) => strip(left, mark), reply.trim())} `;
  const found: { letter: string; at: number; format: Format }[] = [];
  const look = (format: Format, shape: (letter: string) => string) => {
    for (const letter of letters) {
      const at = text.lastIndexOf(shape(letter));
      if (at !== -1) found.push({ letter, at, format });
    }
  };
  look("parentheses", (letter) => `(${letter})`);
  look("period", (letter) => `${letter}.`);
  look("colon", (letter) => `${letter}:`);
  look("rightBracket", (letter) => `${letter})`);
  look("space", (letter) => `${letter} `);
  const lower = text.toLowerCase();
  for (const phrase of PHRASES) {
    const from = lower.indexOf(phrase);
    if (from === -1) continue;
    for (const letter of letters) {
      const at = text.indexOf(letter, from + phrase.length);
      if (at !== -1) found.push({ letter, at, format: "phrase" });
    }
  }
  const bare = text.trim();
  for (const letter of letters) {
    if (bare.startsWith(letter) && !isLetter(bare[1])) found.push({ letter, at: 0, format: "start" });
    if (bare.endsWith(letter) && !isLetter(bare.at(-2), bare.length === 1)) {
      found.push({ letter, at: text.length - 1, format: "end" });
    }
  }
  if (found.length === 0) look("fallback", (letter) => letter);
  // Python's sort is stable and so is this one: of equals, the first candidate stays first.
  found.sort((a, b) => priority[b.format] - priority[a.format] || b.at - a.at);
  return found[0]?.letter ?? "";
}

/** TVBench in lmms-eval (35f10d91): a letter standing alone, then a leading one, then the only option text in the reply. */
export function standaloneLetter(reply: string, options: readonly string[]): string {
  const text = reply.trim();
  const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ".slice(0, Math.max(options.length, 2));
  const upper = text.toUpperCase();
  for (const pattern of [/\b([A-Z])\b/, /^\s*[([]?([A-Z])[)\].:]?/]) {
    const letter = pattern.exec(upper)?.[1];
    if (letter !== undefined && letters.includes(letter)) return letter;
  }
  const plain = (part: string) => part.trim().toLowerCase().split(/\s+/).join(" ");
  const named = options.flatMap((option, i) =>
    plain(option) !== "" && plain(text).includes(plain(option)) ? [i] : [],
  );
  return named.length === 1 ? (letters[named[0] as number] as string) : "";
}

/** A rule's letter against the gold one; what is no letter at all is unparsed. */
export function readingOf(letter: string, gold: string, rule: string): Reading {
  if (/^[A-Z]$/.test(letter)) return { kind: "read", correct: letter === gold, rule };
  return { kind: "unparsed", reason: letter === "" ? "no letter found" : "the rule finds no single letter" };
}

function strip(text: string, mark: string): string {
  let [start, end] = [0, text.length];
  while (start < end && text[start] === mark) start++;
  while (end > start && text[end - 1] === mark) end--;
  return text.slice(start, end);
}

function isLetter(character: string | undefined, alone = false): boolean {
  return !alone && character !== undefined && /\p{L}/u.test(character);
}
