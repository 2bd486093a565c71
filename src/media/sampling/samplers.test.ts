import { expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { evenTimeline, timeline } from "../../core/time/index.ts";
import { atRate, centres, linspace, type Sampler, samplers } from "./samplers.ts";

test("linspace equals np.linspace(0, N - 1, budget, dtype=int) for N up to 2,000, float rounding included", () => {
  // Oracle: numpy 2.4.6, FNV-1a over the values of every combination, in this order.
  let hash = 2166136261;
  for (let n = 1; n <= 2000; n++) {
    const line = evenTimeline(n, 1);
    for (const budget of [1, 2, 3, 7, 8, 16, 24, 32, 64, 128]) {
      for (const index of linspace(line, budget)) hash = Math.imul(hash ^ index, 16777619) >>> 0;
    }
  }
  expect(hash).toBe(199274150);
});

test("linspace repeats frames of a short video and cuts off where exact arithmetic would not", () => {
  // Oracle: numpy. In the second case 23 * (26 / 46) is a hair below 13 in float64.
  expect(linspace(evenTimeline(3, 1), 8)).toEqual([0, 0, 0, 0, 1, 1, 1, 2]);
  expect(linspace(evenTimeline(27, 1), 47)[23]).toBe(12);
  expect(linspace(evenTimeline(1, 1), 4)).toEqual([0, 0, 0, 0]);
});

test("centres picks the frame on screen in the middle of each equal segment of time", () => {
  const rng = new Rng("centres");
  for (let round = 0; round < 200; round++) {
    const times = [rng.uniform(0, 2)];
    for (let i = rng.integer(0, 50); i > 0; i--) times.push((times.at(-1) as number) + rng.uniform(0.01, 1));
    const line = timeline(times, (times.at(-1) as number) + 0.2);
    const budget = rng.integer(1, 20);
    const start = times[0] as number;
    const expected = Array.from({ length: budget }, (_, i) => {
      const segment = (line.end - start) / budget;
      const centre = start + segment * i + segment / 2;
      return times.findLastIndex((t) => t <= centre + 1e-12);
    });
    expect(centres(line, budget)).toEqual(expected);
  }
});

test("centres follows time, not frame numbers, on a variable frame rate", () => {
  // Ten frames in the first second, then one frame that stays for nine.
  const line = timeline([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1], 10);
  expect(centres(line, 5)).toEqual([10, 10, 10, 10, 10]);
  expect(linspace(line, 5)).toEqual([0, 2, 5, 7, 10]);
});

test("fps takes one frame a second, from the first timestamp on", () => {
  expect(samplers.fps(evenTimeline(100, 10), 64)).toEqual([0, 10, 20, 30, 40, 50, 60, 70, 80, 90]);
  expect(atRate(2)(evenTimeline(30, 10), 64)).toEqual([0, 5, 10, 15, 20, 25]);
});

test("fps falls back to centres when the budget is too small, and never repeats a frame", () => {
  const line = evenTimeline(1000, 10);
  expect(samplers.fps(line, 8)).toEqual(centres(line, 8));
  expect(atRate(30)(evenTimeline(4, 1), 200)).toEqual([0, 1, 2, 3]);
});

test("every sampler gives ascending indices of the video, within its budget", () => {
  const rng = new Rng("all samplers");
  const all: readonly Sampler[] = [...Object.values(samplers), atRate(4.7)];
  for (let round = 0; round < 300; round++) {
    const line = evenTimeline(rng.integer(1, 400), rng.uniform(0.2, 60));
    const budget = rng.integer(1, 40);
    for (const sampler of all) {
      const indices = sampler(line, budget);
      expect(indices.length).toBeGreaterThan(0);
      expect(indices.length).toBeLessThanOrEqual(budget);
      expect(indices.every((index, i) => Number.isInteger(index) && index >= (indices[i - 1] ?? 0))).toBe(true);
      expect(indices.at(-1)).toBeLessThan(line.timestamps.length);
    }
  }
});

test("a budget below one frame is refused", () => {
  for (const sampler of Object.values(samplers)) expect(() => sampler(evenTimeline(5, 1), 0)).toThrow(RangeError);
});
