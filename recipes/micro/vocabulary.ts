/**
 * The closed vocabulary: every word that captions, questions and answers of the recipes use.
 *
 * Collected from the texts themselves rather than listed, so that a new wording cannot be forgotten; other words still work,
 * letter by letter, but the model has not learnt to read them.
 */
import { Rng } from "../../src/core/math/index.ts";
import { splitPieces } from "../../src/nn/tokenizer/index.ts";
import { PREFIXES, SUFFIXES, serialiseT3 } from "../../src/synthesis/index.ts";
import { captionOf, randomWording } from "./captions.ts";
import { episode } from "./episode.ts";
import { lines } from "./lesson.ts";
import { denseTurn, staticTurn } from "./static-lessons.ts";
import { temporalTurn } from "./temporal-lessons.ts";
import { temporalRows } from "./temporal-rows.ts";
import { wholeWords } from "./words.ts";

const samples = 6000;

/** Words in alphabetical order, without the spaces in front of them. */
export function vocabularyWords(): string[] {
  const rng = new Rng("vocabulary");
  const found = new Set<string>();
  const read = (text: string) => {
    for (const piece of splitPieces(text)) if (/[\p{L}\p{N}]/u.test(piece)) found.add(piece.trim());
  };
  for (const word of [...wholeWords.shapes, ...wholeWords.colours, ...wholeWords.backgrounds]) read(word);
  for (const text of [...PREFIXES, ...SUFFIXES, "USER ASSISTANT Captions"]) read(text);
  for (let digit = 0; digit < 10; digit++) read(String(digit));
  for (let i = 0; i < samples; i++) {
    const glimpses = episode(rng, wholeWords, { things: rng.integer(1, 3), frames: rng.integer(3, 8) });
    read(lines(glimpses.map((glimpse) => captionOf(glimpse, randomWording(rng)))));
    for (const turn of [denseTurn, staticTurn]) {
      const { ask, answer } = turn(glimpses, rng, wholeWords);
      read(`${ask} ${answer}`);
    }
    const { ask, answer } = temporalTurn(rng);
    read(`${ask} ${answer}`);
  }
  for (const row of temporalRows("vocabulary", samples)) {
    const { human, gpt } = serialiseT3(row);
    read(`${human} ${gpt}`);
  }
  return [...found].sort();
}
