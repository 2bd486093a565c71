/**
 * Samplers choose which frames of a video a model gets to see: (timeline, budget) -> source indices, ascending.
 *
 * They see timestamps only, never pixels. Frames are chosen by index ("linspace") or by time ("centres", "fps"); on a
 * constant frame rate the two agree up to rounding, on a variable one they do not.
 */
import { frameCount, indexAt, type Timeline } from "../../core/time/index.ts";

/** Budget: how many frames at most. Returns source indices in ascending order; some repeat where the text says so. */
export type Sampler = (timeline: Timeline, budget: number) => number[];

/**
 * T3's rule: `np.linspace(0, N - 1, budget, dtype=int)`, i.e. evenly spaced over the frame indices with both ends, cut off
 * to whole numbers. Always `budget` indices: they repeat when the video has fewer frames. (T3 1.4; LongVA and LLaVA-Video
 * sample alike.)
 */
export const linspace: Sampler = (timeline, budget) => {
  checkBudget(budget);
  const last = frameCount(timeline) - 1;
  if (budget === 1) return [0];
  // numpy's order of operations: i * step in float64, the end point set exactly, then truncation.
  const step = last / (budget - 1);
  return Array.from({ length: budget }, (_, i) => (i === budget - 1 ? last : Math.trunc(i * step)));
};

/**
 * The frames on screen at the centres of `budget` equal segments of the time between the first frame and the end (TSN's
 * test-time rule). Always `budget` indices; they repeat when the video has fewer frames.
 */
export const centres: Sampler = (timeline, budget) => {
  checkBudget(budget);
  const start = timeline.timestamps[0] as number;
  const length = timeline.end - start;
  return Array.from({ length: budget }, (_, i) => indexAt(timeline, start + ((i + 0.5) / budget) * length));
};

/**
 * A sampler at a fixed rate: the frame on screen at the first timestamp and every 1 / rate seconds after it. When that is
 * more than the budget it falls back to `centres`; each frame appears once, so slow videos give fewer frames.
 */
export function atRate(framesPerSecond: number): Sampler {
  if (!(framesPerSecond > 0 && framesPerSecond < Infinity)) {
    throw new RangeError(`Expected a positive sampling rate in frames per second, got ${framesPerSecond}.`);
  }
  return (timeline, budget) => {
    checkBudget(budget);
    const start = timeline.timestamps[0] as number;
    // A hair less than the exact count, so that 3.0000000000000004 seconds at 1 fps are 3 frames.
    const count = Math.max(1, Math.ceil((timeline.end - start) * framesPerSecond - 1e-6));
    if (count > budget) return unique(centres(timeline, budget));
    // Timestamps are rounded to the container's clock: look a hair after the exact second.
    return unique(Array.from({ length: count }, (_, i) => indexAt(timeline, start + i / framesPerSecond + 1e-6)));
  };
}

/** Samplers by name. "fps" is one frame a second, the common setting of long-video models. */
export const samplers = { linspace, centres, fps: atRate(1) } as const satisfies Readonly<Record<string, Sampler>>;

export type SamplerName = keyof typeof samplers;

function unique(ascending: readonly number[]): number[] {
  return ascending.filter((index, i) => i === 0 || index !== ascending[i - 1]);
}

function checkBudget(budget: number): void {
  if (!(Number.isInteger(budget) && budget > 0)) {
    throw new RangeError(`Expected a budget of at least one frame, got ${budget}.`);
  }
}
