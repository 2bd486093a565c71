/** Text: captions, sentences, noun phrases, options, and the reading of choices. */

export { answerPrefixes } from "./answer-prefixes.ts";
export { type IndexedEvent, joinNearDuplicates, sequenceRatio } from "./captions/near-duplicates.ts";
export { captionTokens, pennTreebankTokens } from "./captions/penn-treebank.ts";
export { wordStem } from "./captions/word-stem.ts";
export { type Choice, type ChoiceRule, parseChoice } from "./choice.ts";
export { parseChoiceCompat } from "./choice-compat.ts";
export { isAnimate, isPlural, keyPhrases, type NounPhrase, nounPhrases } from "./noun-phrase.ts";
export { optionLetter, optionLine } from "./option.ts";
export { firstSentence } from "./sentence.ts";
export { extractSpans } from "./spans/extract-spans.ts";
export { extractSpansAs, type PresetOptions, spanPresets } from "./spans/presets.ts";
export { isRefusal } from "./spans/refusal.ts";
export type {
  ExtractedSpan,
  SpanExtraction,
  SpanOptions,
  SpanPreset,
  SpanRule,
  SpanUnit,
  UnparsedReason,
} from "./spans/span-extraction.ts";
export { type TimeExpression, timeExpressions } from "./spans/time-expression.ts";
export { mentionStem, mentions, normaliseCaption, prefixOf, wordKey, words } from "./words.ts";
