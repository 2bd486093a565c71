/** Oracles: torch's formula for interpolate read on a plane (where interpolation is exact), and means computed by hand. */
import { expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import { paperSize, resizeBilinear, shrinkByAveraging, type TokenGrid } from "./resize-tokens.ts";

function grid(length: number, width: number, value: (i: number, j: number) => number): TokenGrid {
  const data = Float32Array.from({ length: length * width }, (_, k) => value(Math.floor(k / width), k % width));
  return { length, width, data };
}

const at = ({ width, data }: TokenGrid, i: number, j: number) => data[i * width + j] as number;

test.each([
  [40, 192, 128, 1024],
  [1152, 3584, 128, 1024],
  [5, 7, 5, 3],
])(
  "on a plane %ix%i -> %ix%i the result is the plane at (i + 0.5) in / out - 0.5, clamped to the first and last token",
  (L, D, l, d) => {
    const plane = (i: number, j: number) => 2 + 0.5 * i - 0.25 * j;
    const resized = resizeBilinear(grid(L, D, plane), { length: l, width: d });
    const source = (i: number, from: number, to: number) =>
      Math.min(from - 1, Math.max(0, ((i + 0.5) * from) / to - 0.5));
    const rng = new Rng(`${L}`);
    for (let draw = 0; draw < 200; draw++) {
      const [i, j] = [rng.below(l), rng.below(d)];
      const expected = plane(source(i, L, l), source(j, D, d));
      expect(Math.abs(at(resized, i, j) - expected)).toBeLessThan(1e-3);
    }
  },
);

test("shrinking looks at two neighbours and skips the rest: it does not average", () => {
  // Place 0 of 1 of 8: (0 + 0.5) * 8 - 0.5 = 3.5, between the fourth and the fifth token.
  const spiky = grid(8, 1, (i) => (i === 0 || i === 7 ? 1000 : i));
  expect(resizeBilinear(spiky, { length: 1, width: 1 }).data[0]).toBe(3.5);
  expect(shrinkByAveraging(spiky, { length: 1, width: 1 }).data[0]).toBeCloseTo((2000 + 21) / 8, 4);
});

test("averaging leaves small grids as they are and keeps the mean of even bins", () => {
  const small = grid(40, 192, (i, j) => i * j);
  expect(shrinkByAveraging(small)).toBe(small);
  const rng = new Rng("bins");
  const large = grid(2 * paperSize.length, 3 * paperSize.width, () => rng.normal());
  const shrunk = shrinkByAveraging(large);
  expect([shrunk.length, shrunk.width]).toEqual([128, 1024]);
  const mean = ({ data }: TokenGrid) => data.reduce((sum, value) => sum + value, 0) / data.length;
  expect(mean(shrunk)).toBeCloseTo(mean(large), 5);
});
