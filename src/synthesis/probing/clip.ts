/**
 * One clip of a user's: a video, a picture, or a folder of pictures in order of their names. Frames come by their progress
 * through the clip, cut to a square.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { decodeImage, type RgbaImage, resizeImage, rgbaImage } from "../../media/image/index.ts";
import { openVideo } from "../../media/video/index.ts";

const pictures = /\.(?:png|jpe?g|webp|avif|gif|tiff?)$/i;
const videos = /\.(?:mp4|m4v|mov|mkv|webm|avi|ts)$/i;

export type Clip = Readonly<{
  path: string;
  /** Seconds; null of pictures, which have no time of their own. */
  seconds: number | null;
  /** Pictures; 1 of a still. Null of videos. */
  pictures: readonly string[] | null;
  /** Captions in order of time, from CLIP.txt; null without one. */
  captions: readonly string[] | null;
}>;

/** The clips of a folder in order of their names. Throws an Error that names the first that cannot be opened. */
export async function clipsIn(folder: string): Promise<Clip[]> {
  const clips: Clip[] = [];
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) {
      const inside = readdirSync(path)
        .filter((each) => pictures.test(each))
        .sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
      if (inside.length === 0) throw new Error(`Expected pictures in ${path}, got none. Remove the folder.`);
      clips.push({ path, seconds: null, pictures: inside.map((each) => join(path, each)), captions: captionsOf(path) });
    } else if (pictures.test(name)) {
      clips.push({ path, seconds: null, pictures: [path], captions: captionsOf(path) });
    } else if (videos.test(name)) {
      await using video = await openVideo(path);
      const start = video.timeline().timestamps[0] ?? 0;
      clips.push({ path, seconds: video.duration - start, pictures: null, captions: captionsOf(path) });
    }
  }
  return clips;
}

/** `count` different points of progress in [0, 1] through the clip -> frames of `size` pixels square. */
export async function* framesOfClip(clip: Clip, progress: readonly number[], size: number): AsyncGenerator<RgbaImage> {
  if (clip.pictures) {
    let [shown, at]: [RgbaImage | undefined, number] = [undefined, -1];
    for (const point of progress) {
      const index = Math.min(clip.pictures.length - 1, Math.floor(point * clip.pictures.length));
      if (index !== at || !shown) shown = squareOf(await decodeImage(clip.pictures[index] as string), size);
      at = index;
      yield shown;
    }
    return;
  }
  await using video = await openVideo(clip.path);
  const start = video.timeline().timestamps[0] ?? 0;
  const seconds = progress.map((point) => start + point * (clip.seconds ?? 0));
  const scale = size / Math.min(video.width, video.height);
  const fitted = {
    width: Math.max(size, Math.round(video.width * scale)),
    height: Math.max(size, Math.round(video.height * scale)),
  };
  for await (const { image } of video.framesAt(seconds, fitted)) yield squareOf(image, size);
}

/** The caption at a point of progress, or null. */
export function captionOfClip({ captions }: Clip, progress: number): string | null {
  if (!captions) return null;
  return captions[Math.min(captions.length - 1, Math.floor(progress * captions.length))] ?? null;
}

/** The middle of the picture, as large as fits; transparent parts become black. */
function squareOf(image: RgbaImage, size: number): RgbaImage {
  const scale = size / Math.min(image.width, image.height);
  const width = Math.max(size, Math.round(image.width * scale));
  const height = Math.max(size, Math.round(image.height * scale));
  const resized = resizeImage(image, width, height);
  const [left, top] = [(width - size) >> 1, (height - size) >> 1];
  const square = rgbaImage(size, size);
  for (let y = 0; y < size; y++) {
    const row = 4 * ((top + y) * width + left);
    square.data.set(resized.data.subarray(row, row + 4 * size), 4 * y * size);
  }
  for (let i = 0; i < square.data.length; i += 4) {
    const alpha = (square.data[i + 3] as number) / 255;
    if (alpha < 1) for (let c = 0; c < 3; c++) square.data[i + c] = (square.data[i + c] as number) * alpha;
    square.data[i + 3] = 255;
  }
  return square;
}

function captionsOf(path: string): string[] | null {
  const beside = [`${path}.txt`, `${path.slice(0, path.length - extname(path).length)}.txt`].find((each) =>
    existsSync(each),
  );
  if (beside === undefined) return null;
  const lines = readFileSync(beside, "utf8")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return lines.length === 0 ? null : lines;
}
