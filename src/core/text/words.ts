/**
 * Captions as plain lines and as words.
 *
 * Whether one text mentions another is decided on word keys: lower case, punctuation gone, one space between words and at
 * both ends. `" " + phrase + " "` inside a key is a whole-word match without a regular expression.
 */
const WORD = /[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu;
const ASCII = /^[ -~]*$/;
/** Hyphens and apostrophes that are not inside a word. */
const LOOSE_MARK = /[^a-z0-9]['-]|['-][^a-z0-9]/;
const NOT_ASCII_WORD = /[^a-z0-9'-]+/g;

/** One line, NFC, white space collapsed, no control characters, no space before closing punctuation. */
export function normaliseCaption(text: string): string {
  const line = ASCII.test(text) ? text : text.normalize("NFC").replace(/[\p{Cc}\p{Zs}\u2028\u2029\ufeff]+/gu, " ");
  return line
    .replace(/ {2,}/g, " ")
    .replace(/ +([,.;:!?])/g, "$1")
    .trim();
}

/** The words of a text as written, hyphens and apostrophes inside words kept. */
export function words(text: string): string[] {
  return text.match(WORD) ?? [];
}

/** The key of a text: " a boy 's-eye view " style, lower case, one space around every word. */
export function wordKey(text: string): string {
  if (!ASCII.test(text)) return ` ${words(text.toLowerCase()).join(" ")} `;
  const plain = ` ${text.toLowerCase().replace(NOT_ASCII_WORD, " ").trim()} `;
  return LOOSE_MARK.test(plain) ? ` ${words(plain).join(" ")} ` : plain;
}

/** Does the key (of wordKey) hold the phrase as whole words? */
export function mentions(key: string, phrase: string): boolean {
  return key.includes(wordKey(phrase));
}

/**
 * The start of every form that could be mistaken for the phrase: " ball" for "balls" and "ball". A key without it mentions
 * the phrase in neither number; it errs on the strict side ("ballet" counts as a mention).
 */
export function mentionStem(phrase: string): string {
  const key = wordKey(phrase).trimEnd();
  if (key.length > 4 && key.endsWith("ies")) return key.slice(0, -3);
  if (key.length > 5 && /(?:s|x|z|ch|sh)es$/.test(key)) return key.slice(0, -2);
  return key.length > 4 && key.endsWith("s") && !key.endsWith("ss") ? key.slice(0, -1) : key;
}

/** The first `count` words as written, or undefined when the text has no more words than that or punctuation between them. */
export function prefixOf(text: string, count: number): string | undefined {
  let end = 0;
  let seen = 0;
  WORD.lastIndex = 0;
  for (let match = WORD.exec(text); match !== null; match = WORD.exec(text)) {
    if (seen === count) return text.slice(0, end);
    const gap = text.slice(end, match.index);
    if (gap !== (seen === 0 ? "" : " ")) return undefined;
    end = match.index + match[0].length;
    seen++;
  }
  return undefined;
}
