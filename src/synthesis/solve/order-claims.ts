/**
 * What an option claims about the order of things, and whether the lines bear it out.
 *
 * Understood are lists ("die, book cover"), chains ("From A to B", "First A, then B, and finally C", "A, followed by B") and
 * relations ("A appears before B and C", "A comes after B").
 */
import { type Found, locate } from "./locate.ts";

/** Is the option right by the lines? `found` are the things by which it was judged. */
export type Verdict = { kind: "right" | "wrong"; found: readonly Found[] } | { kind: "unknown"; reason: string };

const RELATION = /\b(?:(before|precedes?|preceding|prior to|earlier than)|(after|follows|preceded by|later than))\b/i;
const NEXT =
  /\s*(?:,|;|→|->|\bfollowed by\b|\bleading to\b)\s*|\s*\b(?:and )?(?:then|finally|lastly|next|afterwards)\b\s*/i;

/** Judge one option against the word keys of the lines. */
export function judgeOrder(option: string, keys: readonly string[]): Verdict {
  const groups = RELATION.test(option) ? relation(option) : chain(option);
  if (!groups) return { kind: "unknown", reason: "more than one relation" };
  const found: Found[][] = [];
  for (const group of groups) {
    const places: Found[] = [];
    for (const phrase of group) {
      const place = locate(phrase, keys);
      if (!place) return { kind: "unknown", reason: `"${phrase}" stands in no single line` };
      places.push(place);
    }
    found.push(places);
  }
  if (found.length < 2) return { kind: "unknown", reason: "fewer than two things in it" };
  const follows = found.every((group, i) => {
    const earlier = found[i - 1];
    return !earlier || Math.max(...earlier.map(({ line }) => line)) < Math.min(...group.map(({ line }) => line));
  });
  return { kind: follows ? "right" : "wrong", found: found.flat() };
}

/** Judge a list of things, as they stand between commas. */
export function judgeSequence(phrases: readonly string[], keys: readonly string[]): Verdict {
  const found: Found[] = [];
  for (const phrase of phrases) {
    const place = locate(phrase, keys);
    if (!place) return { kind: "unknown", reason: `"${phrase}" stands in no single line` };
    found.push(place);
  }
  const ascends = found.every(({ line }, i) => i === 0 || (found[i - 1] as Found).line < line);
  return { kind: ascends ? "right" : "wrong", found };
}

/** "A before B and C" -> [[A], [B, C]]; "A after B" the other way round. */
function relation(option: string): string[][] | undefined {
  const match = RELATION.exec(option) as RegExpExecArray;
  const [left, right] = [option.slice(0, match.index), option.slice(match.index + match[0].length)];
  if (RELATION.test(right)) return undefined;
  const sides = [listed(left), listed(right)];
  return match[1] ? sides : sides.reverse();
}

/** "From A to B, then to C" -> [[A], [B], [C]]. */
function chain(option: string): string[][] {
  const from = /^from (.+)$/is.exec(option.trim());
  const text = from ? (from[1] as string).replace(/(^|,| then)\s*to /gi, "$1 ").replace(/ to /gi, ", ") : option;
  return text
    .replace(/^(?:first(?:ly)?|initially)\b,?/i, "")
    .split(NEXT)
    .map((part) =>
      part
        .replace(/^(?:and|to)\b/i, "")
        .replace(/[.!]+$/, "")
        .trim(),
    )
    .filter((part) => part !== "")
    .map((part) => [part]);
}

function listed(text: string): string[] {
  return text
    .split(/,|\band\b/i)
    .map((part) => part.replace(/[.!]+$/, "").trim())
    .filter((part) => part !== "");
}
