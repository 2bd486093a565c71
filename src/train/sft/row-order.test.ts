import { expect, test } from "vitest";
import { rowOrder } from "./row-order.ts";

test("an epoch shows every row once, the next in another order, and the last update has what is left", () => {
  const { steps, rowsOf } = rowOrder({ rows: 10, perStep: 4, seed: 1, epochs: 2 });
  expect(steps).toBe(5);
  const all = Array.from({ length: steps }, (_, step) => rowsOf(step));
  expect(all.map(({ length }) => length)).toEqual([4, 4, 4, 4, 4]);
  const shown = all.flat();
  const sorted = (part: number[]) => [...part].sort((a, b) => a - b);
  expect(sorted(shown.slice(0, 10))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(sorted(shown.slice(10))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  expect(shown.slice(10)).not.toEqual(shown.slice(0, 10));
  expect(rowOrder({ rows: 10, perStep: 4, seed: 1, epochs: 1 }).rowsOf(2)).toHaveLength(2);
});

test("an update's rows depend on its number alone", () => {
  const first = rowOrder({ rows: 7, perStep: 3, seed: 5, steps: 20 });
  const later = rowOrder({ rows: 7, perStep: 3, seed: 5, steps: 20 });
  expect(later.rowsOf(17)).toEqual(Array.from({ length: 20 }, (_, step) => first.rowsOf(step))[17]);
  expect(rowOrder({ rows: 7, perStep: 3, seed: 6, steps: 20 }).rowsOf(17)).not.toEqual(first.rowsOf(17));
});
