/** Picture files in and out through the browser's own canvas: the twin of src/media/image/codec.ts. */
import { type RgbaImage, rgbaImage } from "../../../src/media/image/rgba-image.ts";

/** PNG bytes; lossless, alpha kept. */
export function encodePng(image: RgbaImage): Promise<Uint8Array> {
  return encode(image, { type: "image/png" });
}

/** JPEG bytes; alpha is dropped. Quality 1 to 100. */
export function encodeJpeg(
  image: RgbaImage,
  { quality = 90 }: Readonly<{ quality?: number }> = {},
): Promise<Uint8Array> {
  return encode(image, { type: "image/jpeg", quality: quality / 100 });
}

/** A picture from its bytes. Throws a sentence when they are none. */
export async function decodeImage(source: string | Uint8Array): Promise<RgbaImage> {
  if (typeof source === "string") throw new TypeError(`Expected the bytes of a picture, got the path "${source}".`);
  const bitmap = await createImageBitmap(new Blob([source as BlobPart])).catch((error: unknown) => {
    const name = `${source.length} bytes`;
    throw new Error(`Expected a picture file (PNG, JPEG, WebP, AVIF or GIF), got ${name}.`, { cause: error });
  });
  const context = canvas(bitmap.width, bitmap.height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return rgbaImage(
    context.canvas.width,
    context.canvas.height,
    context.getImageData(0, 0, context.canvas.width, context.canvas.height).data,
  );
}

async function encode(image: RgbaImage, options: ImageEncodeOptions): Promise<Uint8Array> {
  const context = canvas(image.width, image.height);
  context.putImageData(imageData(image), 0, 0);
  const blob = await context.canvas.convertToBlob(options);
  return new Uint8Array(await blob.arrayBuffer());
}

/** The picture as canvases take it; the pixels are shared, not copied. */
export function imageData({ data, width, height }: RgbaImage): ImageData {
  return new ImageData(data as Uint8ClampedArray<ArrayBuffer>, width, height);
}

function canvas(width: number, height: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("Expected a 2D canvas, got none. Use a current browser.");
  return context;
}
