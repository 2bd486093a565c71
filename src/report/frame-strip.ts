/** The frames that a model saw, side by side in one JPEG. */
import { encodeJpeg, hstack, resizeImage } from "../media/image/index.ts";
import type { Frame } from "../media/video/index.ts";

/** One picture of `times.length` frames of equal width; times in seconds by the container's timestamps. */
export type FrameStrip = Readonly<{ jpeg: Uint8Array; width: number; height: number; times: readonly number[] }>;

/** A strip at most `height` pixels high; frames are scaled down to it, never up. Throws on no frames. */
export async function frameStrip(
  frames: readonly Frame[],
  { height = 112, quality = 82 }: Readonly<{ height?: number; quality?: number }> = {},
): Promise<FrameStrip> {
  const images = frames.map(({ image }) => {
    const scale = Math.min(1, height / image.height);
    return resizeImage(
      image,
      Math.max(1, Math.round(image.width * scale)),
      Math.max(1, Math.round(image.height * scale)),
      {
        filter: "area",
      },
    );
  });
  const strip = hstack(images);
  const jpeg = await encodeJpeg(strip, { quality });
  return { jpeg, width: strip.width, height: strip.height, times: frames.map(({ time }) => time) };
}
