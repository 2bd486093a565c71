/** Metrics of captions: METEOR, CIDEr, BLEU, ROUGE-L, SODA_c, and dense captioning of a video. */
export { bleu } from "./bleu.ts";
export { type Caption, type CaptionPair, caption } from "./caption.ts";
export { cider } from "./cider.ts";
export {
  type DenseCaptions,
  type DenseEvent,
  type DenseFigures,
  type DenseOptions,
  type DenseScore,
  denseCaptioningScore,
  denseIou,
  denseThresholds,
  mostPredictions,
} from "./dense.ts";
export type { Paraphrases } from "./meteor/candidates.ts";
export { type Meteor, type MeteorOptions, openMeteor } from "./meteor/meteor.ts";
export { meteorTokens } from "./meteor/normalise.ts";
export { addStatistics, type MeteorStatistics, meteorScore } from "./meteor/statistics.ts";
export { type Synonyms, type WordNetTables, wordNetSynonyms } from "./meteor/synonyms.ts";
export { rougeL } from "./rouge.ts";
export { type Soda, soda } from "./soda.ts";
