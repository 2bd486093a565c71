/**
 * Which words a closed vocabulary lacks. A word-level tokenizer spells an unknown word byte by byte, and a small model has
 * never learnt to read that; a tokenizer with merges composes any word and counts as open.
 */
import { z } from "zod";
import { splitPieces, type Tokenizer } from "../nn/tokenizer/index.ts";

const closedModel = z.looseObject({
  model: z.looseObject({ vocab: z.record(z.string(), z.int()), merges: z.array(z.unknown()).max(0) }),
});

/** The words of a closed vocabulary in alphabetical order, each in one spelling; null where the vocabulary is open. */
export function closedVocabulary(tokenizer: Tokenizer): string[] | null {
  const parsed = closedModel.safeParse(JSON.parse(tokenizer.files.get("tokenizer.json") ?? "null"));
  if (!parsed.success) return null;
  const tokens = Object.keys(parsed.data.model.vocab).filter((token) => /^\p{L}{2,}$|^[aAI]$/u.test(token));
  const words = tokens.filter((token) => !token.startsWith("Ġ"));
  return Array.from(new Set(words)).sort((a, b) => a.localeCompare(b, "en"));
}

/** Words, digits and marks of the text that the tokenizer knows neither alone nor behind a space, each once, in order. */
export function unknownWords(tokenizer: Tokenizer, text: string): string[] {
  const pieces = new Set(splitPieces(text).map((piece) => piece.trim()));
  pieces.delete("");
  return [...pieces].filter((word) => [word, ` ${word}`].every((form) => tokenizer.encode(form).length > 1));
}
