/**
 * What a caption says that questions can be built from: key phrases and attributes.
 *
 * `factsByRule` reads them off real captions. Who makes captions from known scenes passes their own `KeyPhrases` and loses
 * nothing to extraction.
 */
import { isAnimate, isPlural, keyPhrases, type NounPhrase, nounPhrases, wordKey } from "../../core/text/index.ts";
import type { Caption } from "../../data/index.ts";
import { ATTRIBUTE_KINDS } from "./attribute-kinds.table.ts";

/** One editable word of a caption: { kind: "color", value: "red", subject: "shirt" }. */
export type AttributeMention = Readonly<{
  /** A key of ATTRIBUTE_KINDS, or any other noun when `alternatives` are given. */
  kind: string;
  /** The word as it stands, once, in the caption. */
  value: string;
  /** What has the attribute, without the attribute word: "shirt". */
  subject: string;
  /** Values that exclude this one; by default the other groups of the kind. */
  alternatives?: readonly string[];
}>;

/** Phrases are pieces of the caption without commas, best first. */
export type CaptionFacts = Readonly<{ phrases: readonly string[]; attributes: readonly AttributeMention[] }>;

/** Where facts come from. */
export type KeyPhrases = (caption: Caption) => CaptionFacts;

/** Facts by rule: noun phrases, and the modifiers among them that the attribute table knows. */
export const factsByRule: KeyPhrases = ({ text }) => {
  const phrases = nounPhrases(text);
  return { phrases: keyPhrases(phrases), attributes: phrases.flatMap((phrase) => attributesOf(phrase, text)) };
};

const PART_OF_WORD = /[\p{L}\p{N}'’-]/u;

/** The kind of a value as said of a being or of a thing. */
const kindsOf = (of: "beings" | "things") =>
  new Map(
    Object.entries(ATTRIBUTE_KINDS)
      .filter(([name, kind]) => name !== "number" && (kind.of ?? of) === of)
      .flatMap(([name, { groups }]) => groups.flat().map((value) => [value, name] as const)),
  );
const KINDS_OF_BEINGS = kindsOf("beings");
const KINDS_OF_THINGS = kindsOf("things");

function attributesOf({ words, number, text: phrase }: NounPhrase, text: string): AttributeMention[] {
  const mentions: AttributeMention[] = [];
  const add = (kind: string, value: string, from: number) => {
    const subject = words.slice(from).join(" ");
    const key = wordKey(text);
    const once = (word: string) => key.indexOf(` ${word} `) === key.lastIndexOf(` ${word} `);
    if (once(value) && once(subject)) mentions.push({ kind, value, subject });
  };
  const kinds = isAnimate(phrase) ? KINDS_OF_BEINGS : KINDS_OF_THINGS;
  for (let i = 0; i < words.length - 1; i++) {
    const kind = kinds.get(words[i] as string);
    if (kind) add(kind, words[i] as string, i + 1);
  }
  if (number && isPlural(phrase)) add("number", number.word, 0);
  return mentions;
}

/** Values that exclude the mentioned one, near-synonyms left out, the plainest word of each group. */
export function alternativesTo(mention: AttributeMention): readonly string[] {
  if (mention.alternatives) return mention.alternatives.filter((value) => value !== mention.value);
  const groups = ATTRIBUTE_KINDS[mention.kind]?.groups ?? [];
  return groups.filter((group) => !group.includes(mention.value)).map((group) => group[0] as string);
}

/** +1 where `to` stands higher on the kind's scale than `from`, -1 lower, undefined where there is no scale. */
export function directionOf(kind: string, from: string, to: string): 1 | -1 | undefined {
  const entry = ATTRIBUTE_KINDS[kind];
  if (!entry?.becomes) return undefined;
  const level = (value: string) => entry.groups.findIndex((group) => group.includes(value));
  const [a, b] = [level(from), level(to)];
  return a === -1 || b === -1 || a === b ? undefined : a < b ? 1 : -1;
}

/**
 * The caption with one attribute word replaced and the article before it put right ("a red" -> "an orange"), or undefined
 * when the word does not stand exactly once.
 */
export function replaceAttribute(text: string, value: string, by: string): string | undefined {
  const lower = text.toLowerCase();
  const at = wordAt(lower, value.toLowerCase(), 0);
  if (at === -1 || lower.length !== text.length || wordAt(lower, value.toLowerCase(), at + 1) !== -1) return undefined;
  const word = isCapital(text.slice(at)) ? by.charAt(0).toUpperCase() + by.slice(1) : by;
  const article = /(?:^|[^\p{L}\p{N}'’-])(an?) $/iu.exec(text.slice(Math.max(0, at - 4), at))?.[1];
  const before = article ? `${text.slice(0, at - article.length - 1)}${articleFor(by, article)} ` : text.slice(0, at);
  return before + word + text.slice(at + value.length);
}

/** Where `word` stands as a whole word at or after `from`, or -1. */
function wordAt(text: string, word: string, from: number): number {
  for (let at = text.indexOf(word, from); at !== -1; at = text.indexOf(word, at + 1)) {
    if (!PART_OF_WORD.test(text.charAt(at - 1)) && !PART_OF_WORD.test(text.charAt(at + word.length))) return at;
  }
  return -1;
}

function articleFor(word: string, old: string): string {
  const article = /^[aeio]|^u(?!ni)/i.test(word) ? "an" : "a";
  return isCapital(old) ? article.charAt(0).toUpperCase() + article.slice(1) : article;
}

const isCapital = (word: string) => word.charAt(0) !== word.charAt(0).toLowerCase();
