/** T3: temporal questions in pure text from image captions. */
export {
  type BarrenCaption,
  type CaptionYield,
  captionYield,
  countReasons,
} from "./caption-yield.ts";
export { splitOf } from "./context-line.ts";
export type { AttributeMention, CaptionFacts, KeyPhrases } from "./facts.ts";
export { factsByRule } from "./facts.ts";
export { ALL_TEMPORAL_FAMILIES, T3_FAMILIES, TEMPORAL_FAMILIES } from "./families.ts";
export { type HotpotOptions, hotpotRow } from "./hotpot.ts";
export { madeUpCaptions } from "./made-up-captions.ts";
export { provenanceOf, type T3Provenance, type Writer } from "./provenance.ts";
export { askT3, type ReadQuestion, readT3 } from "./read-t3.ts";
export { PREFIXES, type Split, SUFFIXES, serialiseT3, type T3Row, t3Conversation } from "./row.ts";
export { type T3Statistics, t3Statistics, t3Tally } from "./statistics.ts";
export { synthesiseT3, type T3Options } from "./synthesise.ts";
