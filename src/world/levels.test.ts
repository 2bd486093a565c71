import { describe, expect, test } from "vitest";
import { gainOf, levelAt, radiusOf, wordIndexAt } from "./levels.ts";

const steps = Array.from({ length: 3000 }, (_, i) => i / 3000);

describe("three-word levels", () => {
  test("the word at a progress is the whole part of the level", () => {
    for (const trend of ["none", "up", "down"] as const) {
      for (const progress of steps) {
        const level = levelAt(trend, 1, progress);
        // A level exactly on the boundary between two words may belong to either.
        if (Math.abs(level - Math.round(level)) < 1e-9) continue;
        expect(wordIndexAt(trend, 1, progress)).toBe(Math.floor(level));
      }
    }
  });

  test("a ramp shows each word for a third of the scene, in order", () => {
    expect(steps.map((progress) => wordIndexAt("up", 0, progress))).toEqual(steps.map((_, i) => Math.floor(i / 1000)));
    expect(steps.map((progress) => wordIndexAt("down", 0, progress))).toEqual(
      steps.map((_, i) => 2 - Math.floor(i / 1000)),
    );
  });

  test("levels, radii and gains rise through an upward ramp and are its mirror image downwards", () => {
    const up = steps.map((progress) => levelAt("up", 0, progress));
    for (const [i, level] of up.slice(1).entries()) expect(level).toBeGreaterThanOrEqual(up[i] as number);
    expect(levelAt("down", 0, 0.2)).toBeCloseTo(3 - levelAt("up", 0, 0.2), 12);
    expect(radiusOf(2)).toBeGreaterThan(radiusOf(1));
    expect(gainOf(2)).toBeGreaterThan(gainOf(1));
  });
});
