/** Oracles: by hand, and Python's round for the ties. */
import { expect, test } from "vitest";
import { hundredthAt, secondOfHundredth, secondOfShare, shareOfSecond } from "./share.ts";

test("shares and seconds are each other's way back", () => {
  expect(secondOfShare(0.25, 60)).toBe(15);
  expect(shareOfSecond(15, 60)).toBe(0.25);
  expect(secondOfHundredth(25, 60)).toBe(15);
  expect(secondOfHundredth(100, 60)).toBe(60);
  // (28 / 100) * 100 is 28.000000000000004.
  expect(secondOfHundredth(28, 100)).toBe(28);
});

test("hundredths stop at 99, begin at 0 and round halves to even", () => {
  // python3: [round(x / 200 * 100) for x in (1, 3, 5)] == [0, 2, 2]
  expect([1, 3, 5].map((seconds) => hundredthAt(seconds, 200))).toEqual([0, 2, 2]);
  expect([-1, 0, 59.9, 60, 75].map((seconds) => hundredthAt(seconds, 60))).toEqual([0, 0, 99, 99, 99]);
});
