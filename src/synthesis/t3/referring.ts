/**
 * Temporal referring, time to content: what is shown in the begin, middle or end?
 *
 * A context has three items, so begin, middle and end are its thirds, with padding too: each third is one item's group of
 * lines. One option at least names something that no line mentions.
 */
import { drawItems, phraseItem } from "./deck.ts";
import { type Family, linesOf, NO_COMPANY, NO_PHRASE } from "./family.ts";

/** The released rows say "begin", not "beginning". */
export const PLACES = ["begin", "middle", "end"] as const;

export const referring: Family = {
  name: "referring",
  levels: ["objects", "item"],
  draft({ deck, rng, lead, balance }, level) {
    const first = phraseItem(deck, lead);
    if (!first) return NO_PHRASE;
    const absentCount = rng.pick([1, 1, 1, 2]);
    const rest = drawItems(deck, [first], { count: 2 + absentCount, item: (card) => phraseItem(deck, card) });
    if (!rest) return NO_COMPANY;
    const shown = rng.shuffle([first, ...rest.slice(0, 2)]);
    const absent = rest.slice(2);
    const slot = balance.next("referring", 3);
    const others = shown.filter((_, i) => i !== slot).slice(0, rng.pick([1, 2, 2, 2]));
    const place = PLACES[slot];
    return {
      question:
        level === "objects"
          ? `What objects are shown in the image in the ${place} of the video?`
          : `Which item is shown in the ${place} of the video?`,
      correct: shown[slot]?.label as string,
      distractors: [...others, ...absent].map((item) => item.label),
      lines: linesOf(shown),
      reserved: [...shown, ...absent],
    };
  },
};
