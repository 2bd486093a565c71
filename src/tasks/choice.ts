/**
 * A multiple-choice question and its text in the layout of T3's probing suite (arXiv 2410.06166; spacing as released).
 */
import type { Rng } from "../core/math/index.ts";
import { optionLine } from "../core/text/index.ts";

/** A stem with one right answer; wrong ones are all different from it and from each other. */
export type Draft = Readonly<{ stem: string; right: string; wrong: readonly string[] }>;

export type Choice = Readonly<{ stem: string; options: readonly string[]; answerIndex: number }>;

/** Closing instructions of the probing suite. */
export const closings = ["Answer the option only.", "Only respond with the correct option."] as const;

/** Options in random order with the right one at a given place, or at a random one. */
export function shuffled(draft: Draft, rng: Rng, answerIndex = rng.below(draft.wrong.length + 1)): Choice {
  const options = rng.shuffle(draft.wrong);
  options.splice(answerIndex, 0, draft.right);
  return { stem: draft.stem, options, answerIndex };
}

/** `Question: ...\nOptions:(A) x. (B) y.\nAnswer the option only. ` */
export function probingText({ stem, options }: Choice, closing: string = closings[0]): string {
  const listed = options.map((text, i) => `${optionLine(i, text)}.`).join(" ");
  return `Question: ${stem}\nOptions:${listed}\n${closing} `;
}

/** "(B) y": the whole option line, which is what T3's rows answer. */
export function rightLine({ options, answerIndex }: Choice): string {
  return optionLine(answerIndex, options[answerIndex] as string);
}
