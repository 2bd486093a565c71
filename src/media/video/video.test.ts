import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { frameSpan } from "../../core/time/index.ts";
import { codedFrame, codedFrames, readCode } from "./coded-frames.ts";
import type { Frame } from "./frame-stream.ts";
import { liveFrameCount } from "./libraries.ts";
import { openVideo } from "./video.ts";
import { writeMp4 } from "./write-mp4.ts";

// The oracle of this file: every picture shows its own index, and we chose its timestamp when we wrote it.
const folder = mkdtempSync(join(tmpdir(), "video-"));
const file = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => expect(liveFrameCount(), "native frames left alive").toBe(0));

async function collect(frames: AsyncIterable<Frame>): Promise<Frame[]> {
  const all: Frame[] = [];
  for await (const frame of frames) all.push(frame);
  return all;
}

const facts = (frames: readonly Frame[]) => frames.map(({ image, index, time }) => [readCode(image), index, time]);

test("dense reading gives every frame once, in order, with its index and timestamp", async () => {
  await writeMp4(file("dense.mp4"), codedFrames(100), { fps: 8 });
  await using video = await openVideo(file("dense.mp4"));
  expect([video.container, video.codec, video.width, video.height]).toEqual(["MP4", "avc", 64, 32]);
  expect([video.frameCount, video.duration, video.rotation]).toEqual([100, 12.5, 0]);
  expect(facts(await collect(video.frames()))).toEqual(Array.from({ length: 100 }, (_, i) => [i, i, i / 8]));
  expect(facts(await collect(video.frames({ start: 3, end: 4 })))).toEqual(
    Array.from({ length: 8 }, (_, i) => [24 + i, 24 + i, 3 + i / 8]),
  );
  expect(await collect(video.frames({ start: 50, end: 60 }))).toEqual([]);
});

test("sparse reading gives the frames asked for, in the order asked, repeats included", async () => {
  await writeMp4(file("sparse.mp4"), codedFrames(120), { fps: 10, keyFrameInterval: 1.3 });
  await using video = await openVideo(file("sparse.mp4"));
  const rng = new Rng("sparse");
  for (let round = 0; round < 12; round++) {
    const indices = Array.from({ length: rng.integer(0, 15) }, () => rng.below(120));
    if (rng.chance(0.5)) indices.sort((a, b) => a - b);
    expect(facts(await collect(video.framesAtIndices(indices)))).toEqual(indices.map((i) => [i, i, i / 10]));
  }
  await expect(collect(video.framesAtIndices([3, 120]))).rejects.toThrow("frame indices in 0..119");
});

test("on a variable frame rate, a second gives the frame on screen then", async () => {
  const rng = new Rng("vfr");
  const timestamps = [0.25];
  while (timestamps.length < 60) timestamps.push((timestamps.at(-1) as number) + rng.pick([0.01, 0.04, 0.3, 2]));
  await writeMp4(file("vfr.mp4"), codedFrames(60), { fps: 25, timestamps });
  await using video = await openVideo(file("vfr.mp4"));
  const read = Array.from(video.timeline().timestamps);
  // MP4 counts in ticks: half of one at mediabunny's coarsest clock (1/57,600 s) is far below a millisecond.
  for (const [i, t] of read.entries()) expect(Math.abs(t - (timestamps[i] as number))).toBeLessThan(1e-3);
  const seconds = Array.from({ length: 30 }, () => rng.uniform(0, video.duration + 1));
  const expected = seconds.map((s) =>
    Math.max(
      0,
      read.findLastIndex((t) => t <= s),
    ),
  );
  const frames = await collect(video.framesAt(seconds));
  expect(frames.map((frame) => readCode(frame.image))).toEqual(expected);
  for (const [i, { index, time }] of frames.entries()) {
    expect([index, time]).toEqual([expected[i], read[index]]);
    const span = frameSpan(video.timeline(), index);
    expect(span.start).toBe(time);
  }
});

test("an hour of video is read with a handful of native frames alive", async () => {
  await writeMp4(file("hour.mp4"), codedFrames(7200), { fps: 2, keyFrameInterval: 30 });
  await using video = await openVideo(file("hour.mp4"));
  expect(video.duration).toBe(3600);
  let most = 0;
  let next = 0;
  for await (const { image, index } of video.frames()) {
    if (readCode(image) !== next || index !== next) expect([readCode(image), index]).toEqual([next, next]);
    next++;
    most = Math.max(most, liveFrameCount());
  }
  expect(next).toBe(7200);
  // One in the decoder's hands, one in the converter's.
  expect(most).toBeLessThanOrEqual(2);
  const seconds = Array.from({ length: 24 }, (_, i) => 3599 - i * 150);
  expect((await collect(video.framesAt(seconds))).map((f) => readCode(f.image))).toEqual(seconds.map((s) => s * 2));
});

test("rotation metadata turns the picture clockwise", async () => {
  const corner = codedFrame(0, 64, 32);
  for (let y = 0; y < 16; y++) corner.data.fill(255, y * 64 * 4, (y * 64 + 16) * 4); // white at the top left
  const bright = { 0: "left top", 90: "right top", 180: "right bottom", 270: "left bottom" } as const;
  for (const rotation of [0, 90, 180, 270] as const) {
    await writeMp4(file(`turn-${rotation}.mp4`), [corner], { fps: 1, rotation });
    await using video = await openVideo(file(`turn-${rotation}.mp4`));
    const [frame] = await collect(video.frames());
    const { width, height, data } = (frame as Frame).image;
    expect([width, height]).toEqual(rotation % 180 === 0 ? [64, 32] : [32, 64]);
    expect([video.width, video.height, video.rotation]).toEqual([width, height, rotation]);
    const shade = (x: number, y: number) => data[(y * width + x) * 4] as number;
    const found = [2, width - 3].flatMap((x) =>
      [2, height - 3].flatMap((y) =>
        shade(x, y) > 200 ? `${x === 2 ? "left" : "right"} ${y === 2 ? "top" : "bottom"}` : [],
      ),
    );
    expect(found).toEqual([bright[rotation]]);
  }
});

test("frames are scaled while decoding, to a box or to a longest side, never up for the latter", async () => {
  await writeMp4(file("size.mp4"), codedFrames(3), { fps: 1 });
  await using video = await openVideo(file("size.mp4"));
  const sizeOf = async (size: Parameters<typeof video.frames>[1]) =>
    (await collect(video.frames(undefined, size))).map((f, i) => [
      f.image.width,
      f.image.height,
      readCode(f.image) - i,
    ]);
  expect(await sizeOf({ maxSize: 32 })).toEqual(Array(3).fill([32, 16, 0]));
  expect(await sizeOf({ maxSize: 1000 })).toEqual(Array(3).fill([64, 32, 0]));
  expect(await sizeOf({ width: 128, height: 21 })).toEqual(Array(3).fill([128, 21, 0]));
  await expect(sizeOf({ maxSize: 0 })).rejects.toThrow("positive whole pixels");
});

test("leaving an iteration early frees what it held, and the video goes on working", async () => {
  await writeMp4(file("early.mp4"), codedFrames(50), { fps: 10 });
  await using video = await openVideo(file("early.mp4"));
  for await (const { index } of video.frames()) if (index === 5) break;
  for await (const _ of video.framesAt([4, 1, 2])) break;
  expect(liveFrameCount()).toBe(0);
  const two = await Promise.all([collect(video.framesAt([1])), collect(video.framesAt([3]))]);
  expect(two.flat().map((frame) => frame.index)).toEqual([10, 30]);
});

test("a closed video says so", async () => {
  await writeMp4(file("closed.mp4"), codedFrames(5), { fps: 1 });
  const video = await openVideo(file("closed.mp4"));
  await video.close();
  await video.close();
  await expect(collect(video.frames())).rejects.toThrow(/closed\.mp4": the video has been closed/);
});
