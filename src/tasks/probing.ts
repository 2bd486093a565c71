/**
 * T3's probing questions (arXiv 2410.06166, probing suite) about a list of glimpses, with the world's items in the places of
 * cat, person and flower. Blooming becomes growth.
 */
import type { Rng } from "../core/math/index.ts";
import { brightnesses, sizes, withArticle } from "../world/index.ts";
import type { Draft } from "./choice.ts";
import { type Glimpse, thingsOf } from "./glimpse.ts";
import type { TemporalTask } from "./sample.ts";

const places = ["begin", "middle", "end"] as const;

/** How many different things a video needs for a task. */
export const thingsNeeded: Readonly<Record<TemporalTask, number>> = {
  "order of two": 2,
  "order of three": 3,
  "referring begin": 3,
  "referring middle": 3,
  "referring end": 3,
  grounding: 3,
  brightness: 1,
  growth: 1,
};

/** Ask a task of the glimpses of a video in time order. Throws a RangeError when it shows another number of things. */
export function probingDraft(task: TemporalTask, glimpses: readonly Glimpse[], rng: Rng): Draft {
  const things = thingsOf(glimpses);
  if (things.length !== thingsNeeded[task]) {
    throw new RangeError(
      `Expected ${thingsNeeded[task]} things for "${task}", got ${things.length}: ${things.join(", ")}.`,
    );
  }
  const first = glimpses[0] as Glimpse;
  const last = glimpses.at(-1) as Glimpse;
  switch (task) {
    case "order of two":
    case "order of three":
      return {
        stem: "What is the correct order that the items appear in the video?",
        right: things.join(", "),
        wrong: permutations(things)
          .map((order) => order.join(", "))
          .filter((order) => order !== things.join(", ")),
      };
    case "referring begin":
    case "referring middle":
    case "referring end": {
      const place = task.slice("referring ".length);
      const target = things[(places as readonly string[]).indexOf(place)] as string;
      return choiceOf(
        `Which item is shown in the ${place} of the video?`,
        things.map(withArticle),
        withArticle(target),
      );
    }
    case "grounding": {
      const index = rng.below(3);
      const stem = `In which part of the video can we see ${withArticle(things[index] as string)}?`;
      return choiceOf(
        stem,
        places.map((place) => `the ${place}`),
        `the ${places[index]}`,
      );
    }
    case "brightness": {
      const stem = "Does the brightness increase (brighten) or decrease (darken) in the video?";
      return choiceOf(
        stem,
        ["Brighten", "Darken"],
        rises(brightnesses, first.brightness, last.brightness) ? "Brighten" : "Darken",
      );
    }
    case "growth": {
      const stem = `Does the ${first.shape} grow or shrink in the video?`;
      return choiceOf(stem, ["Grow", "Shrink"], rises(sizes, first.size, last.size) ? "Grow" : "Shrink");
    }
    default:
      return task satisfies never;
  }
}

function rises(scale: readonly string[], from: string, to: string): boolean {
  if (from === to) throw new RangeError(`Expected a change along ${scale.join(", ")}, got ${from} throughout.`);
  return scale.indexOf(to) > scale.indexOf(from);
}

function choiceOf(stem: string, all: readonly string[], right: string): Draft {
  return { stem, right, wrong: all.filter((option) => option !== right) };
}

function permutations<T>(items: readonly T[]): T[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, i) =>
    permutations([...items.slice(0, i), ...items.slice(i + 1)]).map((rest) => [item, ...rest]),
  );
}
