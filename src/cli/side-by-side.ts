/**
 * What a model saw, for --show-frames: one picture of all frames.
 */
import { hstack, type RgbaImage, resizeImage } from "../media/image/index.ts";
import type { Frame } from "../media/video/index.ts";

/** Frames at most 160 pixels high side by side. */
export function sideBySide(frames: readonly Frame[]): RgbaImage {
  const images = frames.map(({ image }) => {
    const scale = Math.min(1, 160 / image.height);
    if (scale === 1) return image;
    const width = Math.max(1, Math.round(image.width * scale));
    return resizeImage(image, width, Math.round(image.height * scale), { filter: "area" });
  });
  return hstack(images, 4);
}
