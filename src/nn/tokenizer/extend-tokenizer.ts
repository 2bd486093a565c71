/**
 * More tokens for a tokenizer that there is: ids already given stay, so that a checkpoint only gains rows.
 */
import { byteAlphabet, spellBytes } from "./byte-alphabet.ts";
import { createTokenizer, type Tokenizer } from "./tokenizer.ts";
import { plainToken, splitPieces } from "./word-tokenizer.ts";

export type MoreTokens = Readonly<{
  /** Each becomes a token alone and behind a space, where it is none yet. */
  words?: readonly string[];
  /** Texts of several pieces that are one token wherever they occur ("17"). */
  units?: readonly string[];
}>;

type TokenizerJson = {
  added_tokens: unknown[];
  model: { vocab: Record<string, number> };
};

/**
 * A word-level tokenizer (trainWordTokenizer) with more tokens behind its last id. Throws RangeError for a word that the
 * pre-tokenizer would cut; give those as units.
 */
export function extendTokenizer(tokenizer: Tokenizer, { words = [], units = [] }: MoreTokens): Tokenizer {
  const alphabet = byteAlphabet();
  const json = JSON.parse(tokenizer.files.get("tokenizer.json") as string) as TokenizerJson;
  const vocab = { ...json.model.vocab };
  let next = tokenizer.vocabSize;
  for (const word of words) {
    if (splitPieces(word).length !== 1)
      throw new RangeError(`Expected one word a token, got "${word}". Pass its parts.`);
    for (const variant of [word, ` ${word}`]) {
      const token = spellBytes(variant, alphabet);
      if (!Object.hasOwn(vocab, token)) vocab[token] = next++;
    }
  }
  const added = units
    .filter((unit) => tokenizer.idOf(unit) === undefined)
    .map((content) => ({ id: next++, content, ...plainToken, special: false }));
  const extended = { ...json, added_tokens: [...json.added_tokens, ...added], model: { ...json.model, vocab } };
  return createTokenizer(new Map([...tokenizer.files, ["tokenizer.json", JSON.stringify(extended)]]));
}
