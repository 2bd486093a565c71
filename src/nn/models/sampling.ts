/**
 * Choosing the next token from its scores.
 */
import type { Rng } from "../../core/math/index.ts";

export type SamplingOptions = Readonly<{
  /** 0 (the default) takes the best token; higher is more random. */
  temperature?: number;
  /** Sample from the fewest tokens whose probabilities sum to this. Holtzman et al. 2019, arXiv:1904.09751. Default 1. */
  topP?: number;
}>;

/** Index of the chosen score. Greedy takes the first of equals, as transformers does. */
export function chooseToken(logits: Float32Array, options: SamplingOptions, rng: Rng): number {
  const { temperature = 0, topP = 1 } = options;
  if (temperature === 0) return argmax(logits);
  const logs = logProbabilities(logits.map((score) => score / temperature));
  const order = Array.from(logs.keys()).sort((a, b) => (logs[b] as number) - (logs[a] as number));
  let kept = 0;
  let mass = 0;
  while (kept < order.length && (kept === 0 || mass < topP)) mass += Math.exp(logs[order[kept++] as number] as number);
  let left = rng.uniform() * mass;
  for (const id of order.slice(0, kept)) {
    left -= Math.exp(logs[id] as number);
    if (left < 0) return id;
  }
  return order[kept - 1] as number;
}

/** Natural logarithms of the softmax of the scores. */
export function logProbabilities(logits: Float32Array): Float64Array {
  const best = logits[argmax(logits)] as number;
  let sum = 0;
  for (const score of logits) sum += Math.exp(score - best);
  const shift = best + Math.log(sum);
  return Float64Array.from(logits, (score) => score - shift);
}

/** A chosen id with its log-probability and those of the likeliest ids, best first. */
export type TokenScore = Readonly<{
  id: number;
  logProbability: number;
  alternatives: readonly Readonly<{ id: number; logProbability: number }>[];
}>;

/** The score of an id among all, before temperature and top-p, with `count` alternatives (lower ids first among equals). */
export function tokenScore(logits: Float32Array, id: number, count: number): TokenScore {
  const logs = logProbabilities(logits);
  const alternatives: { id: number; logProbability: number }[] = [];
  logs.forEach((logProbability, other) => {
    if (count === 0 || (alternatives.length === count && logProbability <= (alternatives.at(-1)?.logProbability ?? 0)))
      return;
    const place = alternatives.findIndex((each) => each.logProbability < logProbability);
    alternatives.splice(place < 0 ? alternatives.length : place, 0, { id: other, logProbability });
    alternatives.length = Math.min(alternatives.length, count);
  });
  return { id, logProbability: logs[id] as number, alternatives };
}

function argmax(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if ((values[i] as number) > (values[best] as number)) best = i;
  return best;
}
