/**
 * Every codec and container that we claim to read, on a clip whose frames show their own number. mediabunny's server
 * package encodes them; our reader shares only libav with it.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { registerMediabunnyServer } from "@mediabunny/server";
import {
  Conversion,
  FilePathSource,
  FilePathTarget,
  Input,
  MkvOutputFormat,
  MovOutputFormat,
  MP4,
  Mp4OutputFormat,
  MpegTsOutputFormat,
  Output,
  Quality,
  WebMOutputFormat,
} from "mediabunny";
import { afterAll, beforeAll, expect, test } from "vitest";
import { codedFrame, readCode } from "./coded-frames.ts";
import { openVideo } from "./video.ts";
import { writeMp4 } from "./write-mp4.ts";

const folder = mkdtempSync(join(tmpdir(), "codecs-"));
const source = join(folder, "source.mp4");
const count = 40;
afterAll(() => rmSync(folder, { recursive: true }));
beforeAll(async () => {
  registerMediabunnyServer({ hardwareContext: null });
  const frames = Array.from({ length: count }, (_, i) => codedFrame(i, 128, 64));
  await writeMp4(source, frames, { fps: 10, crf: 5 });
});

const formats = {
  mp4: new Mp4OutputFormat(),
  mov: new MovOutputFormat(),
  mkv: new MkvOutputFormat(),
  webm: new WebMOutputFormat(),
  ts: new MpegTsOutputFormat(),
} as const;

test.each([
  ["avc", "mkv"],
  ["avc", "mov"],
  ["avc", "ts"],
  ["hevc", "mp4"],
  ["hevc", "mkv"],
  ["vp8", "webm"],
  ["vp9", "webm"],
  ["vp9", "mp4"],
  ["av1", "webm"],
  ["prores", "mov"],
] as const)("%s in %s: frames, indices and timestamps are right, dense and sparse", async (codec, container) => {
  const path = join(folder, `${codec}.${container}`);
  const conversion = await Conversion.init({
    input: new Input({ source: new FilePathSource(source), formats: [MP4] }),
    output: new Output({ format: formats[container], target: new FilePathTarget(path) }),
    video: { codec, quality: new Quality("very-high"), forceTranscode: codec !== "avc" },
    showWarnings: false,
  });
  await conversion.execute();
  await using video = await openVideo(path);
  expect([video.codec, video.frameCount, video.width, video.height]).toEqual([codec, count, 128, 64]);
  const start = video.timeline().timestamps[0] as number;
  const all = Array.from({ length: count }, (_, i) => i);
  let next = 0;
  for await (const { image, index, time } of video.frames()) {
    expect([readCode(image), index]).toEqual([next, next]);
    // Matroska counts in milliseconds.
    expect(Math.abs(time - start - next / 10)).toBeLessThan(2e-3);
    next++;
  }
  expect(next).toBe(count);
  const wanted = all.filter((i) => i % 7 === 3).reverse();
  const got: number[] = [];
  for await (const { image } of video.framesAtIndices(wanted)) got.push(readCode(image));
  expect(got).toEqual(wanted);
});
