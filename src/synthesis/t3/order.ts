/**
 * Order: in which order do things appear? Four wordings of the released rows that need no language model.
 *
 * `list` and `index` permute key phrases, `relational` says which comes before all others, `pair` compares two.
 */

import type { Rng } from "../../core/math/index.ts";
import { isPlural } from "../../core/text/index.ts";
import { drawItems, type Item, phraseItem } from "./deck.ts";
import { type Draft, type Family, linesOf, NO_COMPANY, NO_PHRASE, otherOrders, wrongOrderCount } from "./family.ts";

export const order: Family = {
  name: "order",
  levels: ["list", "index", "relational", "pair"],
  draft(draw, level) {
    const { deck, rng, lead } = draw;
    const first = phraseItem(deck, lead);
    if (!first) return NO_PHRASE;
    const n = level === "index" || level === "pair" ? rng.pick([3, 4]) : rng.pick([2, 3, 3, 4, 4]);
    const rest = drawItems(deck, [first], { count: n - 1, item: (card) => phraseItem(deck, card) });
    if (!rest) return NO_COMPANY;
    const items = rng.shuffle([first, ...rest]);
    const shape = { lines: linesOf(items), reserved: items };
    if (level === "list") return { ...shape, ...listQuestion(rng, items) };
    if (level === "index") return { ...shape, ...indexQuestion(rng, items) };
    return { ...shape, ...(level === "relational" ? relationalQuestion(rng, items) : pairQuestion(rng, items)) };
  },
};

type Asked = Pick<Draft, "question" | "correct" | "distractors">;

function listQuestion(rng: Rng, items: readonly Item[]): Asked {
  const labels = items.map((item) => item.label);
  return {
    question: "What is the correct order of images as they appear in the video?",
    correct: labels.join(", "),
    distractors: otherOrders(rng, labels.length, wrongOrderCount(rng, labels.length)).map((order) =>
      order.map((i) => labels[i]).join(", "),
    ),
  };
}

/** "(1) die (2) book cover": the items are numbered in random order, the options are sequences of numbers. */
export function indexQuestion(rng: Rng, items: readonly Item[]): Asked {
  const numbered = rng.shuffle(items);
  const sequence = items.map((item) => `(${numbered.indexOf(item) + 1})`);
  const listed = numbered.map((item, i) => `(${i + 1}) ${item.label}`).join(" ");
  return {
    question: `Arrange the images from the video according to their sequence: ${listed}${listed.endsWith(".") ? "" : "."}`,
    correct: sequence.join(""),
    distractors: otherOrders(rng, items.length, wrongOrderCount(rng, items.length)).map((order) =>
      order.map((i) => sequence[i]).join(""),
    ),
  };
}

function relationalQuestion(rng: Rng, items: readonly Item[]): Asked {
  const leads = items.map((item) => appearsBefore(item, rng.shuffle(items.filter((other) => other !== item))));
  return {
    question: "How do the scenes unfold in the video, starting from the first?",
    correct: leads[0] as string,
    distractors: leads.slice(1),
  };
}

function pairQuestion(rng: Rng, items: readonly Item[]): Asked {
  const pairs = items.flatMap((a, i) => items.slice(i + 1).map((b) => [a, b] as const));
  const [early, late] = rng.pick(pairs);
  const reversed = rng.sample(pairs, rng.pick([1, 2, 3, 3]));
  return {
    question: "Which statement about the order of the scenes in the video is correct?",
    correct: appearsBefore(early, [late]),
    distractors: reversed.map(([a, b]) => appearsBefore(b, [a])),
  };
}

function appearsBefore(item: Item, others: readonly Item[]): string {
  const names = others.map((other) => `the ${other.label}`);
  const last = names.pop();
  const list = names.length > 0 ? `${names.join(", ")} and ${last}` : last;
  return `The ${item.label} ${isPlural(item.label) ? "appear" : "appears"} before ${list}`;
}
