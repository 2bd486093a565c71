/** Oracles: edges and windows listed by hand. */
import { expect, test } from "vitest";
import { interventionOf, type KnockOutId, knockOutIds, layerWindows, usualWidth } from "./knock-outs.ts";
import type { GroupKind, PositionGroup } from "./prepare-question.ts";

const kinds: GroupKind[] = ["template", "frame", "frame", "question", "option", "option", "ending", "last"];
const groups = kinds.map(
  (kind, i): PositionGroup => ({
    ...{ kind, name: kind, seconds: [], positions: [i] },
    option: kind === "option" ? i - 4 : null,
  }),
);

test.each<[KnockOutId, string]>([
  ["frames-to-frames", "1>2 2>1"],
  ["frames-to-question", "1>3 2>3"],
  ["frames-to-options", "1>4 1>5 2>4 2>5"],
  ["frames-to-last", "1>6 1>7 2>6 2>7"],
  ["question-to-options", "3>4 3>5"],
  ["question-to-last", "3>6 3>7"],
  ["options-to-question", "4>3 5>3"],
  ["options-to-last", "4>6 4>7 5>6 5>7"],
  ["right-option-to-last", "5>6 5>7"],
  ["wrong-options-to-last", "4>6 4>7"],
  ["last-to-last", "6>6 6>7 7>6 7>7"],
  ["frames-to-text", "1>3 1>4 1>5 1>6 1>7 2>3 2>4 2>5 2>6 2>7"],
])("%s cuts %s", (id, edges) => {
  const { cuts = [] } = interventionOf(id, { groups, right: 1 }, [0, 2]);
  expect(cuts.map(({ from, to }) => `${from}>${to}`).join(" ")).toBe(edges);
  expect(cuts.every(({ layers }) => layers[0] === 0 && layers[1] === 2)).toBe(true);
});

test("every knock-out leaves each group something to see", () => {
  for (const id of knockOutIds) {
    const { cuts = [] } = interventionOf(id, { groups, right: 0 }, [0, 1]);
    for (const [to] of groups.entries()) {
      const open = groups.filter((_, from) => from <= to && !cuts.some((cut) => cut.from === from && cut.to === to));
      expect(open.length).toBeGreaterThan(0);
    }
  }
});

test("windows slide over the layers and end with the model", () => {
  expect(layerWindows(5, { width: 3, every: 2 }).map(({ layers }) => layers)).toEqual([
    [0, 2],
    [1, 4],
    [3, 5],
  ]);
  // The paper's nine of 32.
  expect([4, 8, 28, 32].map(usualWidth)).toEqual([1, 3, 7, 9]);
});
