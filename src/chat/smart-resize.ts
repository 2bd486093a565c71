/**
 * The size at which Qwen2-VL looks at a picture: near its own, whole multiples of a merged patch, within a budget of pixels
 * (`smart_resize` of Qwen2-VL's image processor; Wang et al. 2024, arXiv:2409.12191, section 2.1).
 */
import { roundHalfEven } from "../core/math/index.ts";

export type PixelBudget = Readonly<{
  /** Pixels along a side of a merged square of patches: patch_size * merge_size. */
  factor: number;
  minPixels: number;
  maxPixels: number;
}>;

/** Width and height in pixels. Throws a RangeError for pictures more than 200 times as long as they are wide. */
export function smartResize(
  { width, height }: Readonly<{ width: number; height: number }>,
  { factor, minPixels, maxPixels }: PixelBudget,
): { width: number; height: number } {
  if (Math.max(width, height) / Math.min(width, height) > 200) {
    throw new RangeError(`Expected a picture at most 200 times as long as wide, got ${width}x${height}. Crop it.`);
  }
  const rounded = (side: number) => roundHalfEven(side / factor, 0) * factor;
  const [w, h] = [rounded(width), rounded(height)];
  if (w * h > maxPixels) {
    const shrink = Math.sqrt((width * height) / maxPixels);
    const fitted = (side: number) => Math.max(factor, Math.floor(side / shrink / factor) * factor);
    return { width: fitted(width), height: fitted(height) };
  }
  if (w * h < minPixels) {
    const grow = Math.sqrt(minPixels / (width * height));
    const fitted = (side: number) => Math.ceil((side * grow) / factor) * factor;
    return { width: fitted(width), height: fitted(height) };
  }
  return { width: w, height: h };
}

/** What of a processor's settings the budget depends on. */
export type BudgetSettings = Readonly<{
  /** Qwen2-VL's 14 and 2 where absent. */
  patch_size?: number | undefined;
  merge_size?: number | undefined;
  min_pixels?: number | undefined;
  max_pixels?: number | undefined;
}>;

/**
 * The budget of each frame of a video: qwen_vl_utils' limits (128 to 768 merged patches a frame, 24,576 pairs of frames in
 * all), narrowed by those of the processor's file.
 */
export function videoBudget(settings: BudgetSettings, frames: number): PixelBudget {
  const factor = (settings.patch_size ?? 14) * (settings.merge_size ?? 2);
  const square = factor ** 2;
  const maxPixels = Math.min(768 * square, settings.max_pixels ?? Number.POSITIVE_INFINITY);
  const minPixels = Math.min(Math.max(128 * square, settings.min_pixels ?? 0), maxPixels);
  const shared = ((24_576 * square) / Math.max(frames, 1)) * 2;
  return { factor, minPixels, maxPixels: Math.max(Math.min(maxPixels, shared), Math.trunc(minPixels * 1.05)) };
}
