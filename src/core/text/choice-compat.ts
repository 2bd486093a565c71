/**
 * T3's own reading of a reply (video-t3 at c632e4b, probing scripts; 1.5 of the notes on them), its defects kept: for figures that
 * can be laid beside the paper's. choice.ts is the one to use otherwise.
 *
 * Its defects: two pairs of prefixes are glued by a missing comma and never match; a letter beyond D cannot be found in a
 * sentence; the first capital A to D anywhere counts, so "Answer: ..." means A and "The flower Blooms" means B; what cannot be
 * read is a wrong answer and nothing else.
 */
import { answerPrefixes } from "./answer-prefixes.ts";
import { optionLetter, optionLine } from "./option.ts";

const prefixes = [
  ...answerPrefixes,
  "The correct order that the items appear in the video is: ",
  "The correct order that the items appear in the video is ",
  "The item shown in the beginning of the video is ",
];

/**
 * The index of the option that T3's scripts take the reply for, or null. `alsoSaid` are further texts for an option, such as
 * "does not bloom".
 */
export function parseChoiceCompat(
  reply: string,
  options: readonly string[],
  alsoSaid: readonly (readonly string[])[] = [],
): number | null {
  const accepted = options.map((text, i) =>
    [`(${optionLetter(i)})`, optionLine(i, text), text, optionLetter(i), ...(alsoSaid[i] ?? [])].map(comparable),
  );
  const indexOf = (text: string) => accepted.findIndex((texts) => texts.includes(comparable(text)));
  const whole = indexOf(reply.replaceAll(".", ""));
  if (whole >= 0) return whole;
  const rest = prefixes.reduce((text, prefix) => text.replaceAll(prefix, ""), reply);
  const extracted = /[ABCD]/.exec(rest)?.[0] ?? options.find((option) => matches(option, rest)) ?? "";
  const index = indexOf(extracted);
  return index < 0 ? null : index;
}

function comparable(text: string): string {
  return text.trim().toLowerCase();
}

/** Options are used as patterns, as they are; one that is no pattern is looked for as text. */
function matches(option: string, text: string): boolean {
  try {
    return new RegExp(option).test(text);
  } catch {
    return text.includes(option);
  }
}
