/**
 * Numbers at a constant rate, as NumPro counts (arXiv 2411.10332): number k stands for second k / rate, whatever the frame rate.
 *
 * Rates are numbers a second; numbers count from 0. The frame that carries a number is found by its timestamp (timeline.ts).
 */

/** Containers round timestamps to their clock: a frame at 1.9999999 s is the frame of second 2. */
const slack = 1e-6;

/** The second that a number stands for. */
export function secondOfNumber(number: number, rate: number): number {
  return number / rate;
}

/** The number that stands at a second: the last one that has begun. */
export function numberAt(seconds: number, rate: number): number {
  return Math.max(0, Math.floor(seconds * rate + slack));
}

/** The number whose second is nearest. */
export function nearestNumber(seconds: number, rate: number): number {
  return Math.max(0, Math.round(seconds * rate));
}

/** How many numbers begin within a duration from second 0; one at least. */
export function numberCount(duration: number, rate: number): number {
  return Math.max(1, Math.ceil(duration * rate - slack));
}
