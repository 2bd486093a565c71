/**
 * Captions from a small grammar, to try the synthesis and to measure it where no real captions are at hand.
 */
import type { Rng } from "../../core/math/index.ts";
import type { Caption } from "../../data/index.ts";

const list = (text: string) => text.split(" ");
const ADJECTIVES = list("red blue green yellow black white small large old wooden striped round long dark");
const THINGS = list(
  "kite bicycle lamp teapot drum basket violin bench umbrella lantern scooter guitar ladder suitcase clock bucket camera sofa " +
    "piano canoe tent helmet mirror pumpkin statue wagon mailbox carpet telescope trumpet balloon robot",
);
const PLACES = list(
  "bridge harbour meadow kitchen library garage stadium orchard balcony tunnel market station courtyard lighthouse pier barn " +
    "attic cellar playground vineyard bakery museum fountain rooftop canyon glacier",
);
const VERBS = ["stands in front of", "lies beside", "leans against", "is seen near", "rests under", "is carried past"];

/** `count` different captions, each of its own source. At most 69,888 exist. */
export function madeUpCaptions(count: number, rng: Rng): Caption[] {
  const most = ADJECTIVES.length * THINGS.length * VERBS.length * PLACES.length;
  if (count > most) throw new RangeError(`Expected at most ${most} made-up captions, got ${count}.`);
  const texts = new Set<string>();
  while (texts.size < count) {
    const [adjective, thing, verb, place] = [rng.pick(ADJECTIVES), rng.pick(THINGS), rng.pick(VERBS), rng.pick(PLACES)];
    texts.add(`${adjective === "old" ? "An" : "A"} ${adjective} ${thing} ${verb} the ${place}.`);
  }
  return [...texts].map((text, i) => ({ id: `made-up-${i}`, text, source: `made-up-${i}` }));
}
