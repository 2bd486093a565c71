/**
 * In which line of a context does something stand?
 *
 * A phrase that stands word for word in one line is there. Otherwise its content words vote: a sentence about a caption says
 * "a damaged supermarket" where the caption has "the supermarket was damaged".
 */
import { mentionStem, wordKey, words } from "../../core/text/index.ts";

export type Lines = readonly string[];

/** A found phrase: the line, and the word stems by which it was found. */
export type Found = Readonly<{ line: number; stems: readonly string[] }>;

/** Words that name no thing: they vote for no line. */
const EMPTY = new Set(
  `a an the of in on at to with by from into and or but then next finally first second third last before after it its their his her
  this that these those there is are was were be been being has have had do does did as while when where which who some one appear
  appears appearing appeared show shows showing shown see seen comes come coming follow follows followed following precede precedes
  start starts starting begin begins beginning end ends ending transition transitions move moves moving shift shifts change changes
  image images picture pictures scene scenes video frame frames clip sequence view depicting depicts featuring features`.split(
    /\s+/,
  ),
);

/** Keys of lines, for `locate`. */
export function keysOf(lines: Lines): string[] {
  return lines.map(wordKey);
}

/** The only line that holds the phrase, or undefined where none or several do. */
export function locate(phrase: string, keys: readonly string[]): Found | undefined {
  const bare = bareOf(phrase);
  const exact = holding(keys, wordKey(bare));
  if (exact.length === 1) return { line: exact[0] as number, stems: [wordKey(bare).trimEnd()] };
  if (exact.length > 1) return undefined;
  const stems = contentStems(phrase);
  const votes = keys.map(() => 0);
  let found = 0;
  for (const stem of stems) {
    const lines = holding(keys, stem);
    if (lines.length > 0) found++;
    for (const line of lines) votes[line] = (votes[line] as number) + 1 / lines.length;
  }
  const most = Math.max(...votes);
  const winners = votes.flatMap((vote, line) => (vote === most ? [line] : []));
  const [line] = winners;
  if (line === undefined || winners.length > 1 || found === 0 || 2 * found < stems.length) return undefined;
  const own = stems.filter((stem) => keys[line]?.includes(stem));
  return 2 * own.length < stems.length ? undefined : { line, stems: own };
}

/** "The old kite appears" -> "old kite". */
function bareOf(phrase: string): string {
  return phrase
    .trim()
    .replace(/^(?:the|an?) /i, "")
    .replace(/ (?:appears?|comes?|(?:is|are) (?:shown|seen))$/i, "");
}

/** Stems of the words that name something. */
export function contentStems(phrase: string): string[] {
  const named = words(phrase.toLowerCase()).filter((word) => !EMPTY.has(word));
  return [...new Set(named.map(mentionStem))];
}

/** Lines whose key holds the text. */
export function holding(keys: readonly string[], text: string): number[] {
  return keys.flatMap((key, line) => (key.includes(text) ? [line] : []));
}
