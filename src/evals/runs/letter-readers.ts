/**
 * The rules by which other harnesses read a letter out of a reply to a question with lettered options.
 */
import type { Reader } from "../benchmarks/index.ts";
import { firstCapital, rankedLetter, readingOf } from "../benchmarks/letter-extraction.ts";

/** A question's options without letters, and the place of the right one; -1 where it is not known. */
type Lettered = Readonly<{ options: readonly string[]; answer_index: number }>;

/** Removed before VLMEvalKit looks for a letter (dataset/utils/videomme.py, extract_characters_regex). */
const vlmEvalKitPrefixes = [
  "The best answer is",
  "The correct answer is",
  "The answer is",
  "The answer",
  "The best option is",
  "The correct option is",
  "Best answer:",
  "Best option:",
  "Answer:",
  "Option:",
];

/**
 * - lmms-eval: its ranked extraction of today; lmms-eval-2024: the first capital A-D behind some prefixes
 * - vlmevalkit: without a judge's key, the first capital A-D behind its own prefixes
 */
export const letterRules = ["lmms-eval", "lmms-eval-2024", "vlmevalkit"] as const;
export type LetterRule = (typeof letterRules)[number];

/** Does this question have lettered options? Yes and no have none, and a caption is no letter. */
export function isLettered({ options, answer_index: answer }: Lettered): boolean {
  return answer >= 0 && !(options.length === 2 && options[0]?.toLowerCase() === "yes");
}

/** The reader of a rule; the gold letter is that of the right option. */
export function letterReader(rule: LetterRule, { options, answer_index: answer }: Lettered): Reader {
  const letters = Array.from({ length: Math.max(options.length, 4) }, (_, i) => String.fromCharCode(65 + i));
  const gold = String.fromCharCode(65 + answer);
  return (reply) => readingOf(letterOf(rule, reply, letters), gold, rule);
}

function letterOf(rule: LetterRule, reply: string, letters: readonly string[]): string {
  switch (rule) {
    case "lmms-eval":
      return rankedLetter(reply, letters);
    case "lmms-eval-2024":
      return firstCapital(reply);
    case "vlmevalkit": {
      const text = vlmEvalKitPrefixes.reduce((left, prefix) => left.replaceAll(prefix, ""), reply.trim());
      return /[ABCD]/.exec(text)?.[0] ?? "";
    }
    default:
      return rule satisfies never;
  }
}
