/**
 * Ways to guess an answer from the surface of question and options, as a student does who has not read the text.
 */
import { words } from "../../core/text/index.ts";
import type { LeakageItem } from "./item.ts";

/** The options among which a guesser is undecided; it is right with one over their number where the answer is among them. */
export type Guess = readonly number[];

export type Cue = Readonly<{
  name: string;
  /** What of the row it looks at. */
  sees: "options" | "captions in no order";
  guess(item: LeakageItem): Guess;
}>;

/** Guessers that need no training. */
export const CUES: readonly Cue[] = [
  { name: "longest option", sees: "options", guess: ({ options }) => most(options.map((text) => text.length)) },
  { name: "shortest option", sees: "options", guess: ({ options }) => most(options.map((text) => -text.length)) },
  {
    name: "most like the question",
    sees: "options",
    guess: ({ question, options }) => most(options.map((text) => overlap(text, question))),
  },
  {
    name: "most like the other options",
    sees: "options",
    guess: ({ options }) => most(options.map((text, i) => overlap(text, options.filter((_, j) => j !== i).join(" ")))),
  },
  {
    name: "most words of the captions",
    sees: "captions in no order",
    guess: ({ captions, options }) => most(options.map((text) => overlap(text, captions.join(" ")))),
  },
];

/** How likely a guess is right. */
export function chanceOf(guess: Guess, answerIndex: number): number {
  return guess.includes(answerIndex) ? 1 / guess.length : 0;
}

/** The places of the largest value. */
export function most(values: readonly number[]): Guess {
  const top = Math.max(...values);
  return values.flatMap((value, i) => (value === top ? [i] : []));
}

/** Share of the words of a text that stand in another. */
function overlap(text: string, other: string): number {
  const there = new Set(words(other.toLowerCase()));
  const own = words(text.toLowerCase());
  return own.length === 0 ? 0 : own.filter((word) => there.has(word)).length / own.length;
}
