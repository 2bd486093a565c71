/**
 * Which two neighbouring times of a text make a span, told by the words before and between them.
 */
import type { SpanRule } from "./span-extraction.ts";
import type { TimeExpression } from "./time-expression.ts";

export type PairRule = Exclude<
  SpanRule,
  "json" | "two-times" | "vtimellm" | "numpro" | "timechat" | "lmms-charades" | "timelens"
>;

const closing = String.raw`\s*(?:mark\s*)?[>\])}"'*_]*\s*`;
const opening = String.raw`\s*(?:(?:about|around|approximately|roughly|the|exactly|second|timestamps?|time)\s+)*[<\[({"'*_]*\s*`;
const to = new RegExp(`^${closing}(?:to|through|thru|until|till|up\\s+to|-+>?|[–—−~→]|=>|\\.{2,3})${opening}$`, "i");
const and = new RegExp(`^${closing}(?:and|&)${opening}$`, "i");
const endWord = /^[^\d!?;]{0,60}\b(?:end|finish|stop|conclud|until)\w*[^\d!?;]{0,30}$/i;
const startWord = /(?<![a-z])(?:start|begin|began|onset)\w*[^.!?;\d]{0,30}$/i;
const from = new RegExp(`\\bfrom${opening}$`, "i");
const between = new RegExp(`\\bbetween\\s+(?:the\\s+)?(?:timestamps?|times?|marks?)?${opening}$`, "i");
const angles = /^\s*>\W{0,3}(?:to|and)?\W{0,3}<$|^\s*<\/\w+>\s*(?:to|and|-|,)?\s*<\w+>\s*$/i;
const leadLength = 60;

/** The rule by which two neighbours are a span, or null. */
export function pairRule(text: string, a: TimeExpression, b: TimeExpression): PairRule | null {
  const lead = text.slice(Math.max(0, a.from - leadLength), a.from);
  const gap = text.slice(a.to, b.from);
  if (/<\w*>?\s*$/.test(lead) && angles.test(gap)) return "time-tokens";
  if (to.test(gap)) {
    if (from.test(lead)) return "from-to";
    return a.unit === undefined && b.unit === undefined ? "bare-range" : "range";
  }
  if (between.test(lead) && and.test(gap)) return "between-and";
  if (startWord.test(lead) && endWord.test(gap)) return "start-end";
  if (/[[(]\s*["']?$/.test(lead) && /^\s*["']?,\s*["']?$/.test(gap) && /^\s*["']?[\])]/.test(text.slice(b.to)))
    return "bracket";
  return null;
}
