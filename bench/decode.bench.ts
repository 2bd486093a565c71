/**
 * Decoding speed: 24 frames spread over a clip (sparse) and every frame (dense), and the small clips of the synthetic world.
 *
 * The clip is the longest of ../shared/videos/real (or ZOETROPE_SHARED) where present, else a generated one of 120 s at 720p.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { type RgbaImage, rgbaImage } from "../src/media/image/index.ts";
import { linspace } from "../src/media/sampling/index.ts";
import { openVideo, type Video, writeMp4 } from "../src/media/video/index.ts";

export const name = "decode";

const shared = process.env.ZOETROPE_SHARED ?? resolve(import.meta.dirname, "../../shared");

export async function run(): Promise<Record<string, number | string>> {
  const folder = mkdtempSync(join(tmpdir(), "decode-bench-"));
  try {
    const path = (await longestClip(join(shared, "videos/real"))) ?? (await generatedClip(folder));
    await using video = await openVideo(path);
    const sparse = await seconds(async () => {
      for await (const _ of video.framesAtIndices(linspace(video.timeline(), 24)));
    });
    const dense = await seconds(async () => {
      for await (const _ of video.frames());
    });
    const small = await smallClips(folder);
    return {
      clip: basename(path),
      size: `${video.width}x${video.height}`,
      frames: video.frameCount,
      sparse24Seconds: sparse,
      sparseFramesPerSecond: 24 / sparse,
      denseFramesPerSecond: video.frameCount / dense,
      ...small,
      peakMemoryMiB: process.resourceUsage().maxRSS / 1024,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** 100 clips of 12 frames at 128x128: written, then opened and read whole. */
async function smallClips(folder: string): Promise<{ writeSmallClipMs: number; readSmallClipMs: number }> {
  const clips = 100;
  const pictures = Array.from({ length: 12 }, (_, i) => disc(128, 128, i * 8));
  const path = (k: number) => join(folder, `${k}.mp4`);
  const writing = await seconds(async () => {
    for (let k = 0; k < clips; k++) await writeMp4(path(k), pictures, { fps: 8 });
  });
  const reading = await seconds(async () => {
    for (let k = 0; k < clips; k++) {
      await using video = await openVideo(path(k));
      for await (const _ of video.frames());
    }
  });
  return { writeSmallClipMs: (writing * 1000) / clips, readSmallClipMs: (reading * 1000) / clips };
}

async function longestClip(folder: string): Promise<string | null> {
  let longest: { path: string; duration: number } | null = null;
  for (const file of existsSync(folder) ? readdirSync(folder).sort() : []) {
    const path = join(folder, file);
    const video: Video | null = await openVideo(path).catch(() => null);
    if (video && video.duration > (longest?.duration ?? 0)) longest = { path, duration: video.duration };
    await video?.close();
  }
  return longest?.path ?? null;
}

async function generatedClip(folder: string): Promise<string> {
  const path = join(folder, "generated-720p-120s.mp4");
  const pictures = Array.from({ length: 30 }, (_, i) => disc(1280, 720, i * 30));
  const frames = function* () {
    for (let i = 0; i < 120 * 30; i++) yield pictures[i % pictures.length] as RgbaImage;
  };
  await writeMp4(path, frames(), { fps: 30 });
  return path;
}

/** A grey gradient with a bright disc whose centre lies at x. */
function disc(width: number, height: number, x: number): RgbaImage {
  const image = rgbaImage(width, height);
  for (let i = 0; i < width * height; i++) {
    const [px, py] = [i % width, Math.floor(i / width)];
    const inside = Math.hypot(px - x, py - height / 2) < height / 4;
    image.data.set(inside ? [230, 60, 40, 255] : [40, 60, (200 * py) / height, 255], i * 4);
  }
  return image;
}

async function seconds(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
