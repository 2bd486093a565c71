/**
 * What METEOR counts of an alignment, how counts add up, and the score that they give.
 *
 * Parameters are those of METEOR 1.5 for English, task "rank". A corpus' score is the score of the summed counts, not the mean
 * of the sentences' scores.
 */
import { bestAlignment } from "./alignment.ts";
import { type Candidate, type Candidates, modules } from "./candidates.ts";
import type { Sentence, Word } from "./sentence.ts";

export const parameters = { alpha: 0.85, beta: 0.2, gamma: 0.6, delta: 0.75, weights: [1, 0.6, 0.8, 0.6] } as const;

/**
 * 23 counts in the order that METEOR prints: words of hypothesis and reference, function words of both; for each of the four
 * matchers content words matched in hypothesis and reference, function words in both; chunks, matched words of both.
 */
export type MeteorStatistics = readonly number[];

const CHUNKS = 4 + 4 * modules.length;
const SIZE = CHUNKS + 3;

/** Counts of the best alignment. */
export function alignmentStatistics(
  hypothesis: Sentence,
  reference: Sentence,
  candidates: Candidates,
): MeteorStatistics {
  const matches = bestAlignment(candidates);
  const counts = new Array<number>(SIZE).fill(0);
  counts[0] = hypothesis.words.length;
  counts[1] = reference.words.length;
  counts[2] = hypothesis.functionCount;
  counts[3] = reference.functionCount;
  for (const { module, start, length, matchStart, matchLength } of matches) {
    const at = 4 + 4 * module;
    addWords(counts, at, hypothesis.words.slice(matchStart, matchStart + matchLength));
    addWords(counts, at + 1, reference.words.slice(start, start + length));
    counts[CHUNKS + 1] = (counts[CHUNKS + 1] as number) + matchLength;
    counts[CHUNKS + 2] = (counts[CHUNKS + 2] as number) + length;
  }
  counts[CHUNKS] = chunkCount(matches);
  return counts;
}

/** Content words at the index, function words two further on. */
function addWords(counts: number[], at: number, words: readonly Word[]): void {
  for (const { isFunction } of words) {
    const index = isFunction ? at + 2 : at;
    counts[index] = (counts[index] as number) + 1;
  }
}

/** Runs of matches that follow one another in both sentences. */
function chunkCount(matches: readonly Candidate[]): number {
  return matches.filter((match, i) => {
    const before = matches[i - 1];
    const isNext = before && before.start + before.length === match.start;
    return !(isNext && before.matchStart + before.matchLength === match.matchStart);
  }).length;
}

/** Counts of several sentences together; a sentence that is matched whole in one chunk adds no chunk. */
export function addStatistics(all: readonly MeteorStatistics[]): MeteorStatistics {
  const sum = new Array<number>(SIZE).fill(0);
  for (const counts of all) {
    for (let i = 0; i < SIZE; i++) sum[i] = (sum[i] as number) + (counts[i] as number);
    if (isWhole(counts)) sum[CHUNKS] = (sum[CHUNKS] as number) - 1;
  }
  return sum;
}

/** Every word of both sides matched, in one chunk. */
function isWhole(counts: MeteorStatistics): boolean {
  return counts[CHUNKS] === 1 && counts[CHUNKS + 1] === counts[0] && counts[CHUNKS + 2] === counts[1];
}

/** The score of counts, in [0, 1]; 0 where nothing matched. */
export function meteorScore(counts: MeteorStatistics): number {
  const { alpha, beta, gamma, delta, weights } = parameters;
  const at = (index: number) => counts[index] as number;
  const length = (side: number) => delta * (at(side) - at(2 + side)) + (1 - delta) * at(2 + side);
  const matched = (side: number) =>
    weights.reduce((sum, weight, module) => {
      const first = 4 + 4 * module + side;
      return sum + weight * (delta * at(first) + (1 - delta) * at(first + 2));
    }, 0);
  const precision = matched(0) / length(0);
  const recall = matched(1) / length(1);
  if (!(precision > 0 && recall > 0)) return 0;
  const mean = 1 / ((1 - alpha) / precision + alpha / recall);
  const fragmentation = isWhole(counts) ? 0 : at(CHUNKS) / ((at(CHUNKS + 1) + at(CHUNKS + 2)) / 2);
  return mean * (1 - gamma * fragmentation ** beta);
}
