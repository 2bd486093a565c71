/**
 * Frames as rows of a decoder's embeddings. A frame is processed and encoded once, however many questions are asked about it,
 * for as long as somebody holds its picture.
 */
import type { RgbaImage } from "../media/image/index.ts";
import type { Frame } from "../media/video/index.ts";
import { type Eyes, type PixelSize, type VisualEncoder, type VisualGrid, visualRows } from "../nn/models/index.ts";
import { type ImageProcessor, imagePixels, sizeOfVideo } from "./image-processor.ts";

export type FrameEncoder = Readonly<{
  eyes: Eyes;
  /** Visual tokens that the frames of one placeholder take. */
  rows(frames: readonly Frame[]): number;
  /** Where a decoder with M-RoPE places them; null of other models. */
  grid(frames: readonly Frame[]): VisualGrid | null;
  /** The rows of each placeholder's frames. The signal stops between two runs of the vision tower. */
  encode(visuals: readonly (readonly Frame[])[], signal?: AbortSignal): Promise<Float32Array[]>;
}>;

/** The pictures that are encoded together, at a size; `rows` once they are. */
type Unit = { readonly images: readonly RgbaImage[]; readonly size: PixelSize; rows?: Float32Array };

/** Throws an Error when the processor makes other sizes than the model takes. */
export function frameEncoder(encoder: VisualEncoder, processor: ImageProcessor): FrameEncoder {
  const { eyes } = encoder;
  checkImageSize(eyes, processor);
  const known = new WeakMap<RgbaImage, Unit[]>();

  const sizeOf = (frames: readonly Frame[]): PixelSize => {
    if (eyes.imageSize !== null) return { width: eyes.imageSize, height: eyes.imageSize };
    return sizeOfVideo((frames[0] as Frame).image, frames.length, processor);
  };
  const unitOf = (images: readonly RgbaImage[], size: PixelSize): Unit => {
    const first = images[0] as RgbaImage;
    const units = known.get(first) ?? [];
    known.set(first, units);
    const isSame = (unit: Unit) =>
      unit.size.width === size.width &&
      unit.size.height === size.height &&
      unit.images.every((image, i) => image === images[i]);
    const found = units.find(isSame);
    if (found) return found;
    const made: Unit = { images, size };
    units.push(made);
    return made;
  };
  const unitsOf = (frames: readonly Frame[]): Unit[] => {
    if (frames.length === 0) return [];
    const size = sizeOf(frames);
    const looked = eyes.lookAt(frames.length).map((i) => (frames[i] as Frame).image);
    return Array.from({ length: looked.length / eyes.framesPerUnit }, (_, i) =>
      unitOf(looked.slice(i * eyes.framesPerUnit, (i + 1) * eyes.framesPerUnit), size),
    );
  };
  const pixelsOf = ({ images, size }: Unit): Float32Array => {
    const parts = images.map((image) => imagePixels(image, processor, eyes.imageSize === null ? size : undefined));
    const [only] = parts;
    if (parts.length === 1 && only) return only;
    const pixels = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
    parts.reduce((at, part) => {
      pixels.set(part, at);
      return at + part.length;
    }, 0);
    return pixels;
  };

  return {
    eyes,
    rows: (frames) => (frames.length === 0 ? 0 : visualRows(eyes, frames.length, sizeOf(frames))),
    grid(frames) {
      if (eyes.grid === undefined || frames.length === 0) return null;
      const starts = eyes.lookAt(frames.length).filter((_, i) => i % eyes.framesPerUnit === 0);
      const start = (frames[0] as Frame).time;
      return eyes.grid(
        starts.map((i) => (frames[i] as Frame).time - start),
        sizeOf(frames),
      );
    },
    async encode(visuals, signal) {
      const wanted = visuals.map(unitsOf);
      const missing = [...new Set(wanted.flat())].filter((unit) => unit.rows === undefined);
      const bySize = new Map<string, Unit[]>();
      for (const unit of missing) {
        const key = `${unit.size.width}x${unit.size.height}`;
        bySize.set(key, [...(bySize.get(key) ?? []), unit]);
      }
      for (const units of bySize.values()) {
        for (let start = 0; start < units.length; start += unitsAtOnce) {
          signal?.throwIfAborted();
          const chunk = units.slice(start, start + unitsAtOnce);
          const encoded = await encoder.encode(chunk.map(pixelsOf), (chunk[0] as Unit).size, signal);
          for (const [i, unit] of chunk.entries()) unit.rows = encoded[i] as Float32Array;
        }
      }
      return wanted.map((units) => encoder.join(units.map(({ rows }) => rows as Float32Array)));
    },
  };
}

/** Units whose pixels are held at once. */
const unitsAtOnce = 32;

/** Where a size is given as the shorter side alone, what comes out depends on the picture and is checked when it is fed. */
function checkImageSize({ imageSize }: Eyes, { do_center_crop, crop_size, size }: ImageProcessor): void {
  const made = do_center_crop ? crop_size : "height" in size ? size : null;
  if (imageSize === null || made === null || (made.width === imageSize && made.height === imageSize)) return;
  throw new Error(
    `Expected a preprocessor that makes ${imageSize}x${imageSize} images (image_size in config.json), got ${made.width}x${made.height}.`,
  );
}
