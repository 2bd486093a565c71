/** Oracle: exact decimal arithmetic on the binary value, ties to the even digit. */
import { expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { roundToTenth } from "./python-round.ts";

/** A double in [0, 128) is a whole number of 2^-60 where it is at least 2^-7, so BigInt holds it exactly. */
function exactly(value: number): number {
  const scaled = BigInt(value * 2 ** 60);
  const [tenths, rest] = [(scaled * 10n) >> 60n, (scaled * 10n) & ((1n << 60n) - 1n)];
  const half = 1n << 59n;
  const up = rest > half || (rest === half && tenths % 2n === 1n);
  return Number(tenths + (up ? 1n : 0n)) / 10;
}

test("one decimal is the nearest to the binary value, ties go to even", () => {
  const rng = new Rng("round");
  for (let i = 0; i < 5000; i++) {
    const total = rng.integer(1, 2500);
    const value = (100 * rng.integer(0, total)) / total;
    expect(roundToTenth(value), String(value)).toBe(exactly(value));
  }
  for (let quarter = 0; quarter <= 400; quarter++) expect(roundToTenth(quarter / 4)).toBe(exactly(quarter / 4));
  expect(roundToTenth(null)).toBeNull();
});
