/** Oracle: small records whose cells and points are counted by hand. */
import { expect, test } from "vitest";
import { curvePoints, flowCells, readInside } from "./inside.ts";

const look = {
  format: "zoetrope-look-inside",
  model: "micro",
  question: { text: "What?", video: "a.mp4" },
  groups: [
    { kind: "frame", name: "0.0 s" },
    { kind: "last", name: "last" },
  ],
  answers: ["(A) a", "(B) b"],
  right: 1,
  width: 1,
  // Two heads of one layer.
  attention: [
    [
      [
        [1, 0],
        [0.25, 0.75],
      ],
      [
        [1, 0],
        [0.75, 0.25],
      ],
    ],
  ],
  knockOuts: [{ id: "x", title: "cut", points: [{ centre: 0, change: 250 }], whole: -50 }],
};

test("attention is averaged over heads; what comes later is left out", () => {
  const inside = readInside(look);
  if (inside?.format !== "zoetrope-look-inside") throw new TypeError("Expected a look.");
  expect(flowCells(inside)).toEqual([
    { layer: 0, query: "0.0 s", key: "0.0 s", share: 1 },
    { layer: 0, query: "last", key: "0.0 s", share: 0.5 },
    { layer: 0, query: "last", key: "last", share: 0.5 },
  ]);
  expect(curvePoints(inside)).toEqual([
    { cut: "cut", group: "this question", centre: 0, change: 100, low: null, high: null },
  ]);
});

test("other files are left to others, broken ones are refused in a sentence", () => {
  expect(readInside({ rows: [] })).toBeNull();
  expect(() => readInside({ ...look, attention: [] })).toThrow(/whole record of zoetrope look-inside/);
});
