/**
 * METEOR 1.5 for English without Java: exact, stem and synonym matches, paraphrases where a table is given.
 *
 * Denkowski and Lavie 2014, "Meteor Universal"; options `-l en -norm`. Without WordNet's tables no synonym matches, without
 * the paraphrase table no paraphrase does; `name` says which scores these are.
 */
import { matchCandidates, type Paraphrases } from "./candidates.ts";
import { type LexiconOptions, openSentences } from "./sentence.ts";
import { addStatistics, alignmentStatistics, type MeteorStatistics, meteorScore } from "./statistics.ts";

export type MeteorOptions = LexiconOptions & Readonly<{ paraphrases?: Paraphrases }>;

export type Meteor = Readonly<{
  /** What these scores are called in a table. */
  name: string;
  /** Counts of the best alignment. Precision is about the hypothesis, recall (85 %) about the reference. */
  statistics(hypothesis: string, reference: string): MeteorStatistics;
  /** The score of one sentence, in [0, 1]. */
  score(hypothesis: string, reference: string): number;
  /** The score of several pairs [hypothesis, reference] together; null of none. */
  corpusScore(pairs: readonly (readonly [string, string])[]): number | null;
}>;

/** METEOR with its lexicon; the words and sentences that it has seen are remembered. */
export function openMeteor(options: MeteorOptions): Meteor {
  const sentence = openSentences(options);
  const missing = [options.synonyms ? [] : ["synonyms"], options.paraphrases ? [] : ["paraphrases"]].flat();
  const statistics = (hypothesis: string, reference: string) => {
    const [left, right] = [sentence(hypothesis), sentence(reference)];
    return alignmentStatistics(left, right, matchCandidates(left, right, options.paraphrases));
  };
  return {
    name: missing.length === 0 ? "METEOR 1.5" : `METEOR 1.5 without ${missing.join(" and ")}`,
    statistics,
    score: (hypothesis, reference) => meteorScore(statistics(hypothesis, reference)),
    corpusScore: (pairs) =>
      pairs.length === 0 ? null : meteorScore(addStatistics(pairs.map(([a, b]) => statistics(a, b)))),
  };
}
