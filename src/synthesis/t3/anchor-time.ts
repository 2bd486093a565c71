/**
 * Temporal grounding by an anchor, content to time: when is X shown, right after or right before what?
 *
 * Exactly one statement is true. Two options say "after" and two "before" where there are four, and an item that no line
 * mentions may be among the anchors, so that neither word gives the answer away.
 */
import { drawItems, type Item, phraseItem } from "./deck.ts";
import { type Family, linesOf, NO_COMPANY, NO_PHRASE } from "./family.ts";

export const anchorTime: Family = {
  name: "anchor-time",
  levels: ["after", "before"],
  draft({ deck, rng, lead, balance }, level) {
    const first = phraseItem(deck, lead);
    if (!first) return NO_PHRASE;
    const n = rng.pick([3, 3, 4]);
    const rest = drawItems(deck, [first], { count: n, item: (card) => phraseItem(deck, card) });
    if (!rest) return NO_COMPANY;
    const shown = rng.shuffle([first, ...rest.slice(0, n - 1)]);
    const absent = rest.slice(n - 1);
    const early = balance.next(`anchor-time-${level}`, n - 1);
    const [asked, known] = level === "after" ? [early + 1, early] : [early, early + 1];
    const opposite = level === "after" ? "before" : "after";
    const others = rng.shuffle(shown.filter((_, i) => i !== asked && i !== known));
    // On the other side of X may stand a true neighbour; an absent item is false on either side.
    const neighbour = shown[level === "after" ? asked + 1 : asked - 1];
    const across = rng.shuffle([...others, ...absent].filter((item) => item !== neighbour));
    const distractors = [
      right(opposite, shown[known]),
      right(level, others[0]),
      ...across.slice(0, 1).map((item) => right(opposite, item)),
    ];
    return {
      question: `When is the ${shown[asked]?.label} shown in the video?`,
      correct: right(level, shown[known]),
      distractors: distractors.slice(0, rng.pick([1, 3, 3])),
      lines: linesOf(shown),
      reserved: [...shown, ...absent],
      anchored: shown.map((_, i) => (i === early ? "last" : i === early + 1 ? "first" : undefined)),
    };
  },
};

const right = (side: string, item: Item | undefined) => `right ${side} the ${item?.label}`;
