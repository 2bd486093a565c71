/**
 * BLEU of a set of captions as coco-caption computes it (Papineni et al. 2002): clipped n-gram precision over all pairs
 * together, with a brevity penalty against the closest reference length.
 */
import { type CaptionPair, longestNgram } from "./caption.ts";

/** coco-caption's guards: a precision of nothing is small, not undefined. */
const TINY = 1e-15;
const SMALL = 1e-9;

/** BLEU-1 to BLEU-4 over all pairs, in [0, 1]; null of no pairs. */
export function bleu(pairs: readonly CaptionPair[]): number[] | null {
  if (pairs.length === 0) return null;
  const correct = new Array<number>(longestNgram).fill(0);
  const guessed = new Array<number>(longestNgram).fill(0);
  let [length, referenceLength] = [0, 0];
  for (const { candidate, references } of pairs) {
    const words = candidate.tokens.length;
    length += words;
    referenceLength += closestLength(
      words,
      references.map(({ tokens }) => tokens.length),
    );
    for (let order = 0; order < longestNgram; order++) {
      guessed[order] = (guessed[order] as number) + Math.max(0, words - order);
      for (const [gram, count] of candidate.ngrams[order] ?? []) {
        const most = Math.max(...references.map(({ ngrams }) => ngrams[order]?.get(gram) ?? 0));
        correct[order] = (correct[order] as number) + Math.min(count, most);
      }
    }
  }
  const ratio = (length + TINY) / (referenceLength + SMALL);
  const brevity = ratio < 1 ? Math.exp(1 - 1 / ratio) : 1;
  let product = 1;
  return correct.map((count, order) => {
    product *= (count + TINY) / ((guessed[order] as number) + SMALL);
    return brevity * product ** (1 / (order + 1));
  });
}

/** The reference length next to the candidate's; of two equally near the shorter. */
function closestLength(length: number, references: readonly number[]): number {
  return [...references].sort((a, b) => Math.abs(a - length) - Math.abs(b - length) || a - b)[0] ?? 0;
}
