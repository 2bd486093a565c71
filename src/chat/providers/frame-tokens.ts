/**
 * How many tokens a picture takes in well-known models, where their makers have written it down. For plans, not for bills: what a
 * server counts is in its replies, and `doctor` measures it.
 */
import { type PixelBudget, smartResize } from "../smart-resize.ts";
import type { ShapeName } from "./shape.ts";

export type PixelSize = Readonly<{ width: number; height: number }>;

export type FrameRule = Readonly<{
  /** Of the model's name. */
  models: RegExp;
  /** In words. */
  basis: string;
  tokens: (size: PixelSize, shape: ShapeName | undefined) => number;
}>;

/** platform.openai.com/docs/guides/images-vision: within 2048 px, the shorter side at most 768 px, then squares of 512 px. */
const tiles =
  (base: number, each: number) =>
  ({ width, height }: PixelSize): number => {
    const fit = Math.min(1, 2048 / Math.max(width, height));
    const shrink = fit * Math.min(1, 768 / (fit * Math.min(width, height)));
    return base + each * Math.ceil((shrink * width) / 512) * Math.ceil((shrink * height) / 512);
  };

/** Same page: patches of 32 px, 1,536 at most, times a factor of the model. */
const patches =
  (factor: number) =>
  ({ width, height }: PixelSize): number =>
    Math.ceil(factor * Math.min(1536, Math.ceil(width / 32) * Math.ceil(height / 32)));

/** Merged patches of Qwen-VL's vision towers, with a start and an end for each picture; as a video, two frames share them. */
const merged =
  (budget: PixelBudget) =>
  (size: PixelSize, shape: ShapeName | undefined): number => {
    const { width, height } = smartResize(size, budget);
    const each = (width / budget.factor) * (height / budget.factor);
    return shape === undefined || shape === "frames" ? each + 2 : each / 2;
  };

/** preprocessor_config.json of Qwen2.5-VL-7B-Instruct and of Qwen3-VL-4B-Instruct. */
const qwen2 = { factor: 28, minPixels: 3136, maxPixels: 12845056 };
const qwen3 = { factor: 32, minPixels: 65536, maxPixels: 16777216 };

/** The first that fits counts. */
export const frameRules: readonly FrameRule[] = [
  { models: /gpt-4o-mini/i, basis: "OpenAI's tiles, 2833 + 5667 each", tokens: tiles(2833, 5667) },
  { models: /gpt-4\.1-mini|gpt-5-mini/i, basis: "OpenAI's patches, times 1.62", tokens: patches(1.62) },
  { models: /gpt-4\.1-nano|gpt-5-nano/i, basis: "OpenAI's patches, times 2.46", tokens: patches(2.46) },
  { models: /o4-mini/i, basis: "OpenAI's patches, times 1.72", tokens: patches(1.72) },
  { models: /gpt-4o|gpt-4\.1|gpt-4\.5|gpt-4-turbo/i, basis: "OpenAI's tiles, 85 + 170 each", tokens: tiles(85, 170) },
  { models: /gpt-5/i, basis: "OpenAI's tiles, 70 + 140 each", tokens: tiles(70, 140) },
  { models: /\bo[13]\b/i, basis: "OpenAI's tiles, 75 + 150 each", tokens: tiles(75, 150) },
  { models: /gemini/i, basis: "Gemini's 258 a frame", tokens: () => 258 },
  { models: /qwen3[-_]?vl/i, basis: "Qwen3-VL's patches of 32 px", tokens: merged(qwen3) },
  { models: /qwen2(?:[._]?5)?[-_]?vl/i, basis: "Qwen2-VL's patches of 28 px", tokens: merged(qwen2) },
  { models: /llava-(?:v?1\.5|next-video)/i, basis: "LLaVA-1.5's 576 a frame", tokens: () => 576 },
];
