/**
 * Temporal grounding by an anchor, content to time: when is X shown, right after or right before what?
 *
 * Exactly one statement is true. Two options say "after" and two "before" where there are four, and an item that no line
 * mentions may be among the anchors, so that neither word gives the answer away.
 */
import { neighbours } from "./anchor.ts";
import type { Item } from "./deck.ts";
import type { Family } from "./family.ts";

export const anchorTime: Family = {
  name: "anchor-time",
  levels: ["after", "before"],
  draft(draw, level) {
    const pair = neighbours(draw, `anchor-time-${level}`);
    if ("skip" in pair) return pair;
    const { rng } = draw;
    const { shown, absent, early, shape } = pair;
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
      ...shape,
      question: `When is the ${shown[asked]?.label} shown in the video?`,
      correct: right(level, shown[known]),
      distractors: distractors.slice(0, rng.pick([1, 3, 3])),
    };
  },
};

const right = (side: string, item: Item | undefined) => `right ${side} the ${item?.label}`;
