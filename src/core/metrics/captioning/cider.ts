/**
 * CIDEr-D-like CIDEr as coco-caption computes it (Vedantam et al. 2015): n-grams of 1 to 4 words weighed by how few of the
 * references hold them, clipped, with a Gaussian penalty on length (sigma 6).
 *
 * Document frequencies come from the very pairs of a call. One pair alone scores 0, for its n-grams are in every document; so
 * does a sentence that every reference repeats. Scores lie in [0, 10].
 */
import { type Caption, type CaptionPair, longestNgram } from "./caption.ts";

const sigma = 6;

/** One score a pair, in [0, 10]. The official figure is their mean. */
export function cider(pairs: readonly CaptionPair[]): number[] {
  const frequency = documentFrequencies(pairs);
  const vectors = new Map<Caption, Vector>();
  const vectorOf = (of: Caption) => {
    const known = vectors.get(of) ?? vector(of, frequency, Math.log(pairs.length));
    vectors.set(of, known);
    return known;
  };
  return pairs.map(({ candidate, references }) => {
    if (references.length === 0) throw new RangeError("Expected at least one reference a pair, got none.");
    let sum = 0;
    for (const reference of references) sum += similarity(vectorOf(candidate), vectorOf(reference));
    return (10 * sum) / references.length;
  });
}

/** Number of pairs among whose references an n-gram occurs. */
function documentFrequencies(pairs: readonly CaptionPair[]): ReadonlyMap<string, number> {
  const frequency = new Map<string, number>();
  for (const { references } of pairs) {
    const grams =
      references.length === 1
        ? (references[0] as Caption).ngrams.flatMap((counts) => [...counts.keys()])
        : new Set(references.flatMap(({ ngrams }) => ngrams.flatMap((counts) => [...counts.keys()])));
    for (const gram of grams) frequency.set(gram, (frequency.get(gram) ?? 0) + 1);
  }
  return frequency;
}

/** Weights by n - 1, their lengths, and the sentence's number of bigrams, which stands for its length. */
type Vector = Readonly<{ weights: readonly ReadonlyMap<string, number>[]; norms: readonly number[]; bigrams: number }>;

function vector({ ngrams, tokens }: Caption, frequency: ReadonlyMap<string, number>, logPairs: number): Vector {
  const weights = ngrams.map((counts) => {
    const weighed = new Map<string, number>();
    for (const [gram, count] of counts) {
      weighed.set(gram, count * (logPairs - Math.log(Math.max(1, frequency.get(gram) ?? 0))));
    }
    return weighed;
  });
  const norms = weights.map((weighed) => {
    let sum = 0;
    for (const weight of weighed.values()) sum += weight * weight;
    return Math.sqrt(sum);
  });
  return { weights, norms, bigrams: Math.max(0, tokens.length - 1) };
}

/** Mean over n, in [0, 1]. */
function similarity(candidate: Vector, reference: Vector): number {
  const difference = candidate.bigrams - reference.bigrams;
  const penalty = Math.exp(-(difference * difference) / (2 * sigma * sigma));
  let sum = 0;
  for (let order = 0; order < longestNgram; order++) {
    let product = 0;
    for (const [gram, weight] of candidate.weights[order] as ReadonlyMap<string, number>) {
      const other = reference.weights[order]?.get(gram);
      if (other !== undefined) product += Math.min(weight, other) * other;
    }
    const norm = (candidate.norms[order] as number) * (reference.norms[order] as number);
    sum += (norm === 0 ? product : product / norm) * penalty;
  }
  return sum / longestNgram;
}
