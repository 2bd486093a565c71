/**
 * A script as a real mp4 file with its truth beside it, so that the world reaches models through the same decoder as every
 * other video.
 */
import { writeFile } from "node:fs/promises";
import type { Moment } from "../core/time/index.ts";
import { writeMp4 } from "../media/video/index.ts";
import { captionAt } from "./caption.ts";
import type { ImageSize } from "./paint.ts";
import { renderScript } from "./render.ts";
import { frameCountOf, momentsOf, type Script } from "./script.ts";

/** What the sidecar holds: the script, its exact moments, and the caption of every frame in order. */
export type WorldTruth = Readonly<{
  script: Script;
  moments: readonly Moment[];
  captions: readonly Readonly<{ seconds: number; caption: string }>[];
}>;

/** Everything that is true of a script's frames, frame k at second k / fps. */
export function truthOf(script: Script): WorldTruth {
  const captions = Array.from({ length: frameCountOf(script) }, (_, frame) => {
    const seconds = frame / script.fps;
    return { seconds, caption: captionAt(script, seconds) };
  });
  return { script, moments: momentsOf(script), captions };
}

/**
 * Write `path` (an .mp4, H.264) and its truth as `<path without .mp4>.json`. The truth is written last: where it lies, the
 * video beside it is whole. H.264 wants even sides.
 */
export async function writeWorldVideo(
  path: string,
  script: Script,
  size: ImageSize,
): Promise<{ path: string; truthPath: string; truth: WorldTruth }> {
  if (!path.endsWith(".mp4")) throw new TypeError(`Expected a path that ends with .mp4, got "${path}".`);
  await writeMp4(path, renderScript(script, size), { fps: script.fps });
  const truth = truthOf(script);
  const truthPath = path.replace(/\.mp4$/, ".json");
  await writeFile(truthPath, `${JSON.stringify(truth)}\n`);
  return { path, truthPath, truth };
}
