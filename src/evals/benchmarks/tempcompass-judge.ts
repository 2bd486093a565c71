/**
 * TempCompass's judge: what a language model is asked where rules cannot decide, and how its verdict is read
 * (utils/eval_utils.py, eval_captioning.py).
 */
import type { Judging } from "./benchmark.ts";
import type { TempCompassQuestion } from "./tempcompass-data.ts";
import { captionJudgeOpening, judgeOpening, judgeQuestions } from "./tempcompass-prompts.table.ts";
import { cleanReply } from "./tempcompass-rules.ts";

/** How a question is judged; undefined for a caption whose video and aspect have no multiple-choice question. */
export function judgingOf({ task, question, answer, choice }: TempCompassQuestion): Judging | undefined {
  if (task !== "captioning") {
    const [name, heading] = judgeQuestions[task];
    return {
      prompt: (reply) =>
        `${judgeOpening(name)}\n${heading}:\n${question}\nGround-Truth Answer: ${answer}\nModel Prediction: ${cleanReply(reply)}`,
      read: readVerdict,
    };
  }
  if (!choice) return undefined;
  return {
    prompt: (reply) =>
      `${captionJudgeOpening}\nVideo Description:${cleanReply(reply)}\nMulti-Choice Question:\n${choice.question}\n`,
    read: (verdict) => readCaptionVerdict(verdict, choice.answer),
  };
}

/** "Correct" or "Incorrect" in the judge's words; null where it says neither. */
export function readVerdict(verdict: string): boolean | null {
  const text = verdict.trim();
  if (text.startsWith("Correct")) return true;
  if (text.startsWith("Incorrect") || text.includes("Incorrect")) return false;
  return text.includes("Correct") ? true : null;
}

/** Right where the judge's answer is the gold letter and names one option only; null where the judge says nothing. */
export function readCaptionVerdict(verdict: string, answer: string): boolean | null {
  const text = verdict.trim();
  if (text === "" || text === "invalid_request_error") return null;
  const line = text.split("\n").findLast((each) => each.includes("Answer"));
  const said = line === undefined ? text : line.trim().replaceAll("Answer:", "").trim();
  const named = said.match(/[ABCD]\./g)?.length ?? 0;
  return said.split(". ")[0] === answer.split(". ")[0] && named === 1;
}

/** A caption as the official script hands it to the judge; it trims by the name of the predictions' folder. */
export function judgedCaption(model: string, reply: string): string {
  if (model.includes("gemini")) return trimGeminiCaption(cleanReply(reply));
  return model.includes("reka") ? trimRekaCaption(cleanReply(reply)) : reply;
}

/** Captions of Gemini as the official script trims them: last line, behind its first colon. */
export function trimGeminiCaption(reply: string): string {
  const last = reply.trim().split("\n").at(-1) as string;
  const caption = unquoted(last.replaceAll("*", "").trim());
  return caption.includes(":") ? unquoted((caption.split(":")[1] as string).trim()) : caption;
}

/** Captions of Reka as the official script trims them: what stands in quotes or behind ": ". */
export function trimRekaCaption(reply: string): string {
  const last = reply.split("\n").at(-1) as string;
  const count = (text: string, part: string) => text.split(part).length - 1;
  for (const text of [reply, last]) if (count(text, '"') === 2) return /"(.*?)"/.exec(text)?.[1] ?? reply;
  for (const text of [reply, last]) if (count(text, ": ") === 1) return text.split(": ")[1] as string;
  return reply;
}

function unquoted(text: string): string {
  return text.replace(/^"+|"+$/g, "");
}
