/**
 * Temporal grounding, content to time: where in the video is it? Begin, middle and end are the thirds of the context, as in
 * referring.ts.
 */
import { isPlural, mentionStem } from "../../core/text/index.ts";
import { type Card, type Deck, drawItems, factsOf, type Item, phraseItem } from "./deck.ts";
import { type Family, linesOf, NO_COMPANY } from "./family.ts";
import { PLACES } from "./referring.ts";

export const grounding: Family = {
  name: "grounding",
  levels: ["phrase", "attribute"],
  draft({ deck, rng, lead, balance }, level) {
    const first = level === "phrase" ? phraseItem(deck, lead) : predicateItem(deck, lead);
    if (!first) return { skip: level === "phrase" ? "no key phrase" : "no attribute to observe" };
    const rest = drawItems(deck, [first], { count: 2, item: (card) => phraseItem(deck, card) });
    if (!rest) return NO_COMPANY;
    const slot = balance.next("grounding", 3);
    const items = [...rest];
    items.splice(slot, 0, first);
    const wrong = rng.shuffle(PLACES.filter((_, i) => i !== slot)).slice(0, rng.pick([1, 2, 2, 2]));
    return {
      question:
        level === "phrase"
          ? `In which part of the video can we see the ${first.label}?`
          : `Where in the video can we observe the ${first.label}?`,
      correct: `the ${PLACES[slot]}`,
      distractors: wrong.map((place) => `the ${place}`),
      lines: linesOf(items),
      reserved: items,
    };
  },
};

/** "coins are black": the subject may occur elsewhere, the subject together with the value may not. */
function predicateItem(deck: Deck, card: Card): Item | undefined {
  const mentions = factsOf(deck, card).attributes.filter(({ kind }) => kind !== "number" && kind !== "position");
  if (mentions.length === 0) return undefined;
  const { subject, value } = deck.rng.pick(mentions);
  const label = `${subject} ${isPlural(subject) ? "are" : "is"} ${value}`;
  return { card, label, marks: [mentionStem(subject), mentionStem(value)] };
}
