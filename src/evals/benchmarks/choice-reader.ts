/** Our own reading of a reply to a multiple-choice question with letters, named "default" in every table. */
import { parseChoice } from "../../core/text/index.ts";
import type { Reading } from "./benchmark.ts";

/** The tolerant reading; refusals and contradictions are unparsed. */
export function readLetterTolerantly(reply: string, options: readonly string[], answerIndex: number): Reading {
  const choice = parseChoice(reply, options);
  if (choice.kind === "unparsed") return { kind: "unparsed", reason: choice.reason };
  return { kind: "read", correct: choice.index === answerIndex, rule: choice.rule };
}
