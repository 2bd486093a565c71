/**
 * Numbering frames at 336x336: plain decoding, drawing alone, both in one pass, and beside them the structure of NumPro's
 * scripts: for every query decode the video, rasterise each number as text, encode a temporary mp4, decode that again.
 *
 * The reference's own language is not at hand; its steps are done here with this project's decoder and encoder and sharp's text
 * (pango). `structureOnly` draws with our digits instead, so that the difference is the structure's alone.
 * `--queries N` questions about the video (default 3; Charades-STA has 2.8), `--frames N` (default 300).
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { type RgbaImage, rgbaImage } from "../src/media/image/index.ts";
import { drawText, numbersByTime, visualPrompt } from "../src/media/overlay/index.ts";
import { type Frame, openVideo, writeMp4 } from "../src/media/video/index.ts";
import { type Figures, flagValue, median } from "./bench.ts";

export const name = "overlay";

const size = { width: 336, height: 336 };
const rounds = 5;

export async function run(flags: readonly string[]): Promise<Figures> {
  const queries = Number(flagValue(flags, "--queries") ?? 3);
  const count = Number(flagValue(flags, "--frames") ?? 300);
  const folder = mkdtempSync(join(tmpdir(), "overlay-bench-"));
  try {
    const clip = join(folder, "clip.mp4");
    await writeMp4(clip, pictures(count), { fps: 30 });
    const prompt = visualPrompt(numbersByTime({ rate: 30 }));
    const kept = await decode(clip);
    const temporary = join(folder, "temporary.mp4");
    const [plain = 0, drawing = 0, ours = 0, reference = 0, structure = 0] = await mediansOf([
      () => decode(clip),
      async () => kept.forEach(prompt),
      () => decode(clip, prompt),
      () => throughTemporary(clip, temporary, textBySharp),
      () => throughTemporary(clip, temporary, async (image, text) => drawText(image, text)),
    ]);
    const perSecond = (time: number) => Math.round(count / time);
    return {
      frames: count,
      queries,
      plainDecodingFramesPerSecond: perSecond(plain),
      drawingFramesPerSecond: perSecond(drawing),
      overlayFramesPerSecond: perSecond(ours),
      shareOfPlainDecoding: round(plain / ours),
      referenceFramesPerSecond: perSecond(reference),
      structureOnlyFramesPerSecond: perSecond(structure),
      speedUpOneQuery: round(reference / ours),
      // One pass serves all queries; the reference makes a temporary video for each.
      speedUpAllQueries: round((queries * reference) / ours),
      structureOnlySpeedUpAllQueries: round((queries * structure) / ours),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function decode(path: string, change: (frame: Frame) => Frame = (frame) => frame): Promise<Frame[]> {
  await using video = await openVideo(path);
  const frames: Frame[] = [];
  for await (const frame of video.frames(undefined, size)) frames.push(change(frame));
  return frames;
}

type DrawText = (image: RgbaImage, text: string) => Promise<RgbaImage>;

/** What NumPro's scripts do for one query. */
async function throughTemporary(clip: string, temporary: string, draw: DrawText): Promise<Frame[]> {
  await using video = await openVideo(clip);
  async function* numbered(): AsyncGenerator<RgbaImage> {
    for await (const { image, index } of video.frames(undefined, size)) yield await draw(image, String(index));
  }
  await writeMp4(temporary, numbered(), { fps: 30 });
  return decode(temporary);
}

/** Text set anew for each frame, as PIL does it. */
async function textBySharp({ width, height, data }: RgbaImage, text: string): Promise<RgbaImage> {
  const svg = `<svg width="${width}" height="${height}"><text x="${width - 2}" y="${height - 2}" font-family="DejaVu Sans" font-weight="bold" font-size="40" fill="red" text-anchor="end">${text}</text></svg>`;
  const drawn = await sharp(data, { raw: { width, height, channels: 4 } })
    .composite([{ input: Buffer.from(svg) }])
    .raw()
    .toBuffer();
  return { width, height, data: new Uint8ClampedArray(drawn.buffer, drawn.byteOffset, drawn.length) };
}

/** A disc that wanders over a gradient, 640x480. */
function* pictures(count: number): Generator<RgbaImage> {
  for (let k = 0; k < count; k++) {
    const image = rgbaImage(640, 480);
    for (let i = 0; i < 640 * 480; i++) {
      const [x, y] = [i % 640, Math.floor(i / 640)];
      const isInside = Math.hypot(x - ((k * 5) % 640), y - 240) < 90;
      image.data.set(isInside ? [60, 160, 90, 255] : [40, (150 * x) / 640, (200 * y) / 480, 255], i * 4);
    }
    yield image;
  }
}

/** The median seconds of each, measured in turns, so that what else the machine does weighs on all alike. */
async function mediansOf(works: readonly (() => Promise<unknown>)[]): Promise<number[]> {
  const times = works.map((): number[] => []);
  for (let i = 0; i < rounds; i++) {
    for (const [w, work] of works.entries()) {
      const start = performance.now();
      await work();
      times[w]?.push((performance.now() - start) / 1000);
    }
  }
  return times.map(median);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
