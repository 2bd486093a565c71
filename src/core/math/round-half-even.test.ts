/** Oracle: Python 3. */
import { expect, test } from "vitest";
import { roundHalfEven } from "./round-half-even.ts";

test("decimals are those that Python's round prints", () => {
  // python3 -c "print([round(x, 2) for x in (0.125, 0.375, 0.625, 0.875, 0.295, 0.305, 2.675, 1/3, 1.0)])"
  const values = [0.125, 0.375, 0.625, 0.875, 0.295, 0.305, 2.675, 1 / 3, 1];
  expect(values.map((value) => roundHalfEven(value, 2))).toEqual([0.12, 0.38, 0.62, 0.88, 0.29, 0.3, 2.67, 0.33, 1]);
  // python3 -c "print([round(x, 1) for x in (12.25, 12.75, 0.05, 45.55)])"
  expect([12.25, 12.75, 0.05, 45.55].map((value) => roundHalfEven(value, 1))).toEqual([12.2, 12.8, 0.1, 45.5]);
});
