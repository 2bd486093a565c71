/** Oracle: by hand. */
import { expect, test } from "vitest";
import { weightsBetween } from "./weights-between.ts";

const checkpoint = (...values: readonly number[]) =>
  new Map([["w", { shape: [values.length], data: Float32Array.from(values) }]]);

test("weights move along the straight line, ends included", () => {
  const [from, to] = [checkpoint(0, 1, -2), checkpoint(4, 1, 2)];
  const at = (share: number) => Array.from(weightsBetween(from, to, share).get("w")?.data ?? []);
  expect(at(0)).toEqual([0, 1, -2]);
  expect(at(0.75)).toEqual([3, 1, 1]);
  expect(at(1)).toEqual([4, 1, 2]);
});

test("a tensor of another size, or none, is refused by name", () => {
  expect(() => weightsBetween(checkpoint(1), checkpoint(1, 2), 0.5)).toThrow(/"w" with \[2\] in both .+ got \[1\]/);
  expect(() => weightsBetween(new Map(), checkpoint(1), 0.5)).toThrow(/got \[\]/);
  expect(() => weightsBetween(checkpoint(1), new Map(), 0.5)).toThrow(/"w" in both .+ first alone/);
  const [wide, tall] = [
    [1, 2],
    [2, 1],
  ].map((shape) => new Map([["w", { shape, data: new Float32Array(2) }]]));
  expect(() => weightsBetween(wide ?? new Map(), tall ?? new Map(), 0.5)).toThrow(/\[2,1\] in both .+ got \[1,2\]/);
});
