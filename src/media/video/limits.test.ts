/** Files from strangers: what is beyond the limits is refused before memory is taken for it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { codedFrame, codedFrames, readCode } from "./coded-frames.ts";
import { openVideo } from "./video.ts";
import { VideoError } from "./video-error.ts";
import { writeMp4 } from "./write-mp4.ts";

const folder = mkdtempSync(join(tmpdir(), "video-limits-"));
const file = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

test("a video at its limits is read, one beyond them is refused by name", async () => {
  await writeMp4(file("small.mp4"), codedFrames(20), { fps: 10 });
  await using video = await openVideo(file("small.mp4"), { pixels: 64 * 32, frames: 20 });
  for await (const { image, index } of video.framesAtIndices([0, 19])) expect(readCode(image)).toBe(index);
  await expect(openVideo(file("small.mp4"), { pixels: 64 * 32 - 1 })).rejects.toThrow(/64x32 .* more than 2047 pixels/);
  await expect(openVideo(file("small.mp4"), { frames: 19 })).rejects.toThrow(/more than 19 frames/);
});

test("a stream of larger pictures than its container says is not decoded", async () => {
  const [width, height] = [256, 128];
  const frames = Array.from({ length: 4 }, (_, i) => codedFrame(i, width, height));
  await writeMp4(file("large.mp4"), frames, { fps: 10 });
  const bytes = readFileSync(file("large.mp4"));
  // Sizes in the track header (16.16) and in the sample entry, both made small; the stream keeps its own.
  const header = bytes.indexOf("tkhd") + 4 + 76;
  expect([bytes.readUInt32BE(header), bytes.readUInt32BE(header + 4)]).toEqual([width << 16, height << 16]);
  bytes.writeUInt32BE(64 << 16, header);
  bytes.writeUInt32BE(32 << 16, header + 4);
  const entry = bytes.indexOf("avc1", bytes.indexOf("stsd")) + 4 + 24;
  expect([bytes.readUInt16BE(entry), bytes.readUInt16BE(entry + 2)]).toEqual([width, height]);
  bytes.writeUInt16BE(64, entry);
  bytes.writeUInt16BE(32, entry + 2);
  writeFileSync(file("liar.mp4"), bytes);
  const read = async (pixels: number) => {
    await using video = await openVideo(file("liar.mp4"), { pixels });
    expect([video.width, video.height]).toEqual([64, 32]);
    for await (const { image } of video.framesAtIndices([3])) return readCode(image);
    return undefined;
  };
  expect(await read(width * height)).toBe(3);
  await expect(read(width * height - 1)).rejects.toThrow(VideoError);
});
