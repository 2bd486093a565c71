import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import { type ResizeFilter, type RgbaImage, resizeImage, rgbaImage } from "../media/image/index.ts";
import { readSafetensors } from "../nn/checkpoint/index.ts";
import {
  imagePixels,
  parseImageProcessor,
  readImageProcessor,
  resizeForModel,
  sizeForModel,
} from "./image-processor.ts";

const rng = new Rng("processor");
function noise(width: number, height: number): RgbaImage {
  const image = rgbaImage(width, height);
  for (let i = 0; i < image.data.length; i++) image.data[i] = i % 4 === 3 ? 255 : rng.below(256);
  return image;
}
const plain = { do_resize: false, do_rescale: false, do_normalize: false };

/** Made with Pillow 9.4, see test/parity/goldens.py. */
const golden = readSafetensors(resolve(import.meta.dirname, "../../test/parity/pixels/golden.safetensors"));
function goldenImage(): RgbaImage {
  const { shape, data } = golden.read("image");
  const [height, width] = shape as [number, number, number];
  const image = rgbaImage(width, height);
  for (let i = 0; i < image.data.length; i++) {
    image.data[i] = i % 4 === 3 ? 255 : (data[Math.floor(i / 4) * 3 + (i % 4)] as number);
  }
  return image;
}

test("resizing gives Pillow's pixels, every one", () => {
  for (const name of golden.tensors.keys()) {
    const [, filter, width, height] = /^(\w+)\.(\d+)x(\d+)$/.exec(name) ?? [];
    if (filter === undefined) continue;
    const resized = resizeImage(goldenImage(), Number(width), Number(height), { filter: filter as ResizeFilter });
    const rgb = resized.data.filter((_, i) => i % 4 !== 3);
    expect(Array.from(rgb), name).toEqual(Array.from(golden.read(name).data));
  }
});

test.each([
  ["clip", { image_processor_type: "CLIPImageProcessor", size: { shortest_edge: 14 }, crop_size: 14 }],
  ["siglip", { image_processor_type: "SiglipImageProcessor", size: { height: 20, width: 20 } }],
])("%s's processor gives what Pillow and NumPy give", (name, config) => {
  const got = imagePixels(goldenImage(), parseImageProcessor(config));
  const expected = golden.read(name).data;
  expect(got).toHaveLength(expected.length);
  got.forEach((value, i) => {
    expect(value).toBeCloseTo(expected[i] as number, 5);
  });
});

test("normalisation is (value / 255 - mean) / std of its channel (oracle: by hand)", () => {
  const image = rgbaImage(1, 1, Uint8ClampedArray.of(255, 51, 0, 255));
  const processor = parseImageProcessor({
    do_resize: false,
    do_center_crop: false,
    image_mean: [0.5, 0.1, 0.25],
    image_std: [0.5, 0.2, 0.5],
  });
  const [r, g, b] = imagePixels(image, processor);
  expect(r).toBeCloseTo(1, 6);
  expect(g).toBeCloseTo(0.5, 6);
  expect(b).toBeCloseTo(-0.5, 6);
});

test("a crop is the middle, with black beyond the picture (oracle: pixel by pixel, transformers' rounding)", () => {
  for (const [width, height, cropWidth, cropHeight] of [
    [7, 9, 4, 4],
    [5, 3, 8, 8],
    [9, 3, 4, 6],
    [4, 4, 4, 4],
  ] as const) {
    const image = noise(width, height);
    const crop_size = { width: cropWidth, height: cropHeight };
    const got = imagePixels(image, parseImageProcessor({ ...plain, crop_size }));
    // transformers pads to the larger of both sizes with ceil(difference / 2) in front, then cuts there.
    const left = (inside: number, outside: number) =>
      inside >= outside ? Math.floor((inside - outside) / 2) : -Math.ceil((outside - inside) / 2);
    const expected = [0, 1, 2].flatMap((channel) =>
      Array.from({ length: cropWidth * cropHeight }, (_, i) => {
        const x = (i % cropWidth) + left(width, cropWidth);
        const y = Math.floor(i / cropWidth) + left(height, cropHeight);
        const inside = x >= 0 && x < width && y >= 0 && y < height;
        return inside ? (image.data[4 * (y * width + x) + channel] as number) : 0;
      }),
    );
    expect(Array.from(got)).toEqual(expected);
  }
});

test("shortest_edge keeps the shape and cuts the longer side to whole pixels, as torchvision does", () => {
  const image = noise(10, 7);
  const processor = parseImageProcessor({ ...plain, do_resize: true, do_center_crop: false, size: 5 });
  const got = imagePixels(image, processor);
  // int(5 * 10 / 7) = 7
  const { data } = resizeImage(image, 7, 5);
  const red = Array.from({ length: 35 }, (_, i) => data[4 * i]);
  expect(Array.from(got.subarray(0, 35))).toEqual(red);
});

test("defaults are CLIPImageProcessor's", () => {
  expect(parseImageProcessor({})).toMatchObject({
    size: { shortest_edge: 224 },
    crop_size: { height: 224, width: 224 },
    resample: 3,
  });
});

test("filters and folders that are no CLIP processor are refused with the file's name", () => {
  expect(() => parseImageProcessor({ resample: 1 }, "x.json")).toThrow(/x\.json.*bicubic/s);
  const folder = mkdtempSync(join(tmpdir(), "zoetrope-processor-"));
  expect(() => readImageProcessor(folder)).toThrow(/preprocessor_config\.json/);
  writeFileSync(join(folder, "processor_config.json"), JSON.stringify({ image_processor: { size: 8 } }));
  expect(readImageProcessor(folder).size).toEqual({ shortest_edge: 8 });
  rmSync(folder, { recursive: true });
});

test.each([
  { size: { shortest_edge: 5 }, crop_size: 4 },
  { size: { shortest_edge: 7 }, crop_size: 9 },
  { size: { width: 6, height: 4 }, crop_size: 8 },
  { do_resize: false, crop_size: 6 },
])("a picture resized beforehand gives the same pixels: %j", (settings) => {
  const processor = parseImageProcessor(settings);
  for (const image of [noise(10, 7), noise(3, 11), noise(5, 5)]) {
    const resized = resizeForModel(image, processor);
    expect({ width: resized.width, height: resized.height }).toEqual(sizeForModel(image, processor));
    expect(imagePixels(resized, processor)).toEqual(imagePixels(image, processor));
  }
});
