/**
 * Noun phrases of a caption by rule: determiner or preposition, adjectives, nouns.
 *
 * There is no tagger. A phrase ends at the first word that is closed-class, a known verb form, an adverb, or whatever follows
 * a living being ("a boy" | throws). The price is missed phrases; what comes back is nearly always one that a person would point at.
 * Every phrase is an exact piece of its text.
 */
import {
  ADJECTIVES,
  ANIMATE,
  DETERMINERS,
  EMPTY_HEADS,
  FUNCTION_WORDS,
  GENERIC_HEADS,
  ING_NOUNS,
  NUMBERS,
  PREPOSITIONS,
  SINGULAR_DETERMINERS,
  VERB_FORMS,
} from "./lexicon.table.ts";

const ASCII = /^[ -~]*$/;
const ASCII_TOKEN = /[A-Za-z0-9]+(?:['-][A-Za-z0-9]+)*|[^\sA-Za-z0-9]/g;
const TOKEN = /[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*|[^\s\p{L}\p{N}]/gu;
const OPENING = new Set([...DETERMINERS, ...NUMBERS, ...PREPOSITIONS]);
const BREAKING = new Set([...FUNCTION_WORDS, ...OPENING]);
const MAX_WORDS = 3;

/** A noun phrase without its determiner. `words` are lower case, the head is the last; `start` and `end` index the text. */
export type NounPhrase = Readonly<{
  text: string;
  words: readonly string[];
  start: number;
  end: number;
  /** The number word that opened it, with its place: "two" of "two red balls". */
  number?: { word: string; start: number };
}>;

type Token = { raw: string; word: string; start: number; isWord: boolean };

/** All noun phrases of the text in order. */
export function nounPhrases(text: string): NounPhrase[] {
  const tokens = tokenise(text);
  const found: NounPhrase[] = [];
  for (let i = 0; i < tokens.length; ) {
    const opener = tokens[i] as Token;
    const opens = opener.isWord && OPENING.has(opener.word);
    if (!opens && i > 0) {
      i++;
      continue;
    }
    const from = opens ? i + 1 : i;
    const to = phraseEnd(tokens, from, SINGULAR_DETERMINERS.has(opener.word));
    const phrase = to > from ? phraseOf(text, tokens.slice(from, to)) : undefined;
    if (phrase && (opens || isFollowedByVerb(tokens[to]))) {
      found.push(NUMBERS.has(opener.word) ? { ...phrase, number: { word: opener.word, start: opener.start } } : phrase);
    }
    i = Math.max(to, i + 1);
  }
  return found;
}

/**
 * Phrases that name what is particular to this caption, best first and each once: specific heads, then people with a
 * modifier ("older man"), then bare ones; longer before shorter, earlier before later.
 */
export function keyPhrases(phrases: readonly NounPhrase[]): string[] {
  const ranked = phrases
    .map((phrase, place) => ({ phrase, rank: rank(phrase) * 100 - Math.min(phrase.words.length, 2) * 30 + place }))
    .sort((a, b) => a.rank - b.rank);
  const seen = new Set<string>();
  return ranked.flatMap(({ phrase }) => {
    const key = phrase.words.join(" ");
    if (seen.has(key)) return [];
    seen.add(key);
    return [phrase.text];
  });
}

/** Does the phrase take a plural verb? */
export function isPlural(phrase: string): boolean {
  const head = phrase.slice(phrase.lastIndexOf(" ") + 1).toLowerCase();
  if (/^(?:people|men|women|children|teeth|feet|mice|sheep|police)$/.test(head)) return true;
  return head.length > 3 && head.endsWith("s") && !/(?:ss|us|is|'s|news|lens|canvas|gas|tennis)$/.test(head);
}

/** Does the phrase name people or animals? */
export function isAnimate(phrase: string): boolean {
  return ANIMATE.has(phrase.slice(phrase.lastIndexOf(" ") + 1).toLowerCase());
}

function tokenise(text: string): Token[] {
  const pattern = ASCII.test(text) ? ASCII_TOKEN : TOKEN;
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const raw = match[0];
    const isWord = raw.length > 1 || /[\p{L}\p{N}]/u.test(raw);
    tokens.push({ raw, word: raw.toLowerCase(), start: match.index, isWord });
  }
  return tokens;
}

/** Index of the first token after the phrase that starts at `from`. */
function phraseEnd(tokens: readonly Token[], from: number, singular: boolean): number {
  let end = from;
  for (; end < tokens.length; end++) {
    const token = tokens[end] as Token;
    if (!token.isWord || breaks(token.word)) break;
    if (end === from) continue;
    const before = (tokens[end - 1] as Token).word;
    if (ANIMATE.has(before)) break;
    if (VERB_FORMS.has(token.word)) break;
    if (isParticiple(token.word) && !ADJECTIVES.has(before)) break;
    if (singular && /[^sui']s$/.test(token.word) && !ADJECTIVES.has(before)) break;
  }
  return end;
}

/** Short words in -ed are nouns more often than not: bed, sled, shed, speed. */
function isParticiple(word: string): boolean {
  return (word.endsWith("ing") && !ING_NOUNS.has(word)) || (word.length > 5 && word.endsWith("ed"));
}

function breaks(word: string): boolean {
  return BREAKING.has(word) || (word.length > 4 && word.endsWith("ly"));
}

function phraseOf(text: string, tokens: readonly Token[]): NounPhrase | undefined {
  const kept = tokens.slice(-MAX_WORDS);
  const [first, last] = [kept[0] as Token, kept.at(-1) as Token];
  const head = last.word;
  if (tokens.length > MAX_WORDS + 2 || head.length < 3 || /['’]s$/.test(head) || /^\p{N}+$/u.test(head))
    return undefined;
  if (EMPTY_HEADS.has(head) || ADJECTIVES.has(head) || VERB_FORMS.has(head)) return undefined;
  if (isParticiple(head)) return undefined;
  const [start, end] = [first.start, last.start + last.raw.length];
  if (/['’]/.test(text.charAt(end))) return undefined;
  const sentenceStart = start === 0 && first.raw !== first.raw.toUpperCase();
  const piece = text.slice(start, end);
  return {
    text: sentenceStart ? piece.charAt(0).toLowerCase() + piece.slice(1) : piece,
    words: kept.map((token) => token.word),
    start,
    end,
  };
}

function isFollowedByVerb(token: Token | undefined): boolean {
  return token !== undefined && /^(?:is|are|was|were|has|have|can)$|(?:ing|ed)$/.test(token.word);
}

function rank(phrase: NounPhrase): number {
  const head = phrase.words.at(-1) as string;
  if (!GENERIC_HEADS.has(head)) return 0;
  return phrase.words.length > 1 ? 1 : 2;
}
