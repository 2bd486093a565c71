/**
 * Order in further wordings of the released rows, which a language model wrote there: options are sentences about the whole
 * sequence.
 *
 * `progress` says from what to what the images go, `sentence` tells them one after the other.
 */
import { drawItems, type Item, phraseItem } from "./deck.ts";
import { type Family, linesOf, NO_COMPANY, NO_PHRASE, otherOrders, wrongOrderCount } from "./family.ts";

export const orderPhrased: Family = {
  name: "order-phrased",
  levels: ["progress", "sentence"],
  draft({ deck, rng, lead }, level) {
    const first = phraseItem(deck, lead);
    if (!first) return NO_PHRASE;
    const n = rng.pick([2, 3, 3, 4]);
    const rest = drawItems(deck, [first], { count: n - 1, item: (card) => phraseItem(deck, card) });
    if (!rest) return NO_COMPANY;
    const items = rng.shuffle([first, ...rest]);
    const tell = level === "progress" ? progress : sentence;
    return {
      question:
        level === "progress"
          ? "How does the sequence of images progress in the video?"
          : "Which sentence tells how the video unfolds?",
      correct: tell(items),
      distractors: otherOrders(rng, n, wrongOrderCount(rng, n)).map((order) =>
        tell(order.map((i) => items[i] as Item)),
      ),
      lines: linesOf(items),
      reserved: items,
    };
  },
};

/** "From the kite to the drum, then to the bench". */
function progress(items: readonly Item[]): string {
  const [first, second, ...more] = items.map(({ label }) => `the ${label}`);
  return [`From ${first} to ${second}`, ...more.map((name) => `then to ${name}`)].join(", ");
}

/** "First the kite, then the drum, and finally the bench". */
function sentence(items: readonly Item[]): string {
  const names = items.map(({ label }) => `the ${label}`);
  const last = names.pop();
  return [`First ${names[0]}`, ...names.slice(1).map((name) => `then ${name}`), `and finally ${last}`].join(", ");
}
