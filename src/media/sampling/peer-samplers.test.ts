/**
 * Oracles: the seconds that a survey of the field's samplers found for 8 frames of a 30 s clip of 899 frames at 29.97 fps, two
 * decimals; NumPro's rule by hand.
 */
import { expect, test } from "vitest";
import { evenTimeline, timeAt } from "../../core/time/index.ts";
import { everyTwoSeconds, interior, linspaceRound, segmentMiddles } from "./peer-samplers.ts";
import { linspace, type Sampler } from "./samplers.ts";

const clip = evenTimeline(899, 29.97);

test.each<[string, Sampler, string]>([
  ["lmms-eval and LongVA", linspace, "0.00 4.27 8.54 12.81 17.12 21.39 25.66 29.96"],
  ["Qwen", linspaceRound, "0.00 4.27 8.58 12.85 17.12 21.39 25.69 29.96"],
  ["VLMEvalKit", interior, "3.30 6.64 9.98 13.31 16.65 19.99 23.32 26.66"],
  ["segment middles", segmentMiddles, "1.87 5.61 9.34 13.11 16.85 20.62 24.36 28.09"],
])("%s shows those eight frames", (_, sampler, seconds) => {
  const times = sampler(clip, 8).map((index) => timeAt(clip, index).toFixed(2));
  expect(times.join(" ")).toBe(seconds);
});

test("NumPro takes every int(2 fps)-th frame and thins more than it can show", () => {
  // int(2 * 29.97) = 59; 899 / 59 gives 16 frames, the last one 15 * 59.
  expect(everyTwoSeconds(clip, 240)).toEqual(Array.from({ length: 16 }, (_, i) => 59 * i));
  expect(everyTwoSeconds(evenTimeline(1000, 1), 3)).toEqual([0, 498, 998]);
  expect(everyTwoSeconds(evenTimeline(3, 0.2), 240)).toEqual([0, 1, 2]);
});

test("Qwen rounds half to even, as torch does", () => {
  // linspace(0, 5, 3) is 0, 2.5, 5; linspace(0, 7, 3) is 0, 3.5, 7.
  expect(linspaceRound(evenTimeline(6, 1), 3)).toEqual([0, 2, 5]);
  expect(linspaceRound(evenTimeline(8, 1), 3)).toEqual([0, 4, 7]);
});
