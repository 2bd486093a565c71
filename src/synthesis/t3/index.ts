/** T3: temporal questions in pure text from image captions. */
export type { AttributeMention, CaptionFacts, KeyPhrases } from "./facts.ts";
export { factsByRule } from "./facts.ts";
export { madeUpCaptions } from "./made-up-captions.ts";
export { PREFIXES, type Split, SUFFIXES, serialiseT3, type T3Row } from "./row.ts";
export { type T3Statistics, t3Statistics, t3Tally } from "./statistics.ts";
export { splitOf, synthesiseT3, T3_FAMILIES, type T3Options, TEMPORAL_FAMILIES } from "./synthesise.ts";
