/**
 * The words of zoetrope-micro's texts: the synthetic world's, and others that only texts use.
 *
 * Text-only things and colours are there so that reading is learnt as a skill of its own rather than by heart for ten shapes,
 * as a language model reads about more than its vision tower was ever shown.
 */
import type { Words } from "../../src/tasks/index.ts";
import { backgrounds, colours, shapes, trainVocabulary, wholeVocabulary } from "../../src/world/index.ts";

const textOnlyShapes = "arrow cloud leaf key bell cup hat boat tree lamp spoon kite".split(" ");
const textOnlyColours = "gold silver violet beige crimson".split(" ");
const textOnlyBackgrounds = "cream maroon lime".split(" ");

/** Everything that text may speak of. */
export const wholeWords: Words = {
  shapes: [...shapes, ...textOnlyShapes],
  colours: [...colours, ...textOnlyColours],
  backgrounds: [...backgrounds, ...textOnlyBackgrounds],
};

/** What temporal training text may speak of: nothing that test videos show (world/splits.ts). */
export const trainWords: Words = {
  shapes: [...trainVocabulary.shapes, ...textOnlyShapes],
  colours: wholeWords.colours,
  backgrounds: [...trainVocabulary.backgrounds, ...textOnlyBackgrounds],
};

/** What a picture can show. */
export const visibleWords: Words = wholeVocabulary;
