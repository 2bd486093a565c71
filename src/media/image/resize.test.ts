import { expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { type ResizeFilter, resizeImage } from "./resize.ts";
import { type RgbaImage, rgbaImage } from "./rgba-image.ts";

function paint(width: number, height: number, shade: (x: number, y: number, channel: number) => number): RgbaImage {
  const image = rgbaImage(width, height);
  for (let i = 0; i < image.data.length; i++) {
    image.data[i] = shade((i >> 2) % width, Math.floor((i >> 2) / width), i & 3);
  }
  return image;
}

/** The chequered square of Pillow's tests: bright top left and bottom right, dark elsewhere. */
const chequer = (size: number) => paint(size, size, (x, y) => (x < size / 2 === y < size / 2 ? 0xe1 : 255 - 0xe1));

/** Expected values of Pillow's tests: the top left quarter; opposite quarters are equal, neighbours inverted. */
function fromQuarter(rows: readonly string[]): number[][] {
  const quarter = rows.map((row) => row.split(" ").map((hex) => Number.parseInt(hex, 16)));
  const half = quarter.length;
  const at = (x: number, y: number) => {
    const value = quarter[y < half ? y : 2 * half - 1 - y]?.[x < half ? x : 2 * half - 1 - x] as number;
    return x < half === y < half ? value : 255 - value;
  };
  return Array.from({ length: 2 * half }, (_, y) => Array.from({ length: 2 * half }, (_, x) => at(x, y)));
}

const channelRows = (image: RgbaImage, channel: number) =>
  Array.from({ length: image.height }, (_, y) =>
    Array.from({ length: image.width }, (_, x) => image.data[(y * image.width + x) * 4 + channel] as number),
  );

// Oracle: Tests/test_image_resample.py of Pillow.
test.each<[string, ResizeFilter, number, number, string[]]>([
  ["reduce_box", "area", 8, 4, ["e1 e1", "e1 e1"]],
  ["enlarge_box", "area", 2, 4, ["e1 e1", "e1 e1"]],
  ["reduce_bicubic", "bicubic", 12, 6, ["e1 e3 d4", "e3 e5 d6", "d4 d6 c9"]],
  ["enlarge_bicubic", "bicubic", 4, 8, ["e1 e5 ee b9", "e5 e9 f3 bc", "ee f3 fd c1", "b9 bc c1 a2"]],
])("gives the values of Pillow's %s", (_, filter, from, to, rows) => {
  const resized = resizeImage(chequer(from), to, to, { filter });
  for (const channel of [0, 1, 2, 3]) expect(channelRows(resized, channel)).toEqual(fromQuarter(rows));
});

test("a very wide image halves exactly in the middle (Pillow's test_reduce)", () => {
  const wide = paint(400_002, 1, (x) => (x < 200_001 ? 254 : 0));
  expect(resizeImage(wide, 5, 1).data[2 * 4]).toBe(127);
});

test("bicubic agrees with a direct two-dimensional sum in float64 within one level", () => {
  const rng = new Rng("bicubic");
  for (const [w, h, toW, toH] of [
    [31, 17, 12, 9],
    [9, 14, 20, 31],
    [40, 10, 13, 25],
  ] as const) {
    const image = paint(w, h, () => rng.below(256));
    const resized = resizeImage(image, toW, toH);
    for (let y = 0; y < toH; y++) {
      for (let x = 0; x < toW; x++) {
        for (let channel = 0; channel < 4; channel++) {
          // One level of rounding after each of the two passes, amplified by the kernel's negative lobes.
          const got = resized.data[(y * toW + x) * 4 + channel] as number;
          expect(Math.abs(got - direct(image, toW, toH, { x, y, channel }))).toBeLessThanOrEqual(1.2);
        }
      }
    }
  }
});

/** Keys' cubic in its textbook form, summed over rows that are clipped to 0..255 as the 8-bit first pass does. */
function direct(image: RgbaImage, width: number, height: number, p: { x: number; y: number; channel: number }): number {
  const weights = (inSize: number, outSize: number, out: number) => {
    const scale = Math.max(1, inSize / outSize);
    const centre = ((out + 0.5) * inSize) / outSize;
    const raw = Array.from({ length: inSize }, (_, i) => {
      const t = Math.abs(i + 0.5 - centre) / scale;
      if (t < 1) return 1.5 * t ** 3 - 2.5 * t ** 2 + 1;
      return t < 2 ? -0.5 * t ** 3 + 2.5 * t ** 2 - 4 * t + 2 : 0;
    });
    const total = raw.reduce((a, b) => a + b, 0);
    return raw.map((weight) => weight / total);
  };
  const clip = (value: number) => Math.min(255, Math.max(0, value));
  const across = weights(image.width, width, p.x);
  const down = weights(image.height, height, p.y);
  const row = (y: number) =>
    across.reduce((sum, weight, x) => {
      return sum + weight * (image.data[(y * image.width + x) * 4 + p.channel] as number);
    }, 0);
  return clip(down.reduce((sum, weight, y) => sum + weight * clip(row(y)), 0));
}

test("area by a whole factor is the rounded mean of each block", () => {
  const rng = new Rng("area");
  const image = paint(12, 8, () => rng.below(256));
  const resized = resizeImage(image, 3, 8, { filter: "area" });
  for (let y = 0; y < 8; y++) {
    for (let x = 0; x < 3; x++) {
      const block = channelRows(image, 1)[y]?.slice(4 * x, 4 * x + 4) as number[];
      expect(channelRows(resized, 1)[y]?.[x]).toBe(Math.round(block.reduce((a, b) => a + b) / 4));
    }
  }
});

test("a constant image stays constant, and an equal size is the same image", () => {
  const flat = paint(13, 7, (_x, _y, channel) => [3, 128, 254, 255][channel] as number);
  for (const filter of ["bicubic", "area"] as const) {
    const resized = resizeImage(flat, 29, 3, { filter });
    expect(new Set(channelRows(resized, 2).flat())).toEqual(new Set([254]));
  }
  expect(resizeImage(flat, 13, 7)).toBe(flat);
});

test("a size that is no positive whole number is refused", () => {
  expect(() => resizeImage(chequer(4), 0, 4)).toThrow("positive whole width and height");
  expect(() => resizeImage(chequer(4), 4, 2.5)).toThrow("positive whole width and height");
});
