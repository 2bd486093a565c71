/** Oracles: places by hand; zooming keeps the second under the pointer. */
import { expect, test } from "vitest";
import { percentOf, ticksOf, tickText, zoomed } from "./scale.ts";

test("ticks are round seconds within the view", () => {
  expect(ticksOf({ from: 0, to: 12 }, 12)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  expect(ticksOf({ from: 3.2, to: 4.1 }, 5)).toEqual([3.2, 3.4000000000000004, 3.6, 3.8000000000000003, 4]);
  expect(ticksOf({ from: 0, to: 3600 }, 12)).toHaveLength(13);
  expect([0.4, 59, 90, 3723].map(tickText)).toEqual(["0.4", "59", "1:30", "1:02:03"]);
});

test("zooming keeps the second under the pointer, the length within the video and the view within it", () => {
  for (const [at, factor] of [
    [4, 0.5],
    [9.9, 0.2],
    [0, 3],
    [7, 100],
    [5, 1e-6],
  ] as const) {
    const view = { from: 2, to: 10 };
    const next = zoomed(view, at, factor, 12);
    expect(next.from).toBeGreaterThanOrEqual(0);
    expect(next.to).toBeLessThanOrEqual(12 + 1e-9);
    expect(next.to - next.from).toBeGreaterThanOrEqual(0.5 - 1e-9);
    const isFree = next.from > 1e-9 && next.to < 12 - 1e-9;
    if (isFree && at >= 2) expect(percentOf(next, at)).toBeCloseTo(percentOf(view, at), 6);
  }
});
