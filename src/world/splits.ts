/**
 * T3's split rule for temporal questions: training and test videos share neither background nor object (Temporal Reasoning
 * Transfer, arXiv 2410.06166, probing suite). Colours and textures are shared; an object is its shape.
 */
import { backgrounds, colours, shapes, textures, type Vocabulary } from "./vocabulary.ts";

const testShapes: readonly string[] = ["star", "heart", "moon"];
const testBackgrounds: readonly string[] = ["white", "teal", "olive"];

export type Split = "train" | "test";

/** Everything: for static images, which teach what the words look like. */
export const wholeVocabulary: Vocabulary = { shapes, colours, textures, backgrounds };

/** What temporal training text may speak of. */
export const trainVocabulary: Vocabulary = {
  ...wholeVocabulary,
  shapes: shapes.filter((shape) => !testShapes.includes(shape)),
  backgrounds: backgrounds.filter((background) => !testBackgrounds.includes(background)),
};

/** What held-out temporal videos show. */
export const testVocabulary: Vocabulary = {
  ...wholeVocabulary,
  shapes: shapes.filter((shape) => testShapes.includes(shape)),
  backgrounds: backgrounds.filter((background) => testBackgrounds.includes(background)),
};

export const vocabularies: Readonly<Record<Split, Vocabulary>> = { train: trainVocabulary, test: testVocabulary };
