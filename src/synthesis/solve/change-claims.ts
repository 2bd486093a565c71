/**
 * What changed between two versions of a line, and whether an option tells it so.
 */
import { mentions, wordKey } from "../../core/text/index.ts";
import { ATTRIBUTE_KINDS } from "../t3/attribute-kinds.table.ts";
import { directionOf } from "../t3/facts.ts";
import type { Verdict } from "./order-claims.ts";

/** Two lines that differ in one stretch of words: the words of each that the other lacks there. */
export type Change = Readonly<{ before: string; after: string; from: readonly string[]; to: readonly string[] }>;

/** A stretch of more words is more than one attribute. */
const LONGEST = 4;
const UNCHANGED = /\b(?:unchanged|the same|not change|no change|constant|identical)\b/i;

/** The difference of two lines, or undefined where it is none, too long, or the lines have too little in common. */
export function changeBetween(before: string, after: string): Change | undefined {
  const [a, b] = [wordsOf(before), wordsOf(after)];
  const shorter = Math.min(a.length, b.length);
  let start = 0;
  while (start < shorter && a[start] === b[start]) start++;
  let end = 0;
  while (end < shorter - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  const [from, to] = [a.slice(start, a.length - end), b.slice(start, b.length - end)].map(withoutArticle) as [
    string[],
    string[],
  ];
  const isSame = from.length === 0 && to.length === 0;
  if (isSame || Math.max(from.length, to.length) > LONGEST || start + end < Math.max(2, shorter / 2)) return undefined;
  return { before, after, from, to };
}

/**
 * The only change among the lines, those that hold `subject` first; where several lines are alike, the one in an attribute that
 * the question names. Undefined where that leaves none or several.
 */
export function onlyChange(lines: readonly string[], question: string, subject?: string): Change | undefined {
  const named = subject === undefined ? [] : lines.filter((line) => mentions(wordKey(line), subject));
  const among = named.length >= 2 ? named : lines;
  const changes = among.flatMap((a, i) => among.slice(i + 1).flatMap((b) => changeBetween(a, b) ?? []));
  const asked = changes.length > 1 ? changes.filter((change) => isNamed(change, question)) : changes;
  return asked.length === 1 ? asked[0] : undefined;
}

/** Are both words values of an attribute whose noun stands in the question? */
function isNamed({ from, to }: Change, question: string): boolean {
  return Object.values(ATTRIBUTE_KINDS).some(({ noun, groups }) => {
    const values = groups.flat();
    return mentions(wordKey(question), noun) && values.includes(from.join(" ")) && values.includes(to.join(" "));
  });
}

/** Does the option tell the change? */
export function judgeChange(option: string, change: Change): Verdict {
  const is = (right: boolean): Verdict => ({ kind: right ? "right" : "wrong", found: [] });
  if (UNCHANGED.test(option)) return is(false);
  const told = /\bfrom (.+?) to (.+?)[.!]?$/i.exec(option);
  if (told) {
    const [from, to] = [wordKey(told[1] as string), wordKey(told[2] as string)];
    const [before, after] = [wordKey(change.before), wordKey(change.after)];
    return is(before.includes(from) && after.includes(to) && !after.includes(from) && !before.includes(to));
  }
  for (const [kind, { becomes }] of Object.entries(ATTRIBUTE_KINDS)) {
    const sense = becomes?.findIndex((phrase) => wordKey(option).includes(wordKey(phrase))) ?? -1;
    const direction = sense === -1 ? undefined : directionOf(kind, change.from.join(" "), change.to.join(" "));
    if (direction) return is((direction === 1) === (sense === 0));
  }
  return { kind: "unknown", reason: "neither from-to, nor unchanged, nor a direction on a known scale" };
}

/** The same of a line that is shown twice: only the option that nothing changes is right. */
export function judgeNoChange(option: string): Verdict {
  return { kind: UNCHANGED.test(option) ? "right" : "wrong", found: [] };
}

function wordsOf(line: string): string[] {
  return wordKey(line).trim().split(" ");
}

/** "an orange" against "a red": the article follows the word. */
function withoutArticle(words: readonly string[]): string[] {
  return words.filter((word) => word !== "a" && word !== "an");
}
