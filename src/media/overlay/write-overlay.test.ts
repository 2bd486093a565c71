/** Oracles: the label whose drawing lies nearest to the decoded picture; the sound's own packets. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { type RgbaImage, rgbaImage } from "../image/index.ts";
import { openVideo, writeMp4 } from "../video/index.ts";
import { drawText } from "./draw-text.ts";
import { clockLabels, numbersByTime } from "./visual-prompt.ts";
import { writeOverlay } from "./write-overlay.ts";

const folder = mkdtempSync(join(tmpdir(), "overlay-"));
afterAll(() => rmSync(folder, { recursive: true }));
const [bare, numbered, wav] = ["bare.mp4", "numbered.mp4", "sound.wav"].map((name) => join(folder, name)) as [
  string,
  string,
  string,
];

function black(width = 96, height = 64): RgbaImage {
  const image = rgbaImage(width, height);
  for (let i = 3; i < image.data.length; i += 4) image.data[i] = 255;
  return image;
}

/** A mono 16-bit PCM file with a known sequence of samples. */
function writeWav(path: string, samples: Int16Array): void {
  const header = Buffer.alloc(44);
  const bytes = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
  header.write("RIFF", 0);
  header.writeUInt32LE(36 + bytes.length, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(8000, 24);
  header.writeUInt32LE(16000, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36);
  header.writeUInt32LE(bytes.length, 40);
  writeFileSync(path, Buffer.concat([header, bytes]));
}

/** All samples of a file's sound track, undecoded. */
async function packetsOf(path: string): Promise<Buffer> {
  const { ALL_FORMATS, EncodedPacketSink, FilePathSource, Input } = await import("mediabunny");
  const input = new Input({ source: new FilePathSource(path), formats: ALL_FORMATS });
  const track = await input.getPrimaryAudioTrack();
  const parts: Uint8Array[] = [];
  if (track) for await (const packet of new EncodedPacketSink(track).packets()) parts.push(packet.data);
  input.dispose();
  return Buffer.concat(parts);
}

function distance(a: RgbaImage, b: RgbaImage): number {
  return a.data.reduce((sum, value, i) => sum + Math.abs(value - (b.data[i] as number)), 0);
}

test("numbers go by time on a variable frame rate, times and length stay", async () => {
  const timestamps = [0, 0.2, 0.9, 1.05, 2.5, 2.6, 6.2, 7.99];
  await writeMp4(
    bare,
    timestamps.map(() => black()),
    { fps: 2, timestamps, end: 9.5 },
  );
  await using video = await openVideo(bare);
  const written = await writeOverlay(numbered, video, { labelling: numbersByTime(), style: { color: "white" } });
  expect(written).toMatchObject({ frames: 8, labelled: 8, labels: ["0", "1", "2", "6", "7"], audio: null });
  await using copy = await openVideo(numbered);
  expect(copy.duration).toBeCloseTo(9.5, 3);
  const labels = Array.from({ length: 10 }, (_, i) => String(i));
  for await (const { image, time, index } of copy.frames()) {
    expect(time).toBeCloseTo(timestamps[index] as number, 3);
    const distances = labels.map((label) => distance(image, drawText(black(), label, { color: "white" })));
    expect(distances.indexOf(Math.min(...distances))).toBe(Math.floor(timestamps[index] as number));
  }
});

test("the sound is copied bit by bit, or left out", async () => {
  writeWav(
    wav,
    Int16Array.from({ length: 12000 }, (_, i) => Math.round(9000 * Math.sin(i / 5))),
  );
  await writeMp4(
    bare,
    Array.from({ length: 12 }, () => black()),
    { fps: 8, audioFrom: wav },
  );
  const sound = await packetsOf(wav);
  expect(sound.length).toBe(24000);
  expect((await packetsOf(bare)).equals(sound)).toBe(true);
  await using video = await openVideo(bare);
  const kept = await writeOverlay(numbered, video, { labelling: clockLabels() });
  expect(kept.audio).toBe("pcm-s16");
  expect((await packetsOf(numbered)).equals(sound)).toBe(true);
  await writeOverlay(numbered, video, { labelling: clockLabels(), audio: false });
  expect(await packetsOf(numbered)).toHaveLength(0);
});

test("an interruption leaves no file", async () => {
  await writeMp4(
    bare,
    Array.from({ length: 6 }, () => black()),
    { fps: 8 },
  );
  await using video = await openVideo(bare);
  const target = join(folder, "interrupted.mp4");
  const controller = new AbortController();
  const onFrame = (written: number) => written === 3 && controller.abort(new Error("enough"));
  const options = { labelling: numbersByTime(), signal: controller.signal, onFrame };
  await expect(writeOverlay(target, video, options)).rejects.toThrow("enough");
  expect(readdirSync(folder).filter((name) => name.includes("interrupted"))).toEqual([]);
});
