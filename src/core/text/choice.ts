/**
 * Which option does a free-form reply choose?
 *
 * The reference parser takes the first capital A-D anywhere, so "Answer: ..." means A, "Blooms" means B and (E) cannot be
 * said (video-t3 at c632e4b, probing scripts). Here a letter counts only where it stands as a letter, more than one chosen
 * option is no choice, and what cannot be read comes back with the reason.
 */
import { optionLetter } from "./option.ts";
import { wordKey } from "./words.ts";

export type Choice =
  | { kind: "choice"; index: number; rule: ChoiceRule }
  | { kind: "unparsed"; text: string; reason: string };

/** How the choice was read, from the most literal to the most lenient. */
export type ChoiceRule = "line" | "letter" | "text" | "leading-letter" | "announced" | "bracketed" | "contained";

const SPECIAL_TOKENS = /<\/?s>|<\|[^|]*\|>/g;
const MARKUP = /[*_`"“”]+/g;
const LINE = /^\(?([A-Za-z])(?:\)[.:]?|[.:])\s*(.+)$/s;
const BARE_LETTER = /^(?:\(([A-Za-z])\)|([A-Za-z])\)?)[.:]?$/;
const ANNOUNCEMENT =
  /^(?:(?:i (?:choose|pick|select)|(?:the |my )?(?:best |correct |right |final |top )*(?:answer|option|choice)(?: is| would be)?)\s*:?\s+|(?:answer|best option|best answer)\s*:\s*)(?:option\s+)?/i;
const LETTER_THEN_REASON = /^([A-Z])(?:[,;]\s|\s+(?:because|since|as)\b)/;
const NEGATION = /\b(?:not|neither|nor|none|never|isn't|cannot|can't)\b/i;

/** The chosen option of `options` (texts without letters), or why there is none. */
export function parseChoice(reply: string, options: readonly string[]): Choice {
  const text = reply.replace(SPECIAL_TOKENS, " ").replace(MARKUP, "").replace(/\s+/g, " ").trim();
  const unparsed = (reason: string): Choice => ({ kind: "unparsed", text: reply, reason });
  if (text === "") return unparsed("empty reply");
  const keys = options.map(optionKey);
  const literal = readLiteral(text, keys);
  if (literal) return literal.kind === "choice" ? literal : unparsed(literal.reason);

  const announced = ANNOUNCEMENT.exec(text);
  if (announced) {
    const rest = text.slice(announced[0].length);
    const reasoned = LETTER_THEN_REASON.exec(rest);
    const inner = readLiteral(reasoned?.[1] ?? rest, keys);
    if (inner) return inner.kind === "choice" ? { ...inner, rule: "announced" } : unparsed(inner.reason);
  }
  if (NEGATION.test(text) && !options.some((option) => NEGATION.test(option)))
    return unparsed("a negation beside the options");
  const bracketed = new Set([...text.matchAll(/\(([A-Z])\)/g)].map((match) => letterIndex(match[1] as string)));
  if (bracketed.size > 1) return unparsed(`names ${bracketed.size} options`);
  for (const index of bracketed) {
    return index < options.length ? { kind: "choice", index, rule: "bracketed" } : unparsed(outOfRange(index, keys));
  }
  const contained = readContained(text, keys) ?? { kind: "refused", reason: "names none of the options" };
  return contained.kind === "choice" ? contained : unparsed(contained.reason);
}

type Reading = { kind: "choice"; index: number; rule: ChoiceRule } | { kind: "refused"; reason: string };

function readLiteral(text: string, keys: readonly string[]): Reading | undefined {
  const whole = keys.flatMap((key, index) => (key !== "" && key === optionKey(text) ? [index] : []));
  if (whole.length === 1) return { kind: "choice", index: whole[0] as number, rule: "text" };
  if (whole.length > 1) return { kind: "refused", reason: `the text of ${whole.length} options` };

  const bare = BARE_LETTER.exec(text);
  if (bare) return choose(letterIndex((bare[1] ?? bare[2]) as string), "letter", keys);

  const line = LINE.exec(text);
  if (!line) return undefined;
  const index = letterIndex(line[1] as string);
  const rest = optionKey(line[2] as string);
  const named = keys.findIndex((key) => key !== "" && key === rest);
  if (named === -1 && /^(?:or|and)\b|\([A-Z]\)/.test(line[2] as string)) return undefined;
  if (named === -1) return choose(index, "leading-letter", keys);
  if (keys[index] === rest) return { kind: "choice", index, rule: "line" };
  return { kind: "refused", reason: `letter ${optionLetter(index)} with the text of ${optionLetter(named)}` };
}

function choose(index: number, rule: ChoiceRule, keys: readonly string[]): Reading {
  return index < keys.length ? { kind: "choice", index, rule } : { kind: "refused", reason: outOfRange(index, keys) };
}

/** The one option whose words stand in the reply; an option inside a longer mentioned option does not count. */
function readContained(text: string, keys: readonly string[]): Reading | undefined {
  const reply = wordKey(text);
  const found = keys.flatMap((key, index) => (key !== "" && reply.includes(` ${key} `) ? [index] : []));
  const widest = found.filter((i) => !found.some((j) => j !== i && ` ${keys[j]} `.includes(` ${keys[i]} `)));
  const only = widest.length === 1 ? widest[0] : undefined;
  if (only !== undefined) return { kind: "choice", index: only, rule: "contained" };
  return widest.length === 0 ? undefined : { kind: "refused", reason: `names ${widest.length} options` };
}

/** Comparable form; options made of marks only, such as (2)(1)(3), keep their digits as words. */
function optionKey(text: string): string {
  return wordKey(text).trim();
}

function letterIndex(letter: string): number {
  return letter.toUpperCase().charCodeAt(0) - 65;
}

function outOfRange(index: number, keys: readonly string[]): string {
  return `letter ${optionLetter(index)} where the last option is ${optionLetter(keys.length - 1)}`;
}
