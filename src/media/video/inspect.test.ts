import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { codedFrames } from "./coded-frames.ts";
import { inspectVideo } from "./inspect.ts";
import { writeMp4 } from "./write-mp4.ts";

const folder = mkdtempSync(join(tmpdir(), "inspect-"));
const file = (name: string) => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

test("a report repeats what was written", async () => {
  await writeMp4(file("even.mp4"), codedFrames(45), { fps: 9, keyFrameInterval: 1, rotation: 90 });
  const report = await inspectVideo(file("even.mp4"));
  expect(report).toMatchObject({
    fileSize: statSync(file("even.mp4")).size,
    container: "MP4",
    codec: "avc",
    coded: { width: 64, height: 32 },
    displayed: { width: 32, height: 64 },
    rotation: 90,
    pixelAspect: { num: 1, den: 1 },
    duration: 5,
    firstTimestamp: 0,
    frameCount: 45,
    hiddenFrames: 0,
    isVariableRate: false,
    audioTracks: [],
    checked: "every frame",
    brokenParts: [],
  });
  expect(report.meanFps).toBeCloseTo(9, 9);
  expect(report.codecString).toMatch(/^avc1\.[0-9a-f]{6}$/i);
  // At least one key frame a second; the encoder may add more where the picture changes altogether.
  expect(report.keyFrames).toBeGreaterThanOrEqual(5);
  expect((await inspectVideo(file("even.mp4"), { deep: false })).checked).toBe("key frames");
});

test("a variable frame rate is recognised, with its intervals", async () => {
  await writeMp4(file("vfr.mp4"), codedFrames(5), { fps: 10, timestamps: [0.5, 0.6, 0.7, 1.7, 1.8] });
  const { isVariableRate, interval, firstTimestamp, duration } = await inspectVideo(file("vfr.mp4"));
  expect(isVariableRate).toBe(true);
  expect(firstTimestamp).toBeCloseTo(0.5, 3);
  expect(duration).toBeCloseTo(1.9, 3);
  expect(interval?.min).toBeCloseTo(0.1, 3);
  expect(interval?.median).toBeCloseTo(0.1, 3);
  expect(interval?.max).toBeCloseTo(1, 3);
});

test("a single frame has no interval", async () => {
  await writeMp4(file("one.mp4"), codedFrames(1), { fps: 10 });
  expect(await inspectVideo(file("one.mp4"))).toMatchObject({ interval: null, isVariableRate: false, frameCount: 1 });
});
