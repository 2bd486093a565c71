/**
 * Sentences as METEOR's aligner compares them: words with a number for the form, one for the stem, and their synsets.
 *
 * A word is looked up once for all sentences; a sentence that comes again (a reference against many predictions) is cut once.
 */
import { functionWords } from "./function-words.table.ts";
import { meteorTokens } from "./normalise.ts";
import type { Synonyms } from "./synonyms.ts";

export type Word = Readonly<{
  text: string;
  /** Equal for equal words. */
  form: number;
  /** Equal for words of one stem. */
  stem: number;
  /** Ascending. */
  synsets: readonly number[];
  /** Two sums of bits of the synsets: no bit in common, no synset in common. */
  lowBits: number;
  highBits: number;
  isFunction: boolean;
}>;

export type Sentence = Readonly<{ words: readonly Word[]; functionCount: number }>;

export type LexiconOptions = Readonly<{
  stem: (word: string) => string;
  synonyms?: Synonyms;
  functionWords?: ReadonlySet<string>;
}>;

/** How many sentences are kept before the store is emptied: some tens of megabytes. */
const keptSentences = 50_000;

/** A reader of sentences with a memory of its own. */
export function openSentences(options: LexiconOptions): (text: string) => Sentence {
  const words = new Map<string, Word>();
  const stems = new Map<string, number>();
  const sentences = new Map<string, Sentence>();
  const listed = options.functionWords ?? functionWords;
  const look = (text: string): Word => {
    const known = words.get(text);
    if (known !== undefined) return known;
    const stemText = options.stem(text);
    const stem = stems.get(stemText) ?? stems.size;
    stems.set(stemText, stem);
    const synsets = options.synonyms?.(text) ?? [];
    let [lowBits, highBits] = [0, 0];
    for (const synset of synsets) {
      // Fibonacci hashing spreads neighbouring offsets over 64 bits.
      const bit = Math.imul(synset, 0x9e3779b1) >>> 26;
      if (bit < 32) lowBits |= 1 << bit;
      else highBits |= 1 << (bit - 32);
    }
    const word = { text, form: words.size, stem, synsets, lowBits, highBits, isFunction: listed.has(text) };
    words.set(text, word);
    return word;
  };
  return (text) => {
    const known = sentences.get(text);
    if (known !== undefined) return known;
    const cut = meteorTokens(text).map(look);
    const sentence = { words: cut, functionCount: cut.filter(({ isFunction }) => isFunction).length };
    if (sentences.size >= keptSentences) sentences.clear();
    sentences.set(text, sentence);
    return sentence;
  };
}

/** Different words with a synset in common. */
export function areSynonyms(a: Word, b: Word): boolean {
  if (((a.lowBits & b.lowBits) | (a.highBits & b.highBits)) === 0) return false;
  const [left, right] = [a.synsets, b.synsets];
  for (let i = 0, j = 0; i < left.length && j < right.length; ) {
    const difference = (left[i] as number) - (right[j] as number);
    if (difference === 0) return true;
    if (difference < 0) i++;
    else j++;
  }
  return false;
}
