/**
 * Questions that need no order of time: what is seen, of which colour, on which background, and in which numbered frame.
 *
 * They teach the answer formats (options, yes or no, frame index) and measure that fine-tuning on time leaves the rest alone.
 */
import type { Rng } from "../core/math/index.ts";
import { withArticle } from "../world/index.ts";
import type { Draft } from "./choice.ts";
import { type Glimpse, thingOf, thingsOf } from "./glimpse.ts";
import type { StaticTask } from "./sample.ts";

/** The words that wrong options are drawn from. */
export type Words = Readonly<{
  colours: readonly string[];
  shapes: readonly string[];
  backgrounds: readonly string[];
}>;

/** Ask a static task of the glimpses of a video; at most three wrong options, never one that is also true. */
export function staticDraft(task: StaticTask, glimpses: readonly Glimpse[], rng: Rng, words: Words): Draft {
  const seen = rng.pick(glimpses);
  const wrongOf = (all: readonly string[], right: string, count = 3) =>
    rng.sample(
      all.filter((word) => word !== right),
      count,
    );
  switch (task) {
    case "colour":
      return {
        stem: `What color is the ${seen.shape}?`,
        right: seen.colour,
        wrong: wrongOf(words.colours, seen.colour),
      };
    case "shape":
      return { stem: `What shape is ${seen.colour}?`, right: seen.shape, wrong: wrongOf(words.shapes, seen.shape) };
    case "background": {
      const right = seen.background;
      return { stem: "What color is the background?", right, wrong: wrongOf(words.backgrounds, right) };
    }
    case "existence": {
      const isThere = rng.chance(0.5);
      const thing = isThere ? thingOf(seen) : absentThing(glimpses, seen, rng, words);
      const stem = `Is there ${withArticle(thing)} in the video?`;
      return { stem, right: isThere ? "yes" : "no", wrong: [isThere ? "no" : "yes"] };
    }
    case "frame": {
      const index = rng.below(glimpses.length);
      const right = thingOf(glimpses[index] as Glimpse);
      const others = thingsOf(glimpses).filter((thing) => thing !== right);
      const wrong = fill(others, 2, () => absentThing(glimpses, seen, rng, words));
      const stem = `Which item is shown in frame ${index + 1}?`;
      return { stem, right: withArticle(right), wrong: wrong.map(withArticle) };
    }
    case "item": {
      const wrong = fill([], 3, () => absentThing(glimpses, seen, rng, words));
      return {
        stem: "Which item is shown in the video?",
        right: withArticle(thingOf(seen)),
        wrong: wrong.map(withArticle),
      };
    }
    default:
      return task satisfies never;
  }
}

/** A thing that no glimpse shows: half of them share the colour or the shape of one that is shown. */
export function absentThing(glimpses: readonly Glimpse[], near: Glimpse, rng: Rng, words: Words): string {
  const shown = new Set(thingsOf(glimpses));
  for (;;) {
    const colour = rng.chance(0.35) ? near.colour : rng.pick(words.colours);
    const shape = colour !== near.colour && rng.chance(0.5) ? near.shape : rng.pick(words.shapes);
    if (!shown.has(`${colour} ${shape}`)) return `${colour} ${shape}`;
  }
}

/** At most `count` different texts, the given ones first. */
function fill(given: readonly string[], count: number, draw: () => string): string[] {
  const out = new Set(given.slice(0, count));
  while (out.size < count) out.add(draw());
  return [...out];
}
