/**
 * The ways in which a question's video is shown: as it is, or as a baseline that takes something away. What a model scores
 * without motion, order or pictures is what the questions give away.
 */
import type { VideoPart } from "../chat/index.ts";
import type { Rng } from "../core/math/index.ts";
import { framesWithin, type Span, type Timeline } from "../core/time/index.ts";
import { type Sampler, type SamplerName, sampleFrames, samplers } from "../media/sampling/index.ts";
import { type Frame, openVideo } from "../media/video/index.ts";

/** Video: as sampled. Blind: no picture. Single frame: the middle one. Shuffled and reversed: the same frames in another order. */
export const looks = ["video", "blind", "single frame", "shuffled", "reversed"] as const;
export type Look = (typeof looks)[number];

/** The frames of a look; `rng` orders those of "shuffled", never in their own order where there are two or more. */
export function framesOfLook(look: Look, frames: readonly Frame[], rng: Rng): readonly Frame[] {
  switch (look) {
    case "video":
      return frames;
    case "blind":
      return [];
    case "single frame":
      return frames.slice(frames.length >> 1, (frames.length >> 1) + 1);
    case "reversed":
      return [...frames].reverse();
    case "shuffled":
      return shuffledFrames(frames, rng);
    default:
      return look satisfies never;
  }
}

/**
 * What a model is shown of a look. The video as it is comes with its file, for models that decode files themselves; of other
 * looks there are only frames, and frames in another order have the clock of their places, so that their times do not give the
 * order away.
 */
export function videoOfLook(
  look: Look,
  frames: readonly Frame[],
  { path, span, ...video }: ShownOptions,
): VideoPart | readonly Frame[] {
  if (look === "blind" || look === "single frame") return frames;
  const { duration, frameCount } = video;
  if (look === "video") return { type: "video", path, frames, duration, frameCount, ...(span && { span }) };
  const toldTimes = frames.map(({ time }) => time).sort((a, b) => a - b);
  return { type: "video", frames, toldTimes, duration, frameCount };
}

export type ShownOptions = Readonly<{ path: string; span?: Span | undefined; duration: number; frameCount: number }>;

/** What was seen of a file: the sampled frames, how many frames it has, and the second at which the last one ends. */
export type Watched = Readonly<{ frames: readonly Frame[]; frameCount: number; duration: number }>;

/** The sampled frames of a file, or of a span of it. Throws VideoError where it cannot be read. */
export async function watchVideo(
  path: string,
  { sampler, frames, span }: Readonly<{ sampler: SamplerName | Sampler; frames: number; span?: Span | undefined }>,
): Promise<Watched> {
  await using video = await openVideo(path);
  const { frameCount, duration } = video;
  const chosen = typeof sampler === "function" ? sampler : samplers[sampler];
  const seen = await sampleFrames(video, span ? within(chosen, span) : sampler, frames);
  return { frames: seen, frameCount, duration };
}

/** A sampler that sees only the frames that begin within the span; all of them where none does. */
export function within(sampler: Sampler, span: Span): Sampler {
  return (timeline, budget) => {
    const { from, to } = framesWithin(timeline, span);
    if (to <= from) return sampler(timeline, budget);
    const part: Timeline = {
      timestamps: Array.from({ length: to - from }, (_, i) => timeline.timestamps[from + i] as number),
      end: Math.min(timeline.end, Math.max(span.end, timeline.timestamps[to - 1] as number)),
    };
    return sampler(part, budget).map((index) => index + from);
  };
}

function shuffledFrames(frames: readonly Frame[], rng: Rng): Frame[] {
  const order = rng.shuffle(frames.map((_, i) => i));
  if (order.length > 1 && order.every((place, i) => place === i)) order.push(order.shift() as number);
  return order.map((place) => frames[place] as Frame);
}
