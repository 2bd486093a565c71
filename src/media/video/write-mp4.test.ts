import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test } from "vitest";
import { rgbaImage } from "../image/index.ts";
import { codedFrame, codedFrames } from "./coded-frames.ts";
import { liveFrameCount } from "./libraries.ts";
import { openVideo } from "./video.ts";
import { writeMp4 } from "./write-mp4.ts";

const folder = mkdtempSync(join(tmpdir(), "write-"));
const path = join(folder, "clip.mp4");
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
});

/** Writing must fail with the message and leave the folder as it was. */
async function fails(message: string | RegExp, ...[frames, options]: [Parameters<typeof writeMp4>[1], object?]) {
  writeFileSync(path, "what was there before");
  await expect(writeMp4(path, frames, { fps: 8, ...options })).rejects.toThrow(message);
  expect(readdirSync(folder)).toEqual(["clip.mp4"]);
  expect(readFileSync(path, "utf8")).toBe("what was there before");
  expect(liveFrameCount()).toBe(0);
}

test("an error at any point leaves neither a partial file nor a changed one", async () => {
  await fails("even width and height (H.264 4:2:0), got 63x32", [codedFrame(0, 63, 32)]);
  await fails("every frame at 64x32 pixels, got 32x32 at frame 1", [codedFrame(0), codedFrame(1, 32, 32)]);
  await fails("at least one frame", []);
  await fails("one timestamp a frame, got 5 for 3 frames", codedFrames(3), { timestamps: [0, 1, 2, 3, 4] });
  await fails("a timestamp for frame 2", codedFrames(3), { timestamps: [0, 1] });
  await fails("ascending timestamps from 0 on, got 1 at frame 2", codedFrames(3), { timestamps: [0, 1, 1] });
  await fails("frame rate in (0, 1000], got 0", codedFrames(3), { fps: 0 });
  await fails("constant rate factor in 0..51, got 52", codedFrames(3), { crf: 52 });
  const broken = (function* () {
    yield codedFrame(0);
    throw new Error("the renderer failed");
  })();
  await fails("the renderer failed", broken);
});

test("the number of frames comes back, from an async generator too", async () => {
  async function* slow() {
    yield* codedFrames(7);
  }
  expect(await writeMp4(path, slow(), { fps: 8 })).toBe(7);
  expect(readdirSync(folder)).toEqual(["clip.mp4"]);
});

test("flat colours survive the round trip within three levels of 255", async () => {
  const colours = [
    [200, 30, 40],
    [20, 160, 60],
    [40, 60, 220],
    [250, 250, 250],
    [5, 5, 5],
    [240, 220, 20],
  ];
  const frames = colours.map((colour) => {
    const image = rgbaImage(32, 32);
    for (let i = 0; i < image.data.length; i += 4) image.data.set([...colour, 255], i);
    return image;
  });
  await writeMp4(path, frames, { fps: 4, crf: 10 });
  await using video = await openVideo(path);
  for await (const { image, index } of video.frames()) {
    for (const [channel, wanted] of [...(colours[index] as number[]), 255].entries()) {
      const got = image.data[(16 * 32 + 16) * 4 + channel] as number;
      expect(Math.abs(got - wanted), `frame ${index} channel ${channel}: ${got}`).toBeLessThanOrEqual(3);
    }
  }
});

test("the same frames give the same bytes' worth of pictures", async () => {
  const pixels = async () => {
    await writeMp4(path, codedFrames(12), { fps: 8 });
    await using video = await openVideo(path);
    const all: Uint8ClampedArray[] = [];
    for await (const { image } of video.frames()) all.push(image.data);
    return all;
  };
  expect(await pixels()).toEqual(await pixels());
});
