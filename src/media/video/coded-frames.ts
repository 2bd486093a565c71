/**
 * Pictures that say their own number, for tests: 16 vertical bars, white for 1 and black for 0, most significant first.
 */
import { type RgbaImage, rgbaImage } from "../image/index.ts";

const bits = 16;

/** A picture of the number (0 to 65,535), 64x32 pixels unless told otherwise. */
export function codedFrame(number: number, width = 64, height = 32): RgbaImage {
  const image = rgbaImage(width, height);
  for (let i = 0; i < width * height; i++) {
    const bit = Math.floor(((i % width) * bits) / width);
    const shade = (number >> (bits - 1 - bit)) & 1 ? 235 : 20;
    image.data.set([shade, shade, shade, 255], i * 4);
  }
  return image;
}

/** The number on a picture, read in the middle of each bar. */
export function readCode({ width, height, data }: RgbaImage): number {
  let number = 0;
  for (let bit = 0; bit < bits; bit++) {
    const x = Math.floor(((bit + 0.5) * width) / bits);
    const shade = data[((height >> 1) * width + x) * 4] as number;
    number = number * 2 + (shade > 127 ? 1 : 0);
  }
  return number;
}

export function* codedFrames(count: number): Generator<RgbaImage> {
  for (let i = 0; i < count; i++) yield codedFrame(i);
}
