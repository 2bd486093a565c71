/**
 * Synonyms as METEOR takes them from WordNet: two words are synonyms when their sets of synsets meet.
 *
 * A word's set holds the synsets of the word itself and of its base form: the irregular ones ("men", "ran") from WordNet's
 * exception lists, the regular ones by WordNet's endings. Reading WordNet's files is left to who has a disk.
 */

/** The synsets of a lower-case word and its base forms, as ascending numbers; empty where WordNet has none. */
export type Synonyms = (word: string) => readonly number[];

export type WordNetTables = Readonly<{
  /** Word -> numbers of its synsets, over all parts of speech. */
  synsets: ReadonlyMap<string, readonly number[]>;
  /** Irregular form -> base forms. */
  exceptions: ReadonlyMap<string, readonly string[]>;
}>;

/** Endings of WordNet's nouns, verbs, adjectives in this order, and what stands in their place in the base form. */
const ENDINGS: readonly (readonly [string, string])[] = [
  ...([
    ["s", ""],
    ["ses", "s"],
    ["xes", "x"],
    ["zes", "z"],
    ["ches", "ch"],
    ["shes", "sh"],
    ["men", "man"],
    ["ies", "y"],
  ] as const),
  ...([
    ["s", ""],
    ["ies", "y"],
    ["es", "e"],
    ["es", ""],
    ["ed", "e"],
    ["ed", ""],
    ["ing", "e"],
    ["ing", ""],
  ] as const),
  ...([
    ["er", ""],
    ["est", ""],
    ["er", "e"],
    ["est", "e"],
  ] as const),
];

/** Synonyms from WordNet's tables. */
export function wordNetSynonyms({ synsets, exceptions }: WordNetTables): Synonyms {
  const of = (word: string) => synsets.get(word) ?? [];
  return (word) => {
    const bases = exceptions.get(word) ?? regularBase(word, synsets);
    return [...new Set([...of(word), ...bases.flatMap(of)])].sort((a, b) => a - b);
  };
}

/** The first base form that WordNet knows; METEOR takes one, not all. */
function regularBase(word: string, known: WordNetTables["synsets"]): readonly string[] {
  if (word.endsWith("ss") || word.length <= 2) return [word];
  for (const [ending, replacement] of ENDINGS) {
    if (!word.endsWith(ending)) continue;
    const base = word.slice(0, -ending.length) + replacement;
    if (known.has(base)) return [base];
  }
  return [];
}
