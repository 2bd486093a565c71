/**
 * Which frames of a video a request wants, however its shape says so, and which indices that makes of a real file.
 */
import { framesWithin, indexAt, type Span, type Timeline } from "../core/time/index.ts";
import { atRate, linspace } from "../media/sampling/index.ts";

/** Exact indices win over a rate, a rate over a number. A number beside a rate is the most that the rate may give. */
export type FrameWish = Readonly<{
  indices?: readonly number[];
  fps?: number;
  frames?: number;
  /** In seconds of the container's clock. Default: the whole video. */
  span?: Span;
}>;

/** Seconds times rate, before repeats are left out. */
const maxSlots = 1_000_000;

export type WishLimits = Readonly<{ frames: number; videoSeconds: number }>;

/**
 * Frame indices in the file, in the order in which they are shown. Throws a RangeError where the wish does not fit the file
 * or the limits: nobody gets fewer frames than asked for without a word.
 */
export function wishedIndices(wish: FrameWish, timeline: Timeline, limits: WishLimits): number[] {
  const count = timeline.timestamps.length;
  const seconds = timeline.end - (timeline.timestamps[0] as number);
  if (seconds > limits.videoSeconds) {
    throw new RangeError(
      `Expected a video of at most ${limits.videoSeconds} s, got one of ${seconds.toFixed(1)} s. Cut it first.`,
    );
  }
  if (wish.indices) {
    const wrong = wish.indices.find((index) => index >= count);
    if (wrong !== undefined) throw new RangeError(`Expected frame indices in 0..${count - 1}, got ${wrong}.`);
    return [...within(wish.indices, limits)];
  }
  const { from, to } = wish.span ? part(timeline, wish.span) : { from: 0, to: count };
  const shown: Timeline = {
    timestamps: Array.from({ length: to - from }, (_, i) => timeline.timestamps[from + i] as number),
    end: wish.span
      ? Math.min(timeline.end, Math.max(wish.span.end, timeline.timestamps[to - 1] as number))
      : timeline.end,
  };
  return within(sample(wish, shown, limits), limits).map((index) => index + from);
}

function sample({ fps, frames }: FrameWish, timeline: Timeline, limits: WishLimits): readonly number[] {
  if (fps === undefined) return linspace(timeline, Math.min(frames ?? 1, limits.frames + 1));
  if (frames !== undefined) return atRate(fps)(timeline, frames);
  // As many as the rate gives, however few of them are different frames.
  const slots = Math.ceil((timeline.end - (timeline.timestamps[0] as number)) * fps) + 1;
  if (slots > maxSlots)
    throw new RangeError(`Expected a rate that suits the video, got ${fps} frames a second. Ask for a lower one.`);
  return atRate(fps)(timeline, slots);
}

/** The frames that begin within a span; the one on screen at its start where none does. */
function part(timeline: Timeline, span: Span): { from: number; to: number } {
  if (span.start >= timeline.end) {
    throw new RangeError(
      `Expected a part that begins before the video ends at ${timeline.end.toFixed(3)} s, got ${span.start} s.`,
    );
  }
  const { from, to } = framesWithin(timeline, span);
  const first = indexAt(timeline, span.start);
  return to > from ? { from, to } : { from: first, to: first + 1 };
}

function within(indices: readonly number[], { frames }: WishLimits): readonly number[] {
  if (indices.length <= frames) return indices;
  throw new RangeError(
    `Expected at most ${frames} frames of a video, got a wish for more. Ask for fewer, or a lower rate.`,
  );
}
