/**
 * English stems: Snowball's English stemmer ("Porter2"), the one that METEOR uses.
 *
 * The stemmer keeps its word between calls, so there is one per module; stems are not remembered here.
 */
import { newStemmer } from "snowball-stemmers";

let stemmer: ReturnType<typeof newStemmer> | undefined;

/** The stem of a lower-case word: "running" -> "run". A stem need not be a word. */
export function wordStem(word: string): string {
  stemmer ??= newStemmer("english");
  return stemmer.stem(word);
}
