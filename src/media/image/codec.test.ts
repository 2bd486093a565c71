import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterAll, expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { decodeImage, encodeJpeg, encodePng } from "./codec.ts";
import { hstack, rgbaImage } from "./rgba-image.ts";

const folder = mkdtempSync(join(tmpdir(), "image-"));
afterAll(() => rmSync(folder, { recursive: true }));

const rng = new Rng("pictures");
const noise = rgbaImage(
  9,
  5,
  Uint8ClampedArray.from({ length: 9 * 5 * 4 }, (_, i) => (i % 4 === 3 ? 255 : rng.below(256))),
);

test("PNG keeps every byte, from memory and from a file", async () => {
  const png = await encodePng(noise);
  expect(await decodeImage(png)).toEqual(noise);
  writeFileSync(join(folder, "noise.png"), png);
  expect(await decodeImage(join(folder, "noise.png"))).toEqual(noise);
});

test("JPEG keeps size and, at high quality, a flat colour", async () => {
  const flat = rgbaImage(16, 8);
  for (let i = 0; i < flat.data.length; i += 4) flat.data.set([200, 100, 50, 255], i);
  const back = await decodeImage(await encodeJpeg(flat, { quality: 95 }));
  expect([back.width, back.height]).toEqual([16, 8]);
  for (let i = 0; i < back.data.length; i++) {
    expect(Math.abs((back.data[i] as number) - (flat.data[i] as number))).toBeLessThanOrEqual(3);
  }
});

test("a file that is missing or no picture is refused by name", async () => {
  await expect(decodeImage(join(folder, "absent.png"))).rejects.toThrow("absent.png");
  writeFileSync(join(folder, "text.png"), "no picture");
  await expect(decodeImage(join(folder, "text.png"))).rejects.toThrow(/Expected a picture file .*text\.png/);
});

test("a picture of more pixels than allowed is refused by its header alone", async () => {
  const png = await encodePng(noise);
  expect(await decodeImage(png, { maxPixels: 45 })).toEqual(noise);
  await expect(decodeImage(png, { maxPixels: 44 })).rejects.toThrow(/exceeds pixel limit/);
  // Width and height of the header changed to 60,000: no pixel of them is in the file.
  const bomb = Buffer.from(png);
  bomb.writeUInt32BE(60_000, 16);
  bomb.writeUInt32BE(60_000, 20);
  bomb.writeUInt32BE(crc32(bomb.subarray(12, 29)), 29);
  await expect(decodeImage(bomb)).rejects.toThrow(/exceeds pixel limit/);
});

test("hstack lays images of one height side by side with a gap", () => {
  const strip = hstack([noise, noise], 2);
  expect([strip.width, strip.height]).toEqual([20, 5]);
  const pixel = (x: number, y: number) => [...strip.data.subarray((y * 20 + x) * 4, (y * 20 + x) * 4 + 4)];
  for (let y = 0; y < 5; y++) {
    for (let x = 0; x < 9; x++) expect(pixel(x + 11, y)).toEqual(pixel(x, y));
    expect(pixel(9, y)).toEqual([0, 0, 0, 0]);
  }
  expect(() => hstack([noise, rgbaImage(2, 4)])).toThrow("one height (5 px), got one of 4 px");
  expect(() => hstack([])).toThrow("at least one image");
});
