/**
 * Batches for contrastive pre-training of the vision tower: pictures with their captions, many of them alike but for a word.
 *
 * Pairs come in groups that share everything but one property, or else colours and backgrounds alone would
 * tell the captions of a batch apart and shapes would never be learnt.
 */
import { Rng } from "../../src/core/math/index.ts";
import type { Tokenizer } from "../../src/nn/tokenizer/index.ts";
import type { ImageTextPair } from "../../src/train/index.ts";
import { brightnesses, sizes } from "../../src/world/index.ts";
import { captionOf } from "./captions.ts";
import type { Pictures } from "./pictures.ts";
import { visibleWords } from "./words.ts";

const groupSize = 8;

const alternatives = {
  colour: visibleWords.colours,
  shape: visibleWords.shapes,
  size: sizes,
  brightness: brightnesses,
  background: visibleWords.backgrounds,
} as const;
/** Shapes are the hardest to see, so they make half of the groups. */
const contrasts = ["colour", "shape", "shape", "shape", "size", "brightness", "background"] as const;

export function contrastSource(pictures: Pictures, tokenizer: Tokenizer, options: { seed: number; batch: number }) {
  const encode = (text: string) => tokenizer.encode(`${text}</s>`);
  return (step: number): ImageTextPair[] => {
    const rng = new Rng(`contrast/${options.seed}/${step}`);
    const chosen = new Map<string, number>();
    const take = (index: number | undefined) => {
      if (index === undefined || chosen.size >= options.batch) return;
      // Every caption once: an equal one would count as wrong.
      const caption = captionOf(pictures.glimpses[index] as (typeof pictures.glimpses)[number], "sentence");
      if (!chosen.has(caption)) chosen.set(caption, index);
    };
    while (chosen.size < options.batch) {
      const first = rng.below(pictures.glimpses.length);
      take(first);
      const property = rng.pick(contrasts);
      const glimpse = pictures.glimpses[first] as (typeof pictures.glimpses)[number];
      for (const word of rng.shuffle(alternatives[property]).slice(0, groupSize - 1)) {
        take(pictures.showing({ ...glimpse, [property]: word }, rng));
      }
    }
    return [...chosen].map(([caption, index]) => {
      const pixels = new Float32Array(3 * pictures.size * pictures.size);
      pictures.writePixels(index, pixels, 0);
      return { pixels, ids: encode(caption) };
    });
  };
}
