/**
 * Places in a video as shares of its duration, and as VTimeLLM counts them (arXiv 2311.18445): hundredths, written 00 to 99, because
 * its model sees 100 frames of every video. Seconds and durations are in seconds; shares run from 0 to 1.
 */
import { roundHalfEven } from "../math/index.ts";

/** The second at a share of a duration. */
export function secondOfShare(share: number, duration: number): number {
  return share * duration;
}

/** The share of a duration at a second. */
export function shareOfSecond(seconds: number, duration: number): number {
  return seconds / duration;
}

/** The second at which a hundredth begins; the index may be broken or past the end. In VTimeLLM's order, whose ends are compared exactly. */
export function secondOfHundredth(index: number, duration: number): number {
  return (index * duration) / 100;
}

/** The hundredth that a second is written as, 0 to 99; halves go to even, as Python rounds. */
export function hundredthAt(seconds: number, duration: number): number {
  return Math.min(99, Math.max(0, roundHalfEven(shareOfSecond(seconds, duration) * 100, 0)));
}
