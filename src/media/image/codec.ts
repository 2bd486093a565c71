/**
 * Picture files in and out, through sharp. sharp is loaded on first use: many commands never touch a picture file.
 */
import type { RgbaImage } from "./rgba-image.ts";
import { rgbaImage } from "./rgba-image.ts";

/** PNG bytes; lossless, alpha kept. */
export async function encodePng(image: RgbaImage): Promise<Uint8Array> {
  return new Uint8Array(await (await raw(image)).png().toBuffer());
}

/** JPEG bytes; alpha is dropped. Quality 1 to 100. */
export async function encodeJpeg(
  image: RgbaImage,
  { quality = 90 }: Readonly<{ quality?: number }> = {},
): Promise<Uint8Array> {
  return new Uint8Array(await (await raw(image)).removeAlpha().jpeg({ quality }).toBuffer());
}

/**
 * A picture from a file path or from bytes (PNG, JPEG, WebP, AVIF, GIF, TIFF), upright (EXIF orientation applied), sRGB.
 * Throws a sentence naming the file when it cannot be read, is no picture, or has more than `maxPixels` (default 2^28), which
 * its header tells before anything is decoded.
 */
export async function decodeImage(
  source: string | Uint8Array,
  { maxPixels = 2 ** 28 }: Readonly<{ maxPixels?: number }> = {},
): Promise<RgbaImage> {
  const name = typeof source === "string" ? JSON.stringify(source) : `${source.length} bytes`;
  const { default: sharp } = await import("sharp");
  try {
    const { data, info } = await sharp(source, { limitInputPixels: maxPixels })
      .rotate()
      .toColourspace("srgb")
      .ensureAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true });
    return rgbaImage(info.width, info.height, new Uint8ClampedArray(data.buffer, data.byteOffset, data.length));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Expected a picture file (PNG, JPEG, WebP, AVIF, GIF or TIFF), got ${name}: ${reason}.`, {
      cause: error,
    });
  }
}

async function raw({ width, height, data }: RgbaImage) {
  const { default: sharp } = await import("sharp");
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.length);
  return sharp(bytes, { raw: { width, height, channels: 4 } });
}
