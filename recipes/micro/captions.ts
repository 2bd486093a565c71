/**
 * Captions of a glimpse in several wordings: whole sentences as the world's captions, shorter ones, and keywords.
 *
 * Keywords name size, brightness, colour, shape and background in a fixed order. The visual tokens of a picture are aligned
 * to just these words (align.ts), one a token, so that a picture reads like a line of keywords.
 */
import type { Rng } from "../../src/core/math/index.ts";
import { type Glimpse, thingOf } from "../../src/tasks/index.ts";
import { withArticle } from "../../src/world/index.ts";

export const wordings = ["sentence", "without background", "keywords"] as const;
export type Wording = (typeof wordings)[number];

/** "A small dim red circle on a black background." or "small dim red circle black". */
export function captionOf(glimpse: Glimpse, wording: Wording): string {
  if (wording === "keywords") return keywordsOf(glimpse).join(" ");
  const light = glimpse.brightness === "normal" ? "" : `${glimpse.brightness} `;
  const thing = withArticle(`${glimpse.size} ${light}${thingOf(glimpse)}`);
  const ground = wording === "sentence" ? ` on ${withArticle(glimpse.background)} background` : "";
  const sentence = `${thing}${ground}.`;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** One word for each visual token of a picture. */
export function keywordsOf(glimpse: Glimpse): [string, string, string, string, string] {
  return [glimpse.size, glimpse.brightness, glimpse.colour, glimpse.shape, glimpse.background];
}

export function randomWording(rng: Rng): Wording {
  return rng.pick(wordings);
}
