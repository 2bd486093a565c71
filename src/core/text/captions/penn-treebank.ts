/**
 * Captions as tokens of the Penn Treebank, as CoreNLP's PTBTokenizer with -preserveLines -lowerCase cuts them.
 *
 * The caption metrics were defined on that tokeniser's output. What stands here are its rules as far as captions meet them:
 * contractions, abbreviations, numbers, hyphens, brackets, quotes, American spelling. It is an approximation; whoever needs
 * the tokeniser itself passes captions that are already tokenised.
 */
import { americanWords, ourEnding, ourExceptions } from "./american-spelling.table.ts";

/** Words that the tokeniser cuts in two, by the length of the first part. */
const HALVES: ReadonlyMap<string, number> = new Map(
  Object.entries({ cannot: 3, gonna: 3, gotta: 3, wanna: 3, lemme: 3, gimme: 3, "'tis": 2, "'twas": 2 }),
);

/** Abbreviations that keep their full stop, as written. */
const ABBREVIATIONS = [
  "Mrs?|Ms|Drs?|Profs?|Sen|Rep|Gov|Lt|Col|Gen|Adm|Rev|Maj|Sgt|Cpl|Pvt|Capt|Ste?|Ave|Pres|Hon|Brig|Jr|Sr|Bros|Blvd|Rd|Esq",
  "Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mon|Tues?|Wed|Thu(?:rs)?|Fri|Inc|Cos?|Corp|Ltd|Dept|Assn|Univ|Mt",
  String.raw`etc|vs|Nos?(?=\.\s*\p{N})|[Ff](?:t|ig)(?=\.\s*\p{N})`,
].join("|");

const BRACKETS: Readonly<Record<string, string>> = {
  "(": "-lrb-",
  ")": "-rrb-",
  "[": "-lsb-",
  "]": "-rsb-",
  "{": "-lcb-",
  "}": "-rcb-",
};

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

const WORD = String.raw`[\p{L}\p{N}_]+(?:-[\p{L}\p{N}_]+)*`;

/** One token at a time; the first alternative that fits wins, so the order is part of the rules. */
const TOKEN = new RegExp(
  [
    String.raw`(?<kept>https?:\/\/[^\s<>"]*[^\s<>"'.,;:!?)]|www\.[^\s<>"]*[^\s<>"'.,;:!?)]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|<\/?[A-Za-z][^<>]*>|[<>]?[:;=][-o*']?[()DPp]+(?![\p{L}\p{N}]))`,
    String.raw`(?<dots>\.{3,}|…)`,
    String.raw`(?<number>[-+]?\p{N}+(?:[.,:]\p{N}+)+(?![\p{L}\p{N}-])|\p{N}+(?:\/\p{N}+)+(?![\p{L}\p{N}])|[-+]?\.?\p{N}+(?:[.,:]\p{N}+)*(?![\p{L}\p{N}_-]))`,
    String.raw`(?<apostrophe>'(?:[tT]is|[tT]was)\b|'n'|'em\b|'\p{N}0s\b|'(?:[smdSMD]|ll|re|ve|LL|RE|VE)(?![\p{L}\p{N}]))`,
    String.raw`(?<initials>(?:\p{L}\.){2,}|\p{Lu}\.(?=\s+\p{Lu}))`,
    String.raw`(?<abbreviation>\b(?:${ABBREVIATIONS})\.)`,
    String.raw`(?<negation>[\p{L}\p{N}_]+?(?:-[\p{L}\p{N}_]+?)*)(?<not>[nN]'[tT])(?![\p{L}\p{N}])`,
    String.raw`(?<clock>o'clock|ma'am|c'mon|y'(?=all\b)|[dDoOlL]'\p{L}+|\p{Lu}+(?:&\p{Lu}+)+)`,
    String.raw`(?<word>${WORD}(?:\/${WORD})*)`,
    "(?<quote>\"|''|``|[“”«»])",
    "(?<dashes>--+|[–—])",
    "(?<exclaim>[!?]{2,})",
    String.raw`(?<sign>\S)`,
  ].join("|"),
  "gu",
);

/** Every token of one caption in lower case, punctuation included; line ends count as blanks. */
export function pennTreebankTokens(caption: string): string[] {
  const text = caption
    .replace(/[‘’`´]/g, "'")
    .replace(/&(amp|lt|gt|quot|apos);/gi, (_, name: string) => ENTITIES[name.toLowerCase()] as string);
  const tokens: string[] = [];
  for (const match of text.matchAll(TOKEN)) pushToken(tokens, match, text);
  return tokens;
}

/** What the official caption metrics drop after tokenising. Lower-cased brackets ("-lrb-") are not among it. */
const DROPPED = new Set(["''", "'", "``", "`", ".", "?", "!", ",", ":", "-", "--", "...", ";"]);

/** The tokens that the caption metrics compare: lower case, their list of punctuation dropped. */
export function captionTokens(caption: string): string[] {
  return pennTreebankTokens(caption).filter((token) => !DROPPED.has(token));
}

function pushToken(tokens: string[], match: RegExpExecArray, text: string): void {
  const { kept, dots, negation, not, word, quote, dashes, abbreviation } = match.groups as Record<
    string,
    string | undefined
  >;
  const lower = match[0].toLowerCase();
  if (kept !== undefined || abbreviation !== undefined) tokens.push(lower);
  else if (dots !== undefined) tokens.push("...");
  else if (not !== undefined) {
    tokens.push(american((negation as string).toLowerCase()), "n't");
  } else if (word !== undefined) tokens.push(...split(escaped(american(word.toLowerCase()))));
  else if (quote !== undefined)
    tokens.push(tokens.length === 0 || /\s/.test(text[match.index - 1] ?? " ") ? "``" : "''");
  else if (dashes !== undefined) tokens.push("--");
  else tokens.push(...split(BRACKETS[lower] ?? escaped(lower)));
}

function split(token: string): string[] {
  const half = HALVES.get(token);
  return half === undefined ? [token] : [token.slice(0, half), token.slice(half)];
}

/** The treebank's files use slash and star as marks, so its tokeniser writes them with a backslash. */
function escaped(token: string): string {
  return /[/*]/.test(token) ? token.replace(/[/*]/g, "\\$&") : token;
}

function american(word: string): string {
  const known = americanWords.get(word);
  if (known !== undefined) return known;
  return ourExceptions.has(word) ? word : word.replace(ourEnding, (_, head: string, tail = "") => `${head}or${tail}`);
}
