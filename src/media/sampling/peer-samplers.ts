/**
 * How other code bases choose frames, for asking what they would have shown. All choose by index; each formula is theirs, with its
 * rounding. (lmms-eval, LongVA and VTimeLLM choose as `linspace` does.)
 */
import { roundHalfEven } from "../../core/math/index.ts";
import { frameCount, type Timeline } from "../../core/time/index.ts";
import { linspace, type Sampler } from "./samplers.ts";

/** Qwen's (qwen_vl_utils): evenly spaced with both ends, rounded to the nearest index, half to even. */
export const linspaceRound: Sampler = (timeline, budget) => {
  const last = frameCount(timeline) - 1;
  if (budget === 1) return [0];
  return Array.from({ length: budget }, (_, i) => roundHalfEven((i * last) / (budget - 1), 0));
};

/** VLMEvalKit's: the inner points that cut the frames into `budget` + 1 parts, cut off; neither end is shown. */
export const interior: Sampler = (timeline, budget) => {
  const step = frameCount(timeline) / (budget + 1);
  return Array.from({ length: budget }, (_, i) => Math.trunc((i + 1) * step));
};

/** TSN's at test time, by index: the middle of each of `budget` equal parts of the frames, cut off. */
export const segmentMiddles: Sampler = (timeline, budget) => {
  const part = frameCount(timeline) / budget;
  return Array.from({ length: budget }, (_, i) => Math.trunc(part * i + part / 2));
};

/**
 * NumPro-FT's evaluation: every int(2 fps)-th frame, so about one in two seconds, by the file's average rate; more than `budget`
 * of them are thinned out evenly, as its reader does at 240.
 */
export const everyTwoSeconds: Sampler = (timeline, budget) => {
  const step = Math.max(1, Math.trunc(2 * averageRate(timeline)));
  const count = Math.ceil(frameCount(timeline) / step);
  const places =
    count > budget
      ? linspace({ timestamps: { length: count }, end: count }, budget)
      : Array.from({ length: count }, (_, i) => i);
  return places.map((place) => place * step);
};

/** Frames a second over the whole file, as OpenCV tells it. */
function averageRate({ timestamps, end }: Timeline): number {
  const length = end - (timestamps[0] as number);
  return length > 0 ? timestamps.length / length : 1;
}
