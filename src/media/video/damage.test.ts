import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { codedFrames, readCode } from "./coded-frames.ts";
import { inspectVideo } from "./inspect.ts";
import { liveFrameCount } from "./libraries.ts";
import { openVideo } from "./video.ts";
import { VideoError } from "./video-error.ts";
import { writeMp4 } from "./write-mp4.ts";

const folder = mkdtempSync(join(tmpdir(), "damage-"));
const file = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(() => writeMp4(file("whole.mp4"), codedFrames(60), { fps: 10, keyFrameInterval: 1 }));

/** Where the payload of a top-level MP4 box lies. */
function box(bytes: Buffer, name: string): { from: number; to: number } {
  for (let at = 0; at < bytes.length; ) {
    const size = bytes.readUInt32BE(at) === 1 ? Number(bytes.readBigUInt64BE(at + 8)) : bytes.readUInt32BE(at);
    if (bytes.toString("latin1", at + 4, at + 8) === name) return { from: at + 16, to: at + size };
    at += size;
  }
  throw new Error(`no box ${name}`);
}

async function message(path: string): Promise<string> {
  const error = await openVideo(path).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(VideoError);
  expect((error as VideoError).file).toBe(path);
  expect((error as VideoError).message).toContain(JSON.stringify(path));
  return (error as VideoError).message;
}

test("a file that is no video is refused in one sentence that names file, cause and remedy", async () => {
  writeFileSync(file("text.mp4"), "This is not a video.\n".repeat(50));
  writeFileSync(file("empty.mp4"), "");
  writeFileSync(file("noise.mp4"), Buffer.alloc(5000, 7));
  writeFileSync(file("old.avi"), Buffer.concat([Buffer.from("RIFF\0\0\0\0AVI LIST"), Buffer.alloc(500)]));
  mkdirSync(file("folder"));
  expect(await message(file("absent.mp4"))).toMatch(/there is no such file.*Check the path/);
  expect(await message(file("text.mp4"))).toMatch(/expected MP4.*got a text file.*convert it/);
  writeFileSync(file("short.mp4"), "hello\n");
  expect(await message(file("short.mp4"))).toMatch(/expected MP4.*got a text file/);
  expect(await message(file("empty.mp4"))).toMatch(/empty \(0 bytes\).*again/);
  expect(await message(file("noise.mp4"))).toMatch(/data of no known kind/);
  expect(await message(file("old.avi"))).toMatch(/an AVI file.*ffmpeg -i/);
  expect(await message(file("folder"))).toMatch(/it is a folder/);
});

test("a file cut off before its index is refused as cut short", async () => {
  const bytes = readFileSync(file("whole.mp4"));
  writeFileSync(file("cut.mp4"), bytes.subarray(0, bytes.length / 2));
  expect(await message(file("cut.mp4"))).toMatch(/cut short or damaged.*again/);
});

test("outside the parts that inspect calls broken, every frame is right", async () => {
  const bytes = readFileSync(file("whole.mp4"));
  const { from, to } = box(bytes, "mdat");
  const middle = Math.floor((from + to) / 2);
  bytes.fill(0xff, middle, middle + 40);
  writeFileSync(file("damaged.mp4"), bytes);

  const report = await inspectVideo(file("damaged.mp4"));
  expect(report.checked).toBe("every frame");
  expect(report.brokenParts.length).toBeGreaterThan(0);
  const isBroken = (time: number) => report.brokenParts.some((part) => part.start <= time && time < part.end);
  // 40 bytes reach over at most one key frame: two groups of pictures of at most one second.
  const broken = report.brokenParts.reduce((sum, part) => sum + part.affectedFrames, 0);
  expect(broken).toBeLessThanOrEqual(20);

  await using video = await openVideo(file("damaged.mp4"));
  const seen: number[] = [];
  for await (const { image, index, time } of video.frames()) {
    expect(time).toBe(index / 10);
    if (!isBroken(time)) expect(readCode(image)).toBe(index);
    seen.push(index);
  }
  const whole = Array.from({ length: 60 }, (_, i) => i).filter((i) => !isBroken(i / 10));
  expect(seen).toEqual(expect.arrayContaining(whole));
  expect(seen).toEqual([...seen].sort((a, b) => a - b));
});

test("a frame that does not decode is replaced by the nearest earlier one, under that one's own index", async () => {
  const bytes = readFileSync(file("whole.mp4"));
  const { from, to } = box(bytes, "mdat");
  // The index lies behind the pictures: blank the second half of them, keep the index.
  bytes.fill(0, Math.floor((from + to) / 2), to);
  writeFileSync(file("half.mp4"), bytes);
  await using video = await openVideo(file("half.mp4"));
  const indices: number[] = [];
  for await (const { index } of video.frames()) indices.push(index);
  const last = indices.at(-1) as number;
  expect(last).toBeLessThan(59);
  const got: number[] = [];
  for await (const { image, index, time } of video.framesAtIndices([0, 57, 59])) {
    expect([readCode(image), time]).toEqual([index, index / 10]);
    got.push(index);
  }
  expect(got).toEqual([0, last, last]);
});

test("when no frame decodes at all, asking for one is an error that says so", async () => {
  const bytes = readFileSync(file("whole.mp4"));
  const { from, to } = box(bytes, "mdat");
  bytes.fill(0, from, to);
  writeFileSync(file("blank.mp4"), bytes);
  await using video = await openVideo(file("blank.mp4"));
  await expect(video.framesAt([3]).next()).rejects.toThrow(/blank\.mp4": none of its frames decodes/);
  expect(liveFrameCount()).toBe(0);
});
