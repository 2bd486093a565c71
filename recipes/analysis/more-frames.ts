/**
 * Other numbers of frames of the videos that lie in a folder already, by the same sampler.
 */
import { join } from "node:path";
import { sampleFrames } from "../../src/media/sampling/index.ts";
import { type Frame, openVideo } from "../../src/media/video/index.ts";
import type { RecipeContext } from "../recipe.ts";

/** Numbers of frames beside the usual eight. */
export const otherCounts = [4, 16] as const;
export type OtherCount = (typeof otherCounts)[number];

export async function otherFrames(
  videos: readonly string[],
  folder: string,
  { progress, signal }: RecipeContext,
): Promise<ReadonlyMap<OtherCount, ReadonlyMap<string, readonly Frame[]>>> {
  const task = progress.task("frames", { total: videos.length, unit: "files" });
  const frames = new Map(otherCounts.map((count) => [count, new Map<string, readonly Frame[]>()]));
  for (const [i, id] of videos.entries()) {
    signal.throwIfAborted();
    const video = await openVideo(join(folder, `${id}.mp4`));
    try {
      for (const [count, of] of frames) of.set(id, await sampleFrames(video, "linspace", count));
    } finally {
      video.close();
    }
    task.update(i + 1);
  }
  task.finish(`${otherCounts.join(" and ")} frames sampled of each`);
  return frames;
}
