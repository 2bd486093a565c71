/**
 * Temporal referring by an anchor: what is shown right after, or right before, X?
 *
 * Padding keeps the two lines together: the earlier one closes its group, the later one opens the next, so that "right"
 * stays literally true.
 */
import { drawItems, phraseItem } from "./deck.ts";
import { type Family, linesOf, NO_COMPANY, NO_PHRASE } from "./family.ts";

export const anchor: Family = {
  name: "anchor",
  levels: ["after", "before"],
  draft({ deck, rng, lead, balance }, level) {
    const first = phraseItem(deck, lead);
    if (!first) return NO_PHRASE;
    const n = rng.pick([3, 3, 4]);
    const rest = drawItems(deck, [first], { count: n, item: (card) => phraseItem(deck, card) });
    if (!rest) return NO_COMPANY;
    const shown = rng.shuffle([first, ...rest.slice(0, n - 1)]);
    const absent = rest.slice(n - 1);
    const early = balance.next(`anchor-${level}`, n - 1);
    const [known, asked] = level === "after" ? [early, early + 1] : [early + 1, early];
    const others = shown.filter((_, i) => i !== known && i !== asked);
    return {
      question: `What is shown right ${level} the ${shown[known]?.label}?`,
      correct: shown[asked]?.label as string,
      distractors: [...others, ...absent].slice(0, rng.pick([n - 2, n - 1])).map((item) => item.label),
      lines: linesOf(shown),
      reserved: [...shown, ...absent],
      anchored: shown.map((_, i) => (i === early ? "last" : i === early + 1 ? "first" : undefined)),
    };
  },
};
