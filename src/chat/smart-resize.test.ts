import { expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import { smartResize, videoBudget } from "./smart-resize.ts";

const budget = { factor: 28, minPixels: 56 * 56, maxPixels: 14 * 14 * 4 * 1280 };

// Oracle: by hand from the published rule: rounded to 28 (ties to even), or scaled into the budget.
test.each([
  [640, 480, 644, 476], // 22.86 -> 23, 17.14 -> 17
  [1280, 720, 1288, 728], // 45.7 -> 46, 25.7 -> 26: within 1,003,520 pixels
  [1920, 1080, 1316, 728], // over the budget: 1920 / sqrt(1920 * 1080 / 1003520) / 28 = 47.7 -> 47, 26.8 -> 26
  [14, 14, 56, 56], // round half to even gives 0; grown to 56 x 56
  [42, 100, 56, 112], // 1.5 -> 2 (even), 3.57 -> 4
])("%dx%d is looked at as %dx%d", (width, height, wide, high) => {
  expect(smartResize({ width, height }, budget)).toEqual({ width: wide, height: high });
});

test("every size is whole squares within the budget, nearly of the picture's shape", () => {
  const rng = new Rng("smart");
  for (let n = 0; n < 500; n++) {
    const picture = { width: rng.integer(20, 4000), height: rng.integer(20, 4000) };
    const { width, height } = smartResize(picture, budget);
    expect([width % 28, height % 28]).toEqual([0, 0]);
    expect(width * height).toBeLessThanOrEqual(budget.maxPixels);
    expect(width * height).toBeGreaterThanOrEqual(budget.minPixels);
  }
  expect(() => smartResize({ width: 5000, height: 20 }, budget)).toThrow(/200 times.*5000x20/);
});

test("many frames share a budget, few have at most 768 tokens each (qwen_vl_utils' limits)", () => {
  const settings = { patch_size: 14, merge_size: 2, min_pixels: 3136, max_pixels: 12_845_056 };
  const tokens = (frames: number) => videoBudget(settings, frames).maxPixels / 784;
  expect(tokens(8)).toBe(768);
  expect(tokens(64)).toBe(768);
  expect(tokens(128)).toBe(384);
  expect(tokens(2000)).toBeCloseTo(128 * 1.05, 1);
  expect(videoBudget({ ...settings, max_pixels: 200 * 784 }, 8).maxPixels).toBe(200 * 784);
});
