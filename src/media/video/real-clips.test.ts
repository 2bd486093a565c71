/**
 * Real and awkward clips of other people, which are not part of the repository: ../shared/videos, or the folder that
 * ZOETROPE_SHARED names.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import type { Frame } from "./frame-stream.ts";
import { inspectVideo } from "./inspect.ts";
import { openVideo } from "./video.ts";
import { VideoError } from "./video-error.ts";

const shared = process.env.ZOETROPE_SHARED ?? resolve(import.meta.dirname, "../../../../shared");
const folder = join(shared, "videos");
const absent = !existsSync(folder);
const clips = absent
  ? []
  : ["edge", "real"].flatMap((kind) => readdirSync(join(folder, kind)).map((name) => join(folder, kind, name)));
const sound = clips.filter((path) => extname(path) !== ".avi" && !path.includes("corrupted"));
const clip = (name: string) => join(folder, name);

async function collect(frames: AsyncIterable<Frame>): Promise<Frame[]> {
  const all: Frame[] = [];
  for await (const frame of frames) all.push(frame);
  return all;
}

/** Sample counts of every `stsz` box of an MP4 file, found by its bytes: an oracle that shares no code with us. */
function sampleCounts(path: string): number[] {
  const bytes = readFileSync(path);
  const counts: number[] = [];
  for (let at = bytes.indexOf("stsz"); at >= 0; at = bytes.indexOf("stsz", at + 4)) {
    counts.push(bytes.readUInt32BE(at + 12));
  }
  return counts;
}

describe.skipIf(absent)(`real clips${absent ? ` (skipped: there is no folder ${folder})` : ""}`, () => {
  test.each(sound.map((path) => [basename(path), path]))(
    "%s: dense frames are the timeline, and sparse frames equal them",
    async (_, path) => {
      await using video = await openVideo(path);
      const dense = await collect(video.frames(undefined, { maxSize: 64 }));
      expect(dense.map((frame) => frame.index)).toEqual(Array.from({ length: video.frameCount }, (_, i) => i));
      expect(dense.map((frame) => frame.time)).toEqual(Array.from(video.timeline().timestamps));
      const rng = new Rng(basename(path));
      const seconds = Array.from({ length: 8 }, () => rng.uniform(0, video.duration)).sort((a, b) => a - b);
      for (const frame of await collect(video.framesAt(seconds, { maxSize: 64 }))) {
        expect(frame.image).toEqual(dense[frame.index]?.image);
      }
    },
  );

  test.each(sound.filter((path) => extname(path) === ".mp4").map((path) => [basename(path), path]))(
    "%s: as many frames as the sample table says",
    async (_, path) => {
      const report = await inspectVideo(path, { deep: false });
      const counts = sampleCounts(path).filter((count) => count > 0);
      // A fragmented file has its samples elsewhere (rotated.mp4).
      if (counts.length > 0) expect(counts).toContain(report.frameCount + report.hiddenFrames);
    },
  );

  test("a phone's rotation comes out upright", async () => {
    const report = await inspectVideo(clip("edge/rotated.mp4"));
    expect([report.rotation, report.coded, report.displayed]).toEqual([
      90,
      { width: 1920, height: 1080 },
      { width: 1080, height: 1920 },
    ]);
  });

  test("pixels twice as wide as high come out square", async () => {
    await using video = await openVideo(clip("edge/sar_2x1.mp4"));
    const [frame] = await collect(video.framesAt([1]));
    expect([frame?.image.width, frame?.image.height]).toEqual([1280, 360]);
  });

  test("variable frame rates are told from constant ones", async () => {
    const variable = async (name: string) => (await inspectVideo(clip(name), { deep: false })).isVariableRate;
    expect(await variable("edge/cursed-vfr.mp4")).toBe(true);
    expect(await variable("real/water.mp4")).toBe(false);
    // Matroska rounds 1/30 s to milliseconds.
    expect(await variable("real/flipping_a_pancake.mkv")).toBe(false);
  });

  test("the container's first timestamp is kept, and what an edit list cuts off is not counted", async () => {
    await using late = await openVideo(clip("real/skateboarding_dog.mp4"));
    expect(late.timeline().timestamps[0]).toBeGreaterThan(0.03);
    const report = await inspectVideo(clip("real/cooking.mp4"), { deep: false });
    expect([report.firstTimestamp, report.hiddenFrames]).toEqual([0, 1]);
  });

  test("one damaged packet costs one frame; it used to end the process", async () => {
    const path = clip("edge/corrupted.mp4");
    await using video = await openVideo(path);
    const dense = await collect(video.frames(undefined, { maxSize: 64 }));
    expect(dense.length).toBe(video.frameCount - 1);
    const all = Array.from({ length: video.frameCount }, (_, i) => i);
    const each = await collect(video.framesAtIndices(all, { maxSize: 64 }));
    expect(each.length).toBe(video.frameCount);
    expect(each.filter((frame, i) => frame.index !== i).length).toBe(1);
    expect((await inspectVideo(path)).brokenParts.length).toBe(1);
  });

  test("AVI is refused by name", async () => {
    const opened = openVideo(clip("edge/avi-container.avi"));
    await expect(opened).rejects.toThrow(VideoError);
    await expect(opened).rejects.toThrow(/avi-container\.avi.*an AVI file/);
  });
});
