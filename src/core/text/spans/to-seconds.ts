/** One number of a text in seconds, by its unit. */
import { secondOfShare } from "../../time/index.ts";
import type { SpanOptions, SpanUnit, UnparsedReason } from "./span-extraction.ts";

/** Rounded answers may overshoot the end of the video by this much; seconds. */
const overshoot = 0.5;

/**
 * Frame numbers take the time of their frame; numbers past the last frame go on at the mean step and are beyond. Gives the
 * reason where it cannot be done.
 */
export function toSeconds(
  value: number,
  unit: SpanUnit,
  { duration, frameTimes }: SpanOptions,
): Readonly<{ seconds: number; isBeyond: boolean }> | UnparsedReason {
  if (Number.isNaN(value)) return "time token without a value";
  const isPast = (seconds: number) => duration !== undefined && seconds > duration + overshoot;
  switch (unit) {
    case "seconds":
      return { seconds: value, isBeyond: isPast(value) };
    case "percent":
      if (duration === undefined || !Number.isFinite(duration)) return "percent without a duration";
      return { seconds: secondOfShare(value / 100, duration), isBeyond: value > 100 };
    case "frames": {
      const seconds = frameTimes === undefined ? undefined : secondsOfFrame(frameTimes, value);
      if (seconds === undefined) return "frames without their times";
      return { seconds, isBeyond: value > (frameTimes as ArrayLike<number>).length - 1 || isPast(seconds) };
    }
    default:
      return unit satisfies never;
  }
}

function secondsOfFrame(times: ArrayLike<number>, index: number): number | undefined {
  const last = times.length - 1;
  const [first, end] = [times[0], times[last]];
  if (first === undefined || end === undefined) return undefined;
  if (index > last) return end + (index - last) * (last === 0 ? 0 : (end - first) / last);
  const below = Math.floor(index);
  const low = times[below] as number;
  return below === index ? low : low + (index - below) * ((times[below + 1] as number) - low);
}
