/**
 * The tokenizer and the first weights of zoetrope-micro-reader: zoetrope-micro with numbers up to 99 as one token each, because a
 * visual token reads as one word, and with the words of NumPro's and VTimeLLM's prompts.
 */
import { Rng } from "../../src/core/math/index.ts";
import type { TensorData, Weights } from "../../src/nn/checkpoint/index.ts";
import { extendTokenizer, splitPieces, type Tokenizer } from "../../src/nn/tokenizer/index.ts";
import { denseQuestions, eventQuestions, groundingQuestions } from "../../src/synthesis/index.ts";
import {
  denseCaptioningQuery,
  groundingPrompts,
  groundingText,
  highlightPrompts,
  highlightText,
} from "../../src/tasks/index.ts";

/**
 * Numbers are one token with the space before them too: what stands directly behind a word is looked up several times sooner than
 * what stands behind a space of its own.
 */
export function readerTokenizer(micro: Tokenizer): Tokenizer {
  const numbers = Array.from({ length: 90 }, (_, i) => String(i + 10));
  return extendTokenizer(micro, { words: newWords(micro), units: numbers.flatMap((number) => [` ${number}`, number]) });
}

/** The token that stands for a number in a line of keywords. */
export function numberToken(tokenizer: Tokenizer, number: number): number {
  const ids = tokenizer.encode(` ${number}`);
  if (ids.length !== 1) throw new RangeError(`Expected one token for the number ${number}, got ${ids.length}.`);
  return ids[0] as number;
}

const tables = ["language_model.model.embed_tokens.weight", "language_model.lm_head.weight"];

/** Known words that a new one is mixed of. */
const mixed = 4;

/**
 * Weights with rows for the new tokens: each is a mixture of known words, the same one in both tables. What the decoder has learnt to
 * do with any word, to copy it from the text for one, then works for the new ones from the start; with random rows it does not.
 */
export function withRows(weights: Weights, rows: number, seed: number): Map<string, TensorData> {
  const out = new Map(weights);
  for (const name of tables) {
    const table = weights.get(name);
    if (table === undefined) throw new Error(`Expected ${name} among the weights, got none.`);
    const [count, width] = table.shape as [number, number];
    const known = table.data as Float32Array;
    const data = new Float32Array(rows * width);
    data.set(known);
    // Both tables draw alike. The words stand behind special tokens, letters and single bytes.
    const rng = new Rng(`rows/${seed}`);
    for (let row = count; row < rows; row++) {
      for (let k = 0; k < mixed; k++) {
        const from = rng.integer(Math.floor(count / 2), count - 1) * width;
        const weight = (rng.chance(0.5) ? 1 : -1) / Math.sqrt(mixed);
        for (let j = 0; j < width; j++)
          data[row * width + j] = (data[row * width + j] as number) + weight * (known[from + j] as number);
      }
    }
    out.set(name, { shape: [rows, width], data });
  }
  return out;
}

function newWords(micro: Tokenizer): string[] {
  const texts = [
    ...groundingPrompts.map((prompt) => groundingText("x", { prompt, times: [0] })),
    ...highlightPrompts.map((prompt) => highlightText("x", { prompt })),
    ...[denseCaptioningQuery, ...denseQuestions, ...eventQuestions, ...groundingQuestions],
    ...[
      "grows shrinks brightens darkens stays the same",
      "From Frame to",
      "The highlight frames are",
      "What thing happens right first last",
    ],
    ...["Their saliency scores going on can we see happens before after and when"],
  ];
  const pieces = texts.flatMap(splitPieces).map((piece) => piece.trim());
  const words = [...new Set(pieces)].filter((word) => /\p{L}/u.test(word)).sort();
  return words.filter((word) => [word, ` ${word}`].some((form) => micro.encode(form).length > 1));
}
