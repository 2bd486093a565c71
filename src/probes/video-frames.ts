/**
 * The eight frames of a probing video, trunc(linspace(0, N - 1, 8)), decoded once for questions that come one after another.
 */
import { sampleFrames } from "../media/sampling/index.ts";
import { type Frame, openVideo } from "../media/video/index.ts";
import { sampledFrames } from "../world/index.ts";

/** T3 samples eight frames for every arm. */
export const probingFrames = sampledFrames;

export type FrameSource = Readonly<{
  /** Frames of the video of this hash, which lies at the path. Throws an Error that names a file that cannot be read. */
  of(video: string, path: string): Promise<readonly Frame[]>;
}>;

/** Keeps the frames of the last few videos. */
export function frameSource(keep = 64): FrameSource {
  const kept = new Map<string, Promise<readonly Frame[]>>();
  return {
    of(video, path) {
      const known = kept.get(video) ?? decode(path);
      kept.delete(video);
      kept.set(video, known);
      const oldest = kept.keys().next().value;
      if (kept.size > keep && oldest !== undefined) kept.delete(oldest);
      return known;
    },
  };
}

async function decode(path: string): Promise<readonly Frame[]> {
  await using video = await openVideo(path);
  const frames = await sampleFrames(video, "linspace", probingFrames);
  if (frames.length === probingFrames) return frames;
  throw new Error(`Expected ${probingFrames} frames of ${path}, got ${frames.length}. Remove or replace the video.`);
}
