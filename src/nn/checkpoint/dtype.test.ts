/** Oracle: all 65,536 half floats, decoded; the nearest to a number is found by looking at its neighbours. */
import { expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { decodeNumbers, toHalves } from "./dtype.ts";

const everyHalf = decodeNumbers(
  "F16",
  new Uint8Array(Uint16Array.from({ length: 65_536 }, (_, i) => i).buffer),
  "test",
);

test("every finite half float survives the way to float32 and back", () => {
  const back = toHalves(everyHalf as Float32Array);
  const changed = Array.from(everyHalf, (value, bits) => ({ value, bits, now: back[bits] })).filter(
    ({ value, bits, now }) => Number.isFinite(value) && now !== bits,
  );
  expect(changed).toEqual([]);
});

test("a float32 goes to the nearest half float, to the even one of two", () => {
  const rng = new Rng("halves");
  const values = Float32Array.from({ length: 20_000 }, () => rng.normal() * 2 ** rng.integer(-26, 15));
  const halves = toHalves(values);
  const finite = Array.from(everyHalf, (value, bits) => ({ value, bits })).filter(({ value }) =>
    Number.isFinite(value),
  );
  const ascending = finite.filter(({ bits }) => bits < 0x8000).sort((a, b) => a.value - b.value);
  for (const [i, value] of values.entries()) {
    const half = halves[i] as number;
    const magnitude = Math.abs(value);
    const bits = half & 0x7fff;
    if (magnitude >= 65_520) {
      expect(bits).toBe(0x7c00);
      continue;
    }
    const error = (at: number) => Math.abs((ascending[at]?.value ?? Infinity) - magnitude);
    expect(error(bits)).toBeLessThanOrEqual(Math.min(error(bits - 1), error(bits + 1)));
    if (error(bits) === error(bits + 1) || error(bits) === error(bits - 1)) expect(bits % 2).toBe(0);
    expect(half >= 0x8000).toBe(value < 0 || Object.is(value, -0));
  }
});

test("infinities and not-a-number stay what they are", () => {
  const [up, down, none] = toHalves(Float32Array.of(Infinity, -Infinity, Number.NaN)) as unknown as [
    number,
    number,
    number,
  ];
  expect([up, down]).toEqual([0x7c00, 0xfc00]);
  expect(everyHalf[none]).toBeNaN();
});
