/**
 * A caption as the caption metrics compare it: its tokens and its counts of n-grams up to four words.
 *
 * Cut a caption once and compare it often; nothing here knows how it was tokenised.
 */

/** The longest n-grams that CIDEr and BLEU count. */
export const longestNgram = 4;

export type Caption = Readonly<{
  /** The tokens joined by single blanks. */
  text: string;
  tokens: readonly string[];
  /** By n - 1: n-gram, its words joined by blanks -> how often it occurs. */
  ngrams: readonly ReadonlyMap<string, number>[];
}>;

/** A candidate with what it is compared to; the official protocols of dense captioning have one reference a pair. */
export type CaptionPair = Readonly<{ candidate: Caption; references: readonly Caption[] }>;

/** A caption from its tokens. */
export function caption(tokens: readonly string[]): Caption {
  const ngrams = Array.from({ length: longestNgram }, (_, order) => {
    const counts = new Map<string, number>();
    for (let start = 0; start + order < tokens.length; start++) {
      const gram = order === 0 ? (tokens[start] as string) : tokens.slice(start, start + order + 1).join(" ");
      counts.set(gram, (counts.get(gram) ?? 0) + 1);
    }
    return counts;
  });
  return { text: tokens.join(" "), tokens, ngrams };
}
