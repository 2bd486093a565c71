/**
 * The first sentence of a caption.
 *
 * T3's base variant takes one sentence of a detailed caption as a context line. A full stop ends a sentence unless it
 * belongs to an abbreviation, an initial, a number or an ellipsis that goes on in lower case.
 */
const ABBREVIATIONS = new Set(
  "mr mrs ms dr prof st jr sr vs etc no inc ltd co e.g i.e approx dept est fig vol mt ft lt sgt capt gen col rev a.m p.m u.s".split(
    " ",
  ),
);
const STOP = /[.!?]+["'”’)\]]*(?=\s|$)/g;

/** The text up to and including the end of its first sentence; the whole text when no sentence ends earlier. */
export function firstSentence(text: string): string {
  STOP.lastIndex = 0;
  for (let match = STOP.exec(text); match !== null; match = STOP.exec(text)) {
    const end = match.index + match[0].length;
    if (end >= text.length) return text;
    const next = text.slice(end).trimStart()[0] ?? "";
    if (next !== "" && next === next.toLowerCase() && next !== next.toUpperCase()) continue;
    if (match[0] === "." && isAbbreviation(text, match.index)) continue;
    return text.slice(0, end);
  }
  return text;
}

function isAbbreviation(text: string, stop: number): boolean {
  const word = text.slice(text.lastIndexOf(" ", stop - 1) + 1, stop).replace(/^[("'“‘[]+/, "");
  if (/^\p{Lu}$/u.test(word)) return word !== "I";
  return ABBREVIATIONS.has(word.toLowerCase());
}
