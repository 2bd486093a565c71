import { expect, test } from "vitest";
import { Rng } from "../math/index.ts";
import { formatTimestamp, parseTimestamp } from "./timestamp.ts";

test("what formatTimestamp writes, parseTimestamp reads back to the printed precision", () => {
  const rng = new Rng("timestamp");
  for (let round = 0; round < 1000; round++) {
    const decimals = rng.integer(0, 3);
    const seconds = rng.uniform(-10_000, 10_000);
    const back = parseTimestamp(formatTimestamp(seconds, decimals));
    expect(Math.abs(back - seconds)).toBeLessThanOrEqual(0.5 * 10 ** -decimals + 1e-9);
  }
});

test("rounding carries into minutes and hours", () => {
  expect(formatTimestamp(59.6)).toBe("01:00");
  expect(formatTimestamp(3599.96, 1)).toBe("1:00:00.0");
  expect(formatTimestamp(83.5, 1)).toBe("01:23.5");
  expect(formatTimestamp(-0.2)).toBe("00:00");
  expect(formatTimestamp(-4)).toBe("-00:04");
});

test("plain seconds, mm:ss and h:mm:ss are read", () => {
  expect(["83.5", "83.5s", " 1:23.5 ", "01:23.5", "0:01:23.5"].map(parseTimestamp)).toEqual(Array(5).fill(83.5));
  expect(parseTimestamp("01:02:03")).toBe(3723);
  expect(parseTimestamp("90:00")).toBe(5400);
});

test("anything else is refused", () => {
  for (const text of ["", "1:60", "1:60:00", "1:2:3:4", "12:", "ten", "1e3", "0x10", "Infinity", "1:23:4.5.6"]) {
    expect(() => parseTimestamp(text), text).toThrow(RangeError);
  }
  expect(() => formatTimestamp(Number.NaN)).toThrow(RangeError);
});
