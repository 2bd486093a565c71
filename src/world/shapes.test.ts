import { describe, expect, test } from "vitest";
import { signedDistance } from "./shapes.ts";
import { type Shape, shapes } from "./vocabulary.ts";

// Closed-form areas in squared radii: polygons by hand, the heart as a square plus two half discs, the moon as a disc less a
// lens of two circles (https://mathworld.wolfram.com/Circle-CircleIntersection.html).
const areas: Readonly<Record<Shape, number>> = {
  circle: Math.PI * 0.95 ** 2,
  square: 1.68 ** 2,
  triangle: (2.04 * 1.82) / 2,
  cross: 2 * (1.96 * 0.64) - 0.64 ** 2,
  ring: Math.PI * (0.99 ** 2 - 0.55 ** 2),
  star: 10 * 0.5 * 1.06 * 0.44 * Math.sin(Math.PI / 5),
  heart: (0.5 + Math.PI / 8) / 0.6 ** 2,
  bar: 2.04 * 0.72,
  diamond: (1.52 * 2.08) / 2,
  moon: Math.PI * 0.98 ** 2 - lens(0.98, 0.82, 0.52),
};

function lens(a: number, b: number, apart: number): number {
  const corner = (r: number, s: number) => r * r * Math.acos((apart ** 2 + r * r - s * s) / (2 * apart * r));
  const kite = (-apart + a + b) * (apart + a - b) * (apart - a + b) * (apart + a + b);
  return corner(a, b) + corner(b, a) - Math.sqrt(kite) / 2;
}

const step = 1 / 200;
const axis = Array.from({ length: 440 }, (_, i) => -1.1 + (i + 0.5) * step);
const insides = new Map(
  shapes.map((shape) => [shape, axis.flatMap((y) => axis.map((x) => signedDistance[shape](x, y) < 0))]),
);
const inside = (shape: Shape): boolean[] => insides.get(shape) as boolean[];

describe("outlines", () => {
  test.each(shapes)("the area where %s's distance is negative is its closed-form area", (shape) => {
    const area = inside(shape).filter(Boolean).length * step ** 2;
    expect(Math.abs(area - areas[shape])).toBeLessThan(0.01);
  });

  test.each(shapes)("%s's distance never changes faster than position", (shape) => {
    const distance = signedDistance[shape];
    for (let i = 1; i < axis.length; i += 7) {
      for (let j = 1; j < axis.length; j += 7) {
        const [x, y, nextX] = [axis[i] as number, axis[j] as number, axis[i - 1] as number];
        expect(Math.abs(distance(x, y) - distance(nextX, y))).toBeLessThanOrEqual(step + 1e-9);
      }
    }
  });

  test("no two shapes overlap by more than 0.9 of their union", () => {
    for (const [i, first] of shapes.entries()) {
      for (const second of shapes.slice(i + 1)) {
        const [a, b] = [inside(first), inside(second)];
        const both = a.filter((value, k) => value && b[k]).length;
        const either = a.filter((value, k) => value || b[k]).length;
        expect(both / either, `${first} and ${second}`).toBeLessThan(0.9);
      }
    }
  });
});
