/**
 * TempCompass's official matching of replies (eval_multi-choice.py, eval_yes_no.py, eval_caption_matching.py), with what is
 * odd about it: "(A)", "**A." and "a" match nothing, "not sure" means no, the last of several checks wins.
 */
import type { Reading } from "./benchmark.ts";
import type { TempCompassQuestion } from "./tempcompass-data.ts";

/** The official reading of a reply; captions have no rules and wait for a judge. */
export function readOfficially(
  question: Pick<TempCompassQuestion, "task" | "question" | "answer">,
  reply: string,
): Reading {
  const text = cleanReply(reply);
  switch (question.task) {
    case "multi-choice":
      return rated(matchMultiChoice(text, question.answer));
    case "yes_no":
      return rated(matchYesNo(text, question.answer));
    case "caption_matching":
      return rated(matchCaption(text, question.question, question.answer));
    case "captioning":
      return { kind: "unjudged", reason: "captions have no rules, only a judge" };
    default:
      return question.task satisfies never;
  }
}

/** What every official script does to a reply first. */
export function cleanReply(reply: string): string {
  return reply.replaceAll("</s>", "").trim();
}

/** Right, wrong, or null where no rule matches. */
export function matchMultiChoice(text: string, answer: string): boolean | null {
  if (text === answer) return true;
  const letter = /^([ABCD])(?:$|[.)])/.exec(text)?.[1];
  return letter === undefined ? null : letter === answer[0];
}

export function matchYesNo(text: string, answer: string): boolean | null {
  const said = /^(?:yes|no)/.exec(text.toLowerCase())?.[0];
  return said === undefined ? null : said === answer;
}

export function matchCaption(text: string, question: string, answer: string): boolean | null {
  const lines = question.split("\n").slice(1);
  const behindBracket = text.includes(") ") ? text.split(") ")[1] : undefined;
  let said: string | undefined;
  for (const line of lines) if (line === text) said = line;
  for (const line of lines) {
    const sentence = line.split(": ")[1];
    if (sentence !== undefined && (sentence === text || sentence === behindBracket)) said = sentence;
  }
  for (const line of lines) {
    const label = line.split(": ")[0] as string;
    const index = label.split(" ")[1];
    const plain = text.replaceAll(".", "");
    for (const name of index === undefined ? [label] : [label, index]) if (name === text || name === plain) said = name;
  }
  if (said === undefined) return null;
  const label = answer.split(":")[0] as string;
  return said === answer || said === label || said === answer.split(": ")[1] || said === label.split(" ")[1];
}

function rated(correct: boolean | null): Reading {
  return correct === null
    ? { kind: "unparsed", reason: "no official rule matches" }
    : { kind: "read", correct, rule: "official" };
}
