/** Oracles: a frame at 29.97 fps by hand, and the inverse of each function. */
import { expect, test } from "vitest";
import { nearestNumber, numberAt, numberCount, secondOfNumber } from "./numbering.ts";

test("a number's second carries that number, and so does every second before the next", () => {
  for (const rate of [0.5, 1, 3, 29.97]) {
    for (let number = 0; number < 500; number++) {
      const second = secondOfNumber(number, rate);
      expect(numberAt(second, rate)).toBe(number);
      expect(numberAt(second + 0.99 / rate, rate)).toBe(number);
      expect(nearestNumber(second + 0.49 / rate, rate)).toBe(number);
    }
  }
});

test("a timestamp that the container rounded down keeps its number, and times before 0 have number 0", () => {
  expect(numberAt(1.9999999, 1)).toBe(2);
  expect(numberAt(-0.02, 1)).toBe(0);
  // Frame 3596 at 30000/1001 fps is shown at 119.987 s, so number 60 at 0.5 a second comes with the next one.
  expect(numberAt((3596 * 1001) / 30000, 0.5)).toBe(59);
  expect(numberAt((3597 * 1001) / 30000, 0.5)).toBe(60);
});

test("a duration holds the numbers that begin in it", () => {
  expect([numberCount(3, 1), numberCount(3.0000000000000004, 1), numberCount(3.1, 1), numberCount(0.1, 0.5)]).toEqual([
    3, 3, 4, 1,
  ]);
});
