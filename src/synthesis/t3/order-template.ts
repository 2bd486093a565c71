/**
 * Order-Template: the same permutation question at three granularities of the item: noun phrase, first words, sentence.
 */
import { prefixOf } from "../../core/text/index.ts";
import { type Card, drawItems, type Item, itemOf, phraseItem } from "./deck.ts";
import { type Draw, type Family, linesOf, NO_COMPANY, otherOrders, wrongOrderCount } from "./family.ts";
import { indexQuestion } from "./order.ts";

/** Long enough to tell captions apart, short enough to stay a prefix. */
const PREFIX_WORDS = 5;

export const orderTemplate: Family = {
  name: "order-template",
  levels: ["phrase", "prefix", "sentence"],
  draft(draw, level) {
    const { deck, rng, lead } = draw;
    const item = itemAt(draw, level);
    const first = item(lead);
    if (!first) return { skip: `no ${level} to ask about` };
    const rest = drawItems(deck, [first], { count: rng.pick([1, 2, 2, 3]), item });
    if (!rest) return NO_COMPANY;
    const items = rng.shuffle([first, ...rest]);
    const shape = { lines: linesOf(items), reserved: items };
    if (level === "sentence") return { ...shape, ...indexQuestion(rng, items) };
    const listed = rng.shuffle(items).map((each) => each.label);
    const labels = items.map((each) => each.label);
    return {
      ...shape,
      question: `Arrange the following items in correct order based on the context: ${listed.join(", ")}.`,
      correct: labels.join(", "),
      distractors: otherOrders(rng, labels.length, wrongOrderCount(rng, labels.length)).map((order) =>
        order.map((i) => labels[i]).join(", "),
      ),
    };
  },
};

function itemAt({ deck }: Draw, level: string): (card: Card) => Item | undefined {
  if (level === "phrase") return (card) => phraseItem(deck, card);
  if (level === "prefix") return (card) => itemOf(card, prefixOf(card.caption.text, PREFIX_WORDS));
  return sentenceItem;
}

/** The whole line; numbered lists hold it, so it must not contain such numbers itself. */
function sentenceItem(card: Card): Item | undefined {
  const { text } = card.caption;
  return /\(\w\)/.test(text) ? undefined : { card, label: text, marks: [card.key.trimEnd()] };
}
