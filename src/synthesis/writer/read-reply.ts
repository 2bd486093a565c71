/**
 * A model's reply as a question, or in a few words why it is none. Reasons are fixed phrases, so that they can be counted.
 */
import * as z from "zod";
import type { Reply } from "../../chat/index.ts";

export type WrittenQuestion = Readonly<{
  question: string;
  options: readonly string[];
  answerIndex: number;
  /** The edited caption (attribute questions). */
  edited?: string;
}>;

const REFUSAL =
  /\b(?:i(?:'|’)?m sorry|i am sorry|i apologi[sz]e|i can(?:not|'t|’t)|(?:am|'m) (?:not able|unable)|as an ai)\b/i;
const line = z
  .string()
  .trim()
  .min(1)
  .refine((text) => !text.includes("\n"), "more than one line");
const schema = z.object({
  question: line,
  options: z.array(line).min(2).max(6),
  answer: z.union([z.number().int(), z.string()]),
  edited: line.optional(),
});

/** Read a reply; `finish` "length" means that it broke off. */
export function readReply({ text, finish }: Pick<Reply, "text" | "finish">): WrittenQuestion | { problem: string } {
  if (text.trim() === "") return { problem: "empty reply" };
  const value = jsonIn(text);
  if (value === undefined) {
    if (REFUSAL.test(text)) return { problem: "refusal" };
    return { problem: finish === "length" ? "reply broke off" : "reply without JSON" };
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path[0];
    return { problem: `reply with a wrong ${field === undefined ? "shape" : String(field)}` };
  }
  const { question, answer, edited } = parsed.data;
  const options = parsed.data.options.map(withoutLetter);
  if (new Set(options.map((option) => option.toLowerCase())).size < options.length)
    return { problem: "options that repeat" };
  const answerIndex = indexOf(answer, options);
  if (options[answerIndex] === undefined) return { problem: "answer that is none of the options" };
  return { question, options, answerIndex, ...(edited !== undefined && { edited }) };
}

/** The outermost object of the text; models put words and fences around it. */
function jsonIn(text: string): unknown {
  const [start, end] = [text.indexOf("{"), text.lastIndexOf("}")];
  if (start === -1 || end < start) return undefined;
  try {
    return JSON.parse(text.slice(start, end + 1));
  } catch {
    return undefined;
  }
}

function withoutLetter(option: string): string {
  return option.replace(/^\(?[A-F][).:]\s+/, "").replace(/\.$/, "");
}

/** 1, "1", "B", "(B)", or the text of the option. */
function indexOf(answer: number | string, options: readonly string[]): number {
  if (typeof answer === "number") return answer;
  const text = answer.trim();
  if (/^\d$/.test(text)) return Number(text);
  const letter = /^\(?([A-Fa-f])[).:]?$/.exec(text)?.[1];
  if (letter) return letter.toUpperCase().charCodeAt(0) - 65;
  return options.indexOf(withoutLetter(text));
}
