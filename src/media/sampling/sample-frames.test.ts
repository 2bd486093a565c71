import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { rgbaImage } from "../image/index.ts";
import { openVideo, writeMp4 } from "../video/index.ts";
import { sampleFrames } from "./sample-frames.ts";
import type { SamplerName } from "./samplers.ts";

const folder = mkdtempSync(join(tmpdir(), "sampling-"));
const path = join(folder, "grey.mp4");
afterAll(() => rmSync(folder, { recursive: true }));

/** A flat grey whose shade is ten times the frame's index. */
function grey(index: number) {
  const image = rgbaImage(32, 32);
  for (let i = 0; i < image.data.length; i += 4) image.data.set([10 * index, 10 * index, 10 * index, 255], i);
  return image;
}

test("a sampler, by name or as a function, decides which frames come, each with its index, time and picture", async () => {
  await writeMp4(
    path,
    Array.from({ length: 20 }, (_, i) => grey(i)),
    { fps: 4 },
  );
  await using video = await openVideo(path);
  const expectations = [
    [await sampleFrames(video, "linspace", 4), [0, 6, 12, 19]],
    [await sampleFrames(video, "centres", 2), [5, 15]],
    [await sampleFrames(video, "fps", 8), [0, 4, 8, 12, 16]],
    [await sampleFrames(video, () => [3, 3, 7], 3, { maxSize: 16 }), [3, 3, 7]],
  ] as const;
  for (const [frames, indices] of expectations) {
    expect(frames.map((frame) => frame.index)).toEqual(indices);
    expect(frames.map((frame) => frame.time)).toEqual(indices.map((i) => i / 4));
    for (const { image, index } of frames) {
      expect(Math.abs((image.data[0] as number) - 10 * index)).toBeLessThan(5);
    }
  }
});

test("an unknown sampler is refused with the names that exist", async () => {
  await using video = await openVideo(path);
  const fromConfiguration = "random" as SamplerName;
  await expect(sampleFrames(video, fromConfiguration, 4)).rejects.toThrow("linspace, centres, fps");
});
