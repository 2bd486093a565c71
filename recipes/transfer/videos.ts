/**
 * The benchmark's videos as mp4 files, and the frames that a model is shown of them.
 */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { sampleFrames } from "../../src/media/sampling/index.ts";
import { type Frame, openVideo } from "../../src/media/video/index.ts";
import type { WorldVideo } from "../../src/tasks/index.ts";
import { type Script, sampledFrames, writeWorldVideo } from "../../src/world/index.ts";
import { videoSize } from "../micro/pictures.ts";
import type { RecipeContext } from "../recipe.ts";

/** Write the videos that are not there yet, then decode the sampled frames of each. */
export async function framesOfVideos(
  videos: readonly WorldVideo[],
  folder: string,
  context: RecipeContext,
): Promise<Map<string, readonly Frame[]>> {
  const paths = await writeFilms(videos, folder, context);
  const frames = new Map<string, readonly Frame[]>();
  for (const [id, path] of paths) {
    context.signal.throwIfAborted();
    const video = await openVideo(path);
    try {
      frames.set(id, await sampleFrames(video, "linspace", sampledFrames));
    } finally {
      video.close();
    }
  }
  return frames;
}

/** Write the videos that are not there yet; the path of each by its id. */
export async function writeFilms(
  videos: readonly Pick<WorldVideo, "id" | "script">[],
  folder: string,
  { progress, signal }: RecipeContext,
): Promise<Map<string, string>> {
  mkdirSync(folder, { recursive: true });
  const task = progress.task("videos", { total: videos.length, unit: "files" });
  const paths = new Map<string, string>();
  for (const { id, script } of videos) {
    signal.throwIfAborted();
    const path = join(folder, `${id}.mp4`);
    if (!isWritten(path, script)) await writeWorldVideo(path, script, videoSize);
    paths.set(id, path);
    task.update(paths.size);
  }
  task.finish();
  return paths;
}

/** The truth is written last, so where it lies the video is whole; it must be the truth about this script. */
function isWritten(path: string, script: Script): boolean {
  const truthPath = path.replace(/\.mp4$/, ".json");
  if (!existsSync(path) || !existsSync(truthPath)) return false;
  const { script: written } = JSON.parse(readFileSync(truthPath, "utf8")) as { script: unknown };
  return JSON.stringify(written) === JSON.stringify(script);
}
