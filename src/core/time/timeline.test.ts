import { expect, test } from "vitest";
import { Rng } from "../math/index.ts";
import { evenTimeline, frameSpan, framesWithin, indexAt, timeAt, timeline } from "./timeline.ts";

/** A random ascending timeline with repeats, starting anywhere. */
function randomTimeline(rng: Rng) {
  const timestamps: number[] = [];
  let t = rng.uniform(-1, 1);
  for (let i = rng.integer(1, 40); i > 0; i--) {
    timestamps.push(t);
    if (rng.chance(0.9)) t += rng.uniform(0.001, 0.5);
  }
  return timeline(timestamps, t + 0.1);
}

test("indexAt agrees with a linear search for the last frame at or before the second", () => {
  const rng = new Rng("indexAt");
  for (let round = 0; round < 300; round++) {
    const line = randomTimeline(rng);
    const times = Array.from(line.timestamps);
    const seconds = rng.chance(0.5) ? rng.pick(times) : rng.uniform(-2, line.end + 1);
    const expected = Math.max(
      0,
      times.findLastIndex((t) => t <= seconds),
    );
    expect(indexAt(line, seconds)).toBe(expected);
  }
});

test("framesWithin agrees with filtering the timestamps by the half-open span", () => {
  const rng = new Rng("framesWithin");
  for (let round = 0; round < 300; round++) {
    const line = randomTimeline(rng);
    const [a, b] = [rng.uniform(-2, line.end + 1), rng.uniform(-2, line.end + 1)];
    const span = { start: Math.min(a, b), end: Math.max(a, b) };
    const { from, to } = framesWithin(line, span);
    const within = Array.from(line.timestamps).flatMap((t, i) => (span.start <= t && t < span.end ? [i] : []));
    expect(Array.from({ length: to - from }, (_, i) => from + i)).toEqual(within);
  }
});

test("frame spans touch and cover the timeline", () => {
  const line = timeline([0.5, 0.6, 1.4], 2);
  expect([0, 1, 2].map((i) => frameSpan(line, i))).toEqual([
    { start: 0.5, end: 0.6 },
    { start: 0.6, end: 1.4 },
    { start: 1.4, end: 2 },
  ]);
});

test("an even timeline puts frame i at i / fps", () => {
  const line = evenTimeline(5, 4);
  expect([0, 1, 4].map((i) => timeAt(line, i))).toEqual([0, 0.25, 1]);
  expect(line.end).toBe(1.25);
});

test("seconds outside the timeline give its first or last frame", () => {
  const line = timeline([1, 2, 3], 4);
  expect([-9, 0.99, 3.5, 99].map((s) => indexAt(line, s))).toEqual([0, 0, 2, 2]);
});

test("a timeline is refused when empty, going back, not finite, or ending before its last frame", () => {
  expect(() => timeline([], 1)).toThrow("at least one timestamp");
  expect(() => timeline([0, 2, 1], 3)).toThrow("at frame 2");
  expect(() => timeline([0, Number.NaN], 3)).toThrow("at frame 1");
  expect(() => timeline([0, 2], 1)).toThrow("end at or after its last frame");
  expect(() => timeAt(timeline([0], 1), 1)).toThrow("frame index in 0..0, got 1");
});
