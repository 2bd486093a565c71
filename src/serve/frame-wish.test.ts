/** Wishes against a video of ten seconds at an uneven rate; the oracle are the samplers of local commands, or a count by hand. */
import { expect, test } from "vitest";
import { timeline } from "../core/time/index.ts";
import { atRate, linspace } from "../media/sampling/index.ts";
import { wishedIndices } from "./frame-wish.ts";

// Four frames a second, then two.
const timestamps = [...Array.from({ length: 20 }, (_, i) => i / 4), ...Array.from({ length: 10 }, (_, i) => 5 + i / 2)];
const video = timeline(timestamps, 10);
const limits = { frames: 25, videoSeconds: 10 };

test("a number is spread as `ask --frames` spreads it, a rate as `--sampler fps` does", () => {
  for (const frames of [1, 7, 25]) expect(wishedIndices({ frames }, video, limits)).toEqual(linspace(video, frames));
  expect(wishedIndices({ fps: 1 }, video, limits)).toEqual(atRate(1)(video, 100));
  expect(wishedIndices({ fps: 30 }, video, { ...limits, frames: 30 })).toEqual(timestamps.map((_, i) => i));
  expect(wishedIndices({ fps: 2, frames: 5 }, video, limits)).toEqual(atRate(2)(video, 5));
});

test("exact indices come in the order asked for, repeats included", () => {
  expect(wishedIndices({ indices: [7, 0, 7] }, video, limits)).toEqual([7, 0, 7]);
});

test("of a part, only frames that begin in it are shown; the one on screen where none does", () => {
  expect(wishedIndices({ fps: 4, span: { start: 1, end: 2 } }, video, limits)).toEqual([4, 5, 6, 7]);
  expect(wishedIndices({ frames: 2, span: { start: 6, end: 1e9 } }, video, limits)).toEqual([22, 29]);
  expect(wishedIndices({ frames: 1, span: { start: 5.1, end: 5.4 } }, video, limits)).toEqual([20]);
});

test.each([
  [{ frames: 26 }, /at most 25 frames/],
  [{ fps: 4 }, /at most 25 frames/],
  [{ fps: 1e9 }, /a lower one/],
  [{ indices: [30] }, /0\.\.29, got 30/],
  [{ indices: new Array<number>(26).fill(0) }, /at most 25 frames/],
  [{ frames: 2, span: { start: 10, end: 11 } }, /before the video ends at 10\.000 s/],
])("%j does not fit", (wish, message) => {
  expect(() => wishedIndices(wish, video, limits)).toThrow(message);
});

test("a long video is refused, whatever is wanted of it", () => {
  expect(() => wishedIndices({ frames: 1 }, video, { ...limits, videoSeconds: 9 })).toThrow(
    /at most 9 s, got one of 10\.0 s/,
  );
});
