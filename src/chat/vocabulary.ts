/**
 * Which words a closed vocabulary lacks. A word-level tokenizer spells an unknown word byte by byte, and a small model has
 * never learnt to read that; a tokenizer with merges composes any word and counts as open.
 */
import { z } from "zod";
import { splitPieces, type Tokenizer } from "../nn/tokenizer/index.ts";

const closedModel = z.looseObject({
  model: z.looseObject({ vocab: z.record(z.string(), z.int()), merges: z.array(z.unknown()).max(0) }),
});

/** The words of a closed vocabulary in alphabetical order, small letters where there are both; null where the vocabulary is open. */
export function closedVocabulary(tokenizer: Tokenizer): string[] | null {
  const parsed = closedModel.safeParse(JSON.parse(tokenizer.files.get("tokenizer.json") ?? "null"));
  if (!parsed.success) return null;
  // Single letters are there as bytes in any case; a leading space is spelt "Ġ".
  const words = Object.keys(parsed.data.model.vocab).filter((token) => /^(?!Ġ)\p{L}{2,}$/u.test(token));
  const lower = new Set(words.filter((word) => word === word.toLowerCase()));
  const kept = words.filter((word) => lower.has(word) || !lower.has(word.toLowerCase()));
  return kept.sort((a, b) => a.localeCompare(b, "en"));
}

/** Words, digits and marks of the text that the tokenizer knows neither alone nor behind a space, each once, in order. */
export function unknownWords(tokenizer: Tokenizer, text: string): string[] {
  const pieces = new Set(splitPieces(text).map((piece) => piece.trim()));
  pieces.delete("");
  return [...pieces].filter((word) => [word, ` ${word}`].every((form) => tokenizer.encode(form).length > 1));
}
