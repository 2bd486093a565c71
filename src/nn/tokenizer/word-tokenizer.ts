/**
 * A tokenizer for small closed vocabularies, written as an ordinary Hugging Face tokenizer.json.
 *
 * Byte-level BPE without merges: `ignore_merges` makes every listed word, with or without its leading space, one token;
 * anything else falls back to single bytes. Nothing is ever lost, so decode(encode(text)) === text for every text.
 * Loading it is left to tokenizer.ts.
 */
import { byteAlphabet, spellBytes } from "./byte-alphabet.ts";

/** Letters, one digit, one mark or one white space; the first three take one space in front of them along. */
const piecePattern = " ?\\p{L}+| ?\\p{N}| ?[^\\s\\p{L}\\p{N}]|\\s";

export type WordTokenizerRoles = Readonly<{ bos?: string; eos?: string; pad?: string; chatTemplate?: string }>;

/**
 * The content of tokenizer.json. Ids: special tokens first (in the order given), then units, then 256 bytes, then the words, each
 * as "word" and " word". `units` are texts of several pieces that stay one token wherever they occur ("(A)"); unlike special
 * tokens they are part of the text. Throws RangeError for a word that the pre-tokenizer would cut ("left-hand", "12").
 */
export function trainWordTokenizer(
  words: Iterable<string>,
  specialTokens: readonly string[],
  units: readonly string[] = [],
): Record<string, unknown> {
  const alphabet = byteAlphabet();
  const vocab = new Map<string, number>();
  const add = (token: string) => vocab.has(token) || vocab.set(token, vocab.size);
  for (const token of [...specialTokens, ...units]) add(token);
  for (const character of alphabet) add(character);
  for (const word of words) {
    const bare = word.replace(/^ /, "");
    if (splitPieces(bare).length !== 1) {
      const pieces = JSON.stringify(splitPieces(bare));
      throw new RangeError(`Expected one word a token, got "${word}", which splits into ${pieces}. Pass its parts.`);
    }
    for (const variant of [bare, ` ${bare}`]) add(spellBytes(variant, alphabet));
  }
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [...specialTokens, ...units].map((content, id) => {
      return { id, content, ...plainToken, special: id < specialTokens.length };
    }),
    normalizer: null,
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [
        { type: "Split", pattern: { Regex: piecePattern }, behavior: "Isolated", invert: false },
        { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: false },
      ],
    },
    post_processor: null,
    decoder: { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: false },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: true,
      vocab: Object.fromEntries(vocab),
      merges: [],
    },
  };
}

/** The content of tokenizer_config.json that belongs to a word tokenizer. */
export function wordTokenizerConfig(roles: WordTokenizerRoles): Record<string, unknown> {
  return {
    tokenizer_class: "PreTrainedTokenizerFast",
    clean_up_tokenization_spaces: false,
    ...(roles.bos === undefined ? {} : { bos_token: roles.bos }),
    ...(roles.eos === undefined ? {} : { eos_token: roles.eos }),
    ...(roles.pad === undefined ? {} : { pad_token: roles.pad }),
    ...(roles.chatTemplate === undefined ? {} : { chat_template: roles.chatTemplate }),
  };
}

/** The pieces that a text is cut into before the vocabulary is looked up; joined they are the text. */
export function splitPieces(text: string): string[] {
  return text.match(new RegExp(piecePattern, "gu")) ?? [];
}

export const plainToken = { single_word: false, lstrip: false, rstrip: false, normalized: false };
