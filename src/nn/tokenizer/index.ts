/** Tokenizers: Hugging Face files read as they are, and small word-level ones made here. */

export { extendTokenizer, type MoreTokens } from "./extend-tokenizer.ts";
export { hasTokenizer } from "./slow-tokenizer.ts";
export {
  createTokenizer,
  loadTokenizer,
  type TemplateMessage,
  type TemplateOptions,
  type Tokenizer,
} from "./tokenizer.ts";
export { splitPieces, trainWordTokenizer, type WordTokenizerRoles, wordTokenizerConfig } from "./word-tokenizer.ts";
