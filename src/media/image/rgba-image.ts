/**
 * A picture in memory. Row-major RGBA bytes, origin top left; the shape that canvas ImageData and sharp's raw mode share.
 */
export type RgbaImage = Readonly<{ width: number; height: number; data: Uint8ClampedArray }>;

/** An image of the given size in pixels: transparent black, or the given bytes (throws when their number is wrong). */
export function rgbaImage(width: number, height: number, data?: Uint8ClampedArray): RgbaImage {
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    throw new RangeError(`Expected a positive whole width and height in pixels, got ${width}x${height}.`);
  }
  const expected = width * height * 4;
  if (data && data.length !== expected) {
    throw new RangeError(`Expected ${expected} bytes of RGBA for ${width}x${height} pixels, got ${data.length}.`);
  }
  return { width, height, data: data ?? new Uint8ClampedArray(expected) };
}

/** Images of one height side by side, left to right, with an optional gap of transparent pixels: a strip of frames. */
export function hstack(images: readonly RgbaImage[], gap = 0): RgbaImage {
  const height = images[0]?.height;
  if (height === undefined) throw new RangeError("Expected at least one image to put side by side, got none.");
  const other = images.find((image) => image.height !== height);
  if (other) throw new RangeError(`Expected images of one height (${height} px), got one of ${other.height} px.`);
  const width = images.reduce((sum, image) => sum + image.width, gap * (images.length - 1));
  const strip = rgbaImage(width, height);
  let left = 0;
  for (const image of images) {
    const rowBytes = image.width * 4;
    for (let y = 0; y < height; y++) {
      strip.data.set(image.data.subarray(y * rowBytes, (y + 1) * rowBytes), (y * width + left) * 4);
    }
    left += image.width + gap;
  }
  return strip;
}
