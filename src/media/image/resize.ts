/**
 * Resizing as the image processors of the field do it: Pillow's `Image.resize` with BICUBIC (a = -0.5), BILINEAR or BOX, which
 * widen the filter by the downscale factor, so that shrinking averages instead of skipping pixels.
 *
 * The arithmetic follows Pillow's Resample.c (8 bits a channel): 22-bit fixed-point coefficients, a horizontal pass
 * rounded to 8 bits, then a vertical one. All four channels are filtered alike, as Pillow does for RGBX; opaque images
 * therefore equal Pillow's RGB result.
 */
import { type RgbaImage, rgbaImage } from "./rgba-image.ts";

/** "bicubic" and "bilinear" for models (Hugging Face processors' resample 3 and 2), "area" (Pillow's BOX) for thumbnails. */
export type ResizeFilter = "bicubic" | "bilinear" | "area";

type Kernel = Readonly<{ support: number; weight: (x: number) => number }>;

const kernels: Readonly<Record<ResizeFilter, Kernel>> = {
  bicubic: { support: 2, weight: cubic },
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  area: { support: 0.5, weight: (x) => (x > -0.5 && x <= 0.5 ? 1 : 0) },
};

/** Pillow's PRECISION_BITS for 8-bit channels: 32 - 8 - 2. */
const precisionBits = 22;

/** The image at another size in pixels. Equal sizes return the same object. */
export function resizeImage(
  image: RgbaImage,
  width: number,
  height: number,
  options: Readonly<{ filter?: ResizeFilter }> = {},
): RgbaImage {
  const kernel = kernels[options.filter ?? "bicubic"];
  const wide = width === image.width ? image : resampleRows(image, width, kernel);
  if (height === wide.height) return wide;
  return resampleColumns(wide, height, kernel);
}

/** For every output pixel: first input pixel, how many, and their fixed-point weights, `taps` a pixel. */
type Coefficients = Readonly<{ first: Int32Array; count: Int32Array; weights: Int32Array; taps: number }>;

function coefficients(inSize: number, outSize: number, kernel: Kernel): Coefficients {
  const scale = inSize / outSize;
  const filterScale = Math.max(scale, 1);
  const support = kernel.support * filterScale;
  const taps = Math.ceil(support) * 2 + 1;
  const first = new Int32Array(outSize);
  const count = new Int32Array(outSize);
  const weights = new Int32Array(outSize * taps);
  const raw = new Float64Array(taps);
  for (let out = 0; out < outSize; out++) {
    const centre = (out + 0.5) * scale;
    // Truncation after adding 0.5, as in C; both ends are clamped to the image.
    const low = Math.max(0, Math.trunc(centre - support + 0.5));
    const n = Math.min(inSize, Math.trunc(centre + support + 0.5)) - low;
    let total = 0;
    for (let i = 0; i < n; i++) {
      raw[i] = kernel.weight((i + low - centre + 0.5) * (1 / filterScale));
      total += raw[i] as number;
    }
    for (let i = 0; i < n; i++) {
      const weight = total === 0 ? (raw[i] as number) : (raw[i] as number) / total;
      weights[out * taps + i] = Math.trunc((weight < 0 ? -0.5 : 0.5) + weight * (1 << precisionBits));
    }
    first[out] = low;
    count[out] = n;
  }
  return { first, count, weights, taps };
}

function resampleRows(image: RgbaImage, width: number, kernel: Kernel): RgbaImage {
  const result = rgbaImage(width, image.height);
  const plan = coefficients(image.width, width, kernel);
  for (let y = 0; y < image.height; y++) {
    const row = y * image.width * 4;
    for (let x = 0; x < width; x++) filterPixel(image.data, row, 4, plan, x, result.data, (y * width + x) * 4);
  }
  return result;
}

function resampleColumns(image: RgbaImage, height: number, kernel: Kernel): RgbaImage {
  const result = rgbaImage(image.width, height);
  const plan = coefficients(image.height, height, kernel);
  const stride = image.width * 4;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < image.width; x++) {
      filterPixel(image.data, x * 4, stride, plan, y, result.data, y * stride + x * 4);
    }
  }
  return result;
}

/** One output pixel: the weighted sum of a run of input pixels that lie `step` bytes apart, from `base` on. */
function filterPixel(
  from: Uint8ClampedArray,
  base: number,
  step: number,
  { first, count, weights, taps }: Coefficients,
  out: number,
  to: Uint8ClampedArray,
  at: number,
): void {
  const half = 1 << (precisionBits - 1);
  let [r, g, b, a] = [half, half, half, half];
  let source = base + (first[out] as number) * step;
  const start = out * taps;
  for (let i = start; i < start + (count[out] as number); i++, source += step) {
    const weight = weights[i] as number;
    r += (from[source] as number) * weight;
    g += (from[source + 1] as number) * weight;
    b += (from[source + 2] as number) * weight;
    a += (from[source + 3] as number) * weight;
  }
  // The clamped array clips to 0..255 as Pillow's clip8 does.
  to[at] = r >> precisionBits;
  to[at + 1] = g >> precisionBits;
  to[at + 2] = b >> precisionBits;
  to[at + 3] = a >> precisionBits;
}

/** Keys' cubic with a = -0.5, in Pillow's order of operations. */
function cubic(x: number): number {
  const a = -0.5;
  const t = Math.abs(x);
  if (t < 1) return ((a + 2) * t - (a + 3)) * t * t + 1;
  if (t < 2) return (((t - 5) * t + 8) * t - 4) * a;
  return 0;
}
