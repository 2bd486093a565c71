/**
 * Guessers that learn: which letter is right most often, and which words of an option go with being right. Trained on half of the
 * rows and asked about the other half, both ways round.
 */
import type { Rng } from "../../core/math/index.ts";
import { words } from "../../core/text/index.ts";
import { type Guess, most } from "./cues.ts";
import type { LeakageItem } from "./item.ts";

export type Guesser = (item: LeakageItem) => Guess;

const FEATURES = 1 << 15;
const EPOCHS = 4;
const RATE = 0.2;
const SHRINK = 1e-4;

/** The letter that is right most often among as many options. */
export function letterPrior(items: readonly LeakageItem[]): Guesser {
  const counts = new Map<number, number[]>();
  for (const { options, answerIndex } of items) {
    const letters = counts.get(options.length) ?? new Array<number>(options.length).fill(0);
    letters[answerIndex] = (letters[answerIndex] ?? 0) + 1;
    counts.set(options.length, letters);
  }
  return ({ options }) => most(counts.get(options.length) ?? options.map(() => 0));
}

/** A linear classifier over hashed words of option and question, softmax over the options of a row, plain gradient descent. */
export function bagOfWords(items: readonly LeakageItem[], rng: Rng): Guesser {
  const weights = new Float64Array(FEATURES);
  const seen = items.map((item) => ({
    features: item.options.map((_, i) => featuresOf(item, i)),
    right: item.answerIndex,
  }));
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const rate = RATE / (1 + epoch);
    for (const { features, right } of rng.shuffle(seen)) {
      const shares = softmax(features.map((own) => scoreOf(weights, own)));
      for (const [i, own] of features.entries()) {
        const step = rate * ((i === right ? 1 : 0) - (shares[i] as number));
        for (const at of own) weights[at] = (weights[at] as number) * (1 - SHRINK) + step / Math.sqrt(own.length);
      }
    }
  }
  return (item) => most(item.options.map((_, i) => scoreOf(weights, featuresOf(item, i))));
}

/** Answers of guessers that were trained on the other half; halves hold whole clusters. */
export function crossFitted(
  items: readonly LeakageItem[],
  rng: Rng,
  train: (half: readonly LeakageItem[]) => Guesser,
): Guess[] {
  const side = new Map<string, 0 | 1>();
  for (const cluster of rng.shuffle([...new Set(items.map((item) => item.cluster))]))
    side.set(cluster, side.size % 2 === 0 ? 0 : 1);
  const halves = [0, 1].map((half) => items.filter(({ cluster }) => side.get(cluster) === half));
  const guessers = halves.map(train);
  return items.map((item) => (guessers[side.get(item.cluster) === 0 ? 1 : 0] as Guesser)(item));
}

/** Words and pairs of words of the option, alone and beside the kind of question; its letter and its rank by length. */
function featuresOf({ question, options }: LeakageItem, index: number): number[] {
  const kind = words(question.toLowerCase()).slice(0, 3).join(" ");
  const own = words((options[index] as string).toLowerCase());
  const rank = options.filter((other) => other.length > (options[index] as string).length).length;
  const names = [`letter ${index}/${options.length}`, `rank ${rank}/${options.length}`];
  for (const [i, word] of own.entries()) names.push(word, `${kind} | ${word}`, `${word} ${own[i + 1] ?? "."}`);
  return names.map(hashed);
}

/** FNV-1a, cut to the size of the table. */
function hashed(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return (h ^ (h >>> 15)) & (FEATURES - 1);
}

function scoreOf(weights: Float64Array, features: readonly number[]): number {
  return features.reduce((sum, at) => sum + (weights[at] as number), 0) / Math.sqrt(features.length);
}

function softmax(scores: readonly number[]): number[] {
  const top = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - top));
  const all = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / all);
}
