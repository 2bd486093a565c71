/**
 * Media in a process of its own; the oracle is the same decoding in this one. Hostile files come last, and each is followed
 * by a good one.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseImageProcessor, resizeForModel } from "../chat/index.ts";
import { decodeImage, encodeJpeg, encodePng, rgbaImage } from "../media/image/index.ts";
import { sampleFrames } from "../media/sampling/index.ts";
import { openVideo, writeMp4 } from "../media/video/index.ts";
import { type DecodeJob, type DecodeLimits, Undecodable } from "./decode-job.ts";
import { DecoderProcess } from "./decoder-process.ts";
import { oversizedPng } from "./hostile.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-decoder-"));
const file = (name: string) => join(folder, name);
const limits: DecodeLimits = { pixels: 1_000_000, frames: 40, videoSeconds: 60, videoFrames: 10_000, bytes: 1 << 20 };
const processor = parseImageProcessor({ size: { shortest_edge: 24 }, crop_size: 24 });
const decoder = new DecoderProcess();

/** A gradient that is different for every number. */
function picture(number: number, width = 40, height = 30) {
  const image = rgbaImage(width, height);
  for (let i = 0; i < width * height; i++)
    image.data.set([(i * 5 + number * 40) % 256, i % 251, number * 9, 255], 4 * i);
  return image;
}
type Work = Partial<DecodeJob> & Record<string, unknown>;
const decode = (work: Work, timeoutMs = 30_000) =>
  decoder.decode({ limits, processor, ...work } as DecodeJob, { signal: new AbortController().signal, timeoutMs });
const fault = async (work: Work, timeoutMs?: number) => {
  const error = await decode(work, timeoutMs).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(Undecodable);
  return error as Undecodable;
};

beforeAll(async () => {
  decoder.start();
  await writeMp4(
    file("clip.mp4"),
    Array.from({ length: 50 }, (_, i) => picture(i)),
    { fps: 10 },
  );
});
afterAll(async () => {
  await decoder.close();
  rmSync(folder, { recursive: true });
});

test("pictures come back as this process would resize them", async () => {
  const pictures = [await encodePng(picture(1)), await encodeJpeg(picture(2, 64, 20))];
  const { frames, duration } = await decode({ kind: "pictures", pictures });
  const expected = await Promise.all(
    pictures.map(async (bytes) => resizeForModel(await decodeImage(bytes), processor)),
  );
  expect(frames).toEqual(expected.map((image, index) => ({ ...image, time: 0, index })));
  expect(duration).toBeNull();
});

test("frames of a video come with the container's times, as local commands sample them", async () => {
  await using video = await openVideo(file("clip.mp4"));
  const expected = await sampleFrames(video, "linspace", 8);
  const { frames, duration } = await decode({ kind: "video", path: file("clip.mp4"), wish: { frames: 8 } });
  expect(frames).toEqual(
    expected.map(({ image, time, index }) => ({ ...resizeForModel(image, processor), time, index })),
  );
  expect(duration).toBe(5);
});

test("jobs come one after the other, each with its own result", async () => {
  const jobs = Array.from({ length: 12 }, async (_, i) => {
    const { frames } = await decode({ kind: "video", path: file("clip.mp4"), wish: { indices: [i] } });
    return frames.map(({ index }) => index);
  });
  expect(await Promise.all(jobs)).toEqual(Array.from({ length: 12 }, (_, i) => [i]));
});

test.each<[string, () => Promise<Uint8Array> | Uint8Array, RegExp]>([
  ["cut short", async () => (await encodePng(picture(3))).slice(0, 200), /picture/],
  ["no picture", () => Buffer.from("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>"), /none of PNG/],
  ["empty", () => new Uint8Array(), /none of PNG/],
  ["of 60,000 by 60,000 pixels in 100 bytes", () => oversizedPng(60_000), /pixel limit/],
  ["of one pixel's height", () => encodePng(rgbaImage(8000, 1)), /8000x1 pixels become 192000x24/],
])("a picture that is %s is refused with its place", async (_, make, message) => {
  const error = await fault({ kind: "pictures", pictures: [await encodePng(picture(1)), await make()] });
  expect(error.message).toMatch(message);
  expect(error.item).toBe(1);
});

test("a video beyond the limits is refused, and its path is not told", async () => {
  const clip = { kind: "video" as const, path: file("clip.mp4"), wish: { frames: 2 } };
  expect((await fault({ ...clip, limits: { ...limits, videoSeconds: 4 } })).message).toMatch(/at most 4 s/);
  expect((await fault({ ...clip, limits: { ...limits, pixels: 1000 } })).message).toMatch(/the video.*1000 pixels/);
  expect((await fault({ ...clip, limits: { ...limits, videoFrames: 10 } })).message).toMatch(/more than 10 frames/);
  expect((await fault({ ...clip, wish: { frames: 41 } })).message).toMatch(/at most 40 frames/);
  expect((await fault({ ...clip, wish: { indices: [50] } })).message).toMatch(/0\.\.49/);
  const few = { ...limits, bytes: 4 * 32 * 24 * 2 - 1 };
  expect((await fault({ ...clip, limits: few })).message).toMatch(/more than 0 MiB decoded; ask for fewer/);
  const missing = await fault({ ...clip, path: file("missing.mp4") });
  expect(missing.message).not.toContain(folder);
});

test("an abort is heard at once, and the next job is done", async () => {
  const stop = new AbortController();
  const job = decoder.decode(
    { kind: "video", path: file("clip.mp4"), wish: { frames: 40 }, limits, processor },
    { signal: stop.signal, timeoutMs: 30_000 },
  );
  stop.abort(new Error("enough"));
  await expect(job).rejects.toThrow("enough");
  expect((await decode({ kind: "video", path: file("clip.mp4"), wish: { frames: 1 } })).frames).toHaveLength(1);
});

test("a job that takes too long is given up, and the next one is done", async () => {
  const job = { kind: "video" as const, path: file("clip.mp4"), wish: { frames: 40 } };
  expect((await fault(job, 1)).message).toMatch(/longer than 0\.001 s/);
  expect((await decode(job)).frames).toHaveLength(40);
});

test("a decoder that is killed takes its job with it, and the next one is done", async () => {
  const before = decoder.starts;
  const job = decode({ kind: "video", path: file("clip.mp4"), wish: { frames: 40 } }).catch(
    (reason: unknown) => reason,
  );
  // The job is handed over in a later turn of the loop.
  await new Promise((resolve) => setImmediate(resolve));
  process.kill(decoder.pid as number, "SIGKILL");
  expect(await job).toMatchObject({ name: "Undecodable", message: expect.stringMatching(/broke down.*SIGKILL/) });
  expect((await decode({ kind: "video", path: file("clip.mp4"), wish: { frames: 1 } })).frames).toHaveLength(1);
  expect(decoder.starts).toBe(before + 1);
});

test("a decoder that hangs is ended, and the next job is done", async () => {
  const before = decoder.starts;
  process.kill(decoder.pid as number, "SIGSTOP");
  const job = { kind: "video" as const, path: file("clip.mp4"), wish: { frames: 1 } };
  expect((await fault(job, 100)).message).toMatch(/longer than 0\.1 s/);
  expect((await decode(job)).frames).toHaveLength(1);
  expect(decoder.starts).toBe(before + 1);
});

test("a file that claims two thousand million samples costs the decoder at most, and the next job is done", async () => {
  const bytes = readFileSync(file("clip.mp4"));
  // Sample sizes become one size for all, and their number the largest; so do the runs of durations.
  const sizes = bytes.indexOf("stsz") + 8;
  bytes.writeUInt32BE(1, sizes);
  bytes.writeUInt32BE(0x7fffffff, sizes + 4);
  const times = bytes.indexOf("stts") + 8;
  expect(bytes.readUInt32BE(times)).toBe(1);
  bytes.writeUInt32BE(0x7fffffff, times + 4);
  writeFileSync(file("bomb.mp4"), bytes);
  const before = decoder.starts;
  const { message } = await fault({ kind: "video", path: file("bomb.mp4"), wish: { frames: 2 } }, 20_000);
  expect(message).toMatch(/more than 10000 frames|broke down|longer than|damaged/);
  expect(decoder.starts - before).toBeLessThanOrEqual(1);
  expect((await decode({ kind: "video", path: file("clip.mp4"), wish: { frames: 1 } })).frames).toHaveLength(1);
});
