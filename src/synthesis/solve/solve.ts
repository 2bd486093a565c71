/**
 * A reader of temporal questions that answers from the captions alone, without knowing how the question was made.
 *
 * It decides every wording of synthesis/t3 and the order and change sentences that language models write; what it does not
 * understand it says so rather than guess.
 */
import { mentions, wordKey } from "../../core/text/index.ts";
import { judgeChange, judgeNoChange, onlyChange } from "./change-claims.ts";
import { holding, keysOf, locate } from "./locate.ts";
import { judgeOrder, judgeSequence, type Verdict } from "./order-claims.ts";

/** A verdict for each option, or why the question is not understood. */
export type Solution = Readonly<{ verdicts: readonly Verdict[] } | { unsolved: string }>;

type Asked = Readonly<{ question: string; options: readonly string[]; captions: readonly string[] }>;
type Judge = (option: string) => Verdict;

/** Judge every option of a question about the captions. */
export function solve({ question, options, captions }: Asked): Solution {
  if (captions.length === 0) return { unsolved: "no captions" };
  const judge = judgeOf(question, captions);
  return typeof judge === "string" ? { unsolved: judge } : { verdicts: options.map(judge) };
}

/** The options that are right, where every option could be judged; undefined otherwise. */
export function rightOptions(solution: Solution): number[] | undefined {
  if ("unsolved" in solution || solution.verdicts.some(({ kind }) => kind === "unknown")) return undefined;
  return solution.verdicts.flatMap(({ kind }, i) => (kind === "right" ? [i] : []));
}

const PLACE = "(begin|beginning|middle|end)";
const PLACES = ["begin", "middle", "end"];
const is = (right: boolean): Verdict => ({ kind: right ? "right" : "wrong", found: [] });

function judgeOf(question: string, captions: readonly string[]): Judge | string {
  const keys = keysOf(captions);
  // Items that a question lists may say anything.
  if (/\b(?:not|except|never|incorrect|wrong|reverse)\b/i.test(question.split(": ")[0] as string))
    return "the question turns things round";
  const rules = [arranging, referring, grounding, anchored, changing, mentioning];
  for (const rule of rules) {
    const judge = rule(question, captions, keys);
    if (judge) return judge;
  }
  if (/\b(?:order|sequence|unfold|progress|first|chronolog|before|after|transition|evolve|flow)/i.test(question))
    return (option) => judgeOrder(option, keys);
  return "the question is of no known kind";
}

type Rule = (question: string, captions: readonly string[], keys: readonly string[]) => Judge | string | undefined;

/** Lists of things, and sequences of the numbers that the question gives them. */
const arranging: Rule = (question, _, keys) => {
  const numbered = /\(1\) .*\(2\) /.test(question) ? question.slice(question.indexOf("(1) ")) : undefined;
  if (numbered) {
    const items = numbered.split(/\s*\(\d\) /).slice(1);
    const last = items.pop() as string;
    // The question's own full stop may or may not belong to the last item.
    items.push(locate(last, keys) ? last : last.replace(/\.$/, ""));
    return (option) =>
      judgeSequence(
        [...option.matchAll(/\d/g)].map(([n]) => items[Number(n) - 1] ?? ""),
        keys,
      );
  }
  if (!/^What is the correct order of images|^Arrange the following items/.test(question)) return undefined;
  return (option) => judgeSequence(option.split(", "), keys);
};

/** What is at a place? */
const referring: Rule = (question, captions, keys) => {
  const shown = new RegExp(`shown in the (?:image in the )?${PLACE} of the video\\?$`).exec(question);
  const at = (line: number, place: string) =>
    thirdOf(line, captions.length) === PLACES.findIndex((each) => place.startsWith(each));
  if (shown) {
    return (option) => {
      const lines = holding(keys, wordKey(option));
      return lines.length > 1 ? several(option, lines) : is(lines[0] !== undefined && at(lines[0], shown[1] as string));
    };
  }
  const value = new RegExp(
    `^(?:What is the \\S+ of (?:the )?|How many )(.+?)(?: are there)? in the ${PLACE} of the video\\?$`,
  ).exec(question);
  if (!value) return undefined;
  const lines = holding(keys, wordKey(value[1] as string)).filter((line) => at(line, value[2] as string));
  if (lines.length !== 1) return `${lines.length} lines at the ${value[2]} speak of "${value[1]}"`;
  return (option) => is(mentions(keys[lines[0] as number] as string, option));
};

/** Where is something? */
const grounding: Rule = (question, captions, keys) => {
  const seen =
    /^In which part of the video can we see (?:the )?(.+)\?$/.exec(question)?.slice(1) ??
    /^Where in the video can we observe (?:the )?(.+) (?:is|are) (\S+)\?$/.exec(question)?.slice(1);
  if (!seen) return undefined;
  const lines = keys.flatMap((key, line) => (seen.every((text) => mentions(key, text)) ? [line] : []));
  if (lines.length !== 1) return `${lines.length} lines show "${seen.join(" ")}"`;
  const place = PLACES[thirdOf(lines[0] as number, captions.length)] as string;
  return (option) => is(new RegExp(`^(?:in |at )?the ${place}`).test(option));
};

/** What is next to something, and what is something next to? */
const anchored: Rule = (question, _, keys) => {
  const near = /^What is shown right (after|before) the (.+)\?$/.exec(question);
  const timed = /^When is the (.+) shown in the video\?$/.exec(question);
  const anchor = near?.[2] ?? timed?.[1];
  if (anchor === undefined) return undefined;
  const own = locate(anchor, keys);
  if (!own) return `"${anchor}" stands in no single line`;
  if (near) {
    const key = keys[own.line + (near[1] === "after" ? 1 : -1)];
    return (option) => is(key !== undefined && mentions(key, option));
  }
  return (option) => {
    const [, side, other] = /^right (after|before) the (.+)$/.exec(option) ?? [];
    if (side === undefined || other === undefined) return { kind: "unknown", reason: "neither after nor before" };
    const key = keys[own.line + (side === "after" ? -1 : 1)];
    return is(key !== undefined && mentions(key, other));
  };
};

/** How does an attribute change? */
const changing: Rule = (question, captions) => {
  if (!/\bchanges?\b|\btransform|\bdiffer|\balter/i.test(question)) return undefined;
  const subject = /\bof (?:the )?(.+?)(?: in the video| in the scene| change)*\?$/.exec(question)?.[1];
  const change = onlyChange(captions, question, subject);
  if (change) return (option) => judgeChange(option, change);
  const repeated = captions.filter((line, i) => captions.indexOf(line) !== i);
  return repeated.length === 1 ? judgeNoChange : "no single change between two lines";
};

/** Questions that need no order: the controls. */
const mentioning: Rule = (question, _, keys) => {
  if (/^Which of these is mentioned/.test(question)) return (option) => is(keys.some((key) => mentions(key, option)));
  const asked = /^What is the \S+ of (?:the )?(.+)\?$|^How many (.+) are there\?$/.exec(question);
  if (!asked) return undefined;
  const own = locate((asked[1] ?? asked[2]) as string, keys);
  if (!own) return `"${asked[1] ?? asked[2]}" stands in no single line`;
  return (option) => is(mentions(keys[own.line] as string, option));
};

function several(option: string, lines: readonly number[]): Verdict {
  return { kind: "unknown", reason: `"${option}" stands in ${lines.length} lines` };
}

/** Begin, middle and end are thirds of the lines. */
function thirdOf(line: number, count: number): number {
  return Math.floor((3 * line) / count);
}
