/**
 * The timeline of a video: when each frame begins, from real timestamps.
 *
 * This is the one place where frame indices and seconds are converted into each other. Timestamps are the container's
 * own: they may begin before or after 0 and need not be evenly spaced, so nothing here (or above) divides by a frame rate.
 */
import type { Span } from "./span.ts";

/**
 * Presentation timestamps in seconds, ascending (equal neighbours are allowed), and the second at which the last frame
 * ends. Frame i is on screen during [timestamps[i], timestamps[i + 1]).
 */
export type Timeline = Readonly<{ timestamps: ArrayLike<number>; end: number }>;

/** Make a timeline; throws when there is no frame, a timestamp is not finite, or one goes back in time. */
export function timeline(timestamps: ArrayLike<number>, end: number): Timeline {
  if (timestamps.length === 0) throw new RangeError("Expected at least one timestamp, got an empty timeline.");
  let previous = -Infinity;
  for (let i = 0; i < timestamps.length; i++) {
    const t = timestamps[i] as number;
    if (!Number.isFinite(t) || t < previous) {
      throw new RangeError(
        `Expected finite ascending timestamps in seconds, got ${t} after ${previous} at frame ${i}.`,
      );
    }
    previous = t;
  }
  if (!(Number.isFinite(end) && end >= previous)) {
    throw new RangeError(`Expected a timeline to end at or after its last frame (${previous} s), got ${end}.`);
  }
  return { timestamps, end };
}

/** A timeline of frames at a constant rate from 0, for frames that never were in a container (a folder of images). */
export function evenTimeline(frameCount: number, fps: number): Timeline {
  if (!(fps > 0 && fps < Infinity)) throw new RangeError(`Expected a positive frame rate, got ${fps}.`);
  return timeline(
    Float64Array.from({ length: frameCount }, (_, i) => i / fps),
    frameCount / fps,
  );
}

/** How many frames the timeline has. */
export function frameCount(line: Timeline): number {
  return line.timestamps.length;
}

/** The second at which a frame begins; throws on an index outside the timeline. */
export function timeAt(line: Timeline, index: number): number {
  const t = Number.isInteger(index) ? line.timestamps[index] : undefined;
  if (t === undefined) {
    throw new RangeError(`Expected a frame index in 0..${line.timestamps.length - 1}, got ${index}.`);
  }
  return t;
}

/**
 * The frame on screen at a second: the last one that begins at or before it. Seconds before the first frame give the
 * first frame, seconds after the end the last one.
 */
export function indexAt(line: Timeline, seconds: number): number {
  if (Number.isNaN(seconds)) throw new RangeError("Expected a second, got NaN.");
  return Math.max(0, countBefore(line, seconds, true) - 1);
}

/** The span during which a frame is on screen (it starts below 0 where the container's timestamp does). */
export function frameSpan(line: Timeline, index: number): Span {
  const start = timeAt(line, index);
  return { start, end: index + 1 < line.timestamps.length ? timeAt(line, index + 1) : line.end };
}

/** Indices [from, to) of the frames that begin within the half-open span. */
export function framesWithin(line: Timeline, span: Span): Readonly<{ from: number; to: number }> {
  return { from: countBefore(line, span.start, false), to: countBefore(line, span.end, false) };
}

/** How many frames begin before the second (or at it, when inclusive): binary search. */
function countBefore({ timestamps }: Timeline, seconds: number, inclusive: boolean): number {
  let [low, high] = [0, timestamps.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const t = timestamps[middle] as number;
    if (t < seconds || (inclusive && t === seconds)) low = middle + 1;
    else high = middle;
  }
  return low;
}
