/**
 * Every way in which words of two sentences can match: the same word, the same stem, a common synset, or phrases that a
 * table calls paraphrases.
 */
import { areSynonyms, type Sentence, type Word } from "./sentence.ts";

/** Matchers in METEOR's order. */
export const modules = ["exact", "stem", "synonym", "paraphrase"] as const;

/** A possible match of words of the reference from `start` with words of the hypothesis from `matchStart`. */
export type Candidate = Readonly<{
  /** Index into `modules`. */
  module: number;
  start: number;
  length: number;
  matchStart: number;
  matchLength: number;
}>;

/** Phrases with their paraphrases as words; a phrase's key is its words parted by single blanks. */
export type Paraphrases = Readonly<{ longest: number; of: ReadonlyMap<string, readonly (readonly string[])[]> }>;

export type Candidates = Readonly<{
  /** By start in the reference: in the order of modules, then of the hypothesis. */
  byStart: readonly (readonly Candidate[])[];
  /** How many candidates touch a word. */
  hypothesisCoverage: Int32Array;
  referenceCoverage: Int32Array;
}>;

/** All candidates. Sentences that are equal word by word need exact matches only. */
export function matchCandidates(hypothesis: Sentence, reference: Sentence, paraphrases?: Paraphrases): Candidates {
  const [left, right] = [hypothesis.words, reference.words];
  const hypothesisCoverage = new Int32Array(left.length);
  const referenceCoverage = new Int32Array(right.length);
  const isSame = left.length === right.length && left.every((word, i) => word === right[i]);
  const byStart = right.map((word, start) => wordMatches(word, start, left, isSame));
  if (paraphrases !== undefined && !isSame) {
    for (const [start, length, matchStart, matchLength] of paraphrased(right, left, paraphrases)) {
      byStart[start]?.push({ module: 3, start, length, matchStart, matchLength });
    }
    for (const [matchStart, matchLength, start, length] of paraphrased(left, right, paraphrases)) {
      byStart[start]?.push({ module: 3, start, length, matchStart, matchLength });
    }
  }
  for (const matches of byStart) {
    for (const { start, matchStart } of matches) {
      // METEOR counts a phrase at its first word only, so longer phrases are never held for certain.
      (hypothesisCoverage[matchStart] as number)++;
      (referenceCoverage[start] as number)++;
    }
  }
  return { byStart, hypothesisCoverage, referenceCoverage };
}

/** Candidates of one word of the reference: exact ones, then stems, then synonyms. */
function wordMatches(word: Word, start: number, left: readonly Word[], isExactOnly: boolean): Candidate[] {
  const found: Candidate[] = [];
  const later: Candidate[] = [];
  for (let matchStart = 0; matchStart < left.length; matchStart++) {
    const other = left[matchStart] as Word;
    if (other === word) found.push({ module: 0, start, length: 1, matchStart, matchLength: 1 });
    else if (isExactOnly) continue;
    else {
      if (other.stem === word.stem) later.push({ module: 1, start, length: 1, matchStart, matchLength: 1 });
      if (areSynonyms(other, word)) later.push({ module: 2, start, length: 1, matchStart, matchLength: 1 });
    }
  }
  if (later.length > 1) later.sort((a, b) => a.module - b.module);
  return later.length === 0 ? found : [...found, ...later];
}

/** Phrases of one sentence whose paraphrase stands in the other: start and length here, start and length there. */
function* paraphrased(from: readonly Word[], to: readonly Word[], { longest, of }: Paraphrases) {
  for (let start = 0; start < from.length; start++) {
    let key = "";
    for (let length = 1; length <= longest && start + length <= from.length; length++) {
      key += `${length === 1 ? "" : " "}${(from[start + length - 1] as Word).text}`;
      for (const phrase of of.get(key) ?? []) {
        for (let at = 0; at + phrase.length <= to.length; at++) {
          if (phrase.every((word, i) => word === to[at + i]?.text)) yield [start, length, at, phrase.length] as const;
        }
      }
    }
  }
}
