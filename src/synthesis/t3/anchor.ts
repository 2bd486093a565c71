/**
 * Temporal referring by an anchor: what is shown right after, or right before, X?
 *
 * Padding keeps the two lines together: the earlier one closes its group, the later one opens the next, so that "right"
 * stays literally true.
 */
import { drawItems, type Item, phraseItem } from "./deck.ts";
import { type Draft, type Draw, type Family, linesOf, NO_COMPANY, NO_PHRASE, type Skip } from "./family.ts";

export const anchor: Family = {
  name: "anchor",
  levels: ["after", "before"],
  draft(draw, level) {
    const pair = neighbours(draw, `anchor-${level}`);
    if ("skip" in pair) return pair;
    const { shown, absent, early, shape } = pair;
    const [known, asked] = level === "after" ? [early, early + 1] : [early + 1, early];
    const others = shown.filter((_, i) => i !== known && i !== asked);
    const most = shown.length - 1;
    return {
      ...shape,
      question: `What is shown right ${level} the ${shown[known]?.label}?`,
      correct: shown[asked]?.label as string,
      distractors: [...others, ...absent].slice(0, draw.rng.pick([most - 1, most])).map((item) => item.label),
    };
  },
};

/** Three or four items of which `early` and the next stay together, and one that is not shown. */
export type Neighbours = Readonly<{
  shown: readonly Item[];
  absent: readonly Item[];
  early: number;
  shape: Pick<Draft, "lines" | "reserved" | "anchored">;
}>;

/** Draw neighbours around the lead; `label` balances where they stand. */
export function neighbours({ deck, rng, lead, balance }: Draw, label: string): Neighbours | Skip {
  const first = phraseItem(deck, lead);
  if (!first) return NO_PHRASE;
  const n = rng.pick([3, 3, 4]);
  const rest = drawItems(deck, [first], { count: n, item: (card) => phraseItem(deck, card) });
  if (!rest) return NO_COMPANY;
  const shown = rng.shuffle([first, ...rest.slice(0, n - 1)]);
  const absent = rest.slice(n - 1);
  const early = balance.next(label, n - 1);
  const anchored = shown.map((_, i) => (i === early ? "last" : i === early + 1 ? "first" : undefined));
  return { shown, absent, early, shape: { lines: linesOf(shown), reserved: [...shown, ...absent], anchored } };
}
