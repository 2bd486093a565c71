/**
 * Pictures as vision towers want them: resized, cropped, normalised. The settings are preprocessor_config.json's, the
 * arithmetic is that of transformers' image processors (with Pillow's filters from media/image).
 *
 * What a file leaves out follows from the image_processor_type that it names.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type ResizeFilter, type RgbaImage, resizeImage } from "../media/image/index.ts";
import { readJson } from "../nn/checkpoint/index.ts";
import { smartResize, videoBudget } from "./smart-resize.ts";

const pixels = z.int().positive();
const rectangle = z.object({ height: pixels, width: pixels });
const square = pixels.transform((side) => ({ height: side, width: side }));
const threeNumbers = z.tuple([z.number(), z.number(), z.number()]);

/** PIL's numbers of its filters. */
const filters: Readonly<Record<number, ResizeFilter>> = { 2: "bilinear", 3: "bicubic", 4: "area" };

/** What the processors of towers with whole squares have in common where they differ from CLIP's. */
const squares = { do_center_crop: false, image_mean: [0.5, 0.5, 0.5], image_std: [0.5, 0.5, 0.5] };

/** Defaults by the beginning of image_processor_type; CLIP's are in the schema. */
const defaultsByType: readonly (readonly [RegExp, Readonly<Record<string, unknown>>])[] = [
  [/^Siglip/, { ...squares, size: { height: 224, width: 224 } }],
  [/^LlavaOnevision/, { ...squares, size: { height: 384, width: 384 } }],
  [/^Qwen2(?:_5_)?VL/, { do_center_crop: false }],
];

/** The fields that are read, with CLIPImageProcessor's defaults; others are ignored. */
export const imageProcessorSchema = z.looseObject({
  do_resize: z.boolean().default(true),
  size: z
    .union([
      z.object({ shortest_edge: pixels, longest_edge: pixels.optional() }),
      rectangle,
      pixels.transform((side) => ({ shortest_edge: side })),
    ])
    .default({ shortest_edge: 224 }),
  resample: z
    .int()
    .refine((filter) => filter in filters, "Only 2 (bilinear), 3 (bicubic) and 4 (box) are supported")
    .default(3),
  do_center_crop: z.boolean().default(true),
  crop_size: z.union([rectangle, square]).default({ height: 224, width: 224 }),
  do_rescale: z.boolean().default(true),
  rescale_factor: z.number().default(1 / 255),
  do_normalize: z.boolean().default(true),
  image_mean: threeNumbers.default([0.48145466, 0.4578275, 0.40821073]),
  image_std: threeNumbers.default([0.26862954, 0.26130258, 0.27577711]),
  /** Of models that take pictures of any size: pixels of a whole frame, and of a merged patch's side. */
  min_pixels: pixels.optional(),
  max_pixels: pixels.optional(),
  patch_size: pixels.optional(),
  merge_size: pixels.optional(),
});

export type ImageProcessor = Readonly<z.output<typeof imageProcessorSchema>>;

/** Check the content of a preprocessor_config.json. `where` names it in errors. */
export function parseImageProcessor(raw: unknown, where = "memory"): ImageProcessor {
  const named = z.looseObject({ image_processor_type: z.string().optional() }).safeParse(raw);
  const type = named.data?.image_processor_type ?? "CLIPImageProcessor";
  const defaults = defaultsByType.find(([pattern]) => pattern.test(type))?.[1] ?? {};
  const result = imageProcessorSchema.safeParse(named.success ? { ...defaults, ...budgetOf(named.data) } : raw);
  if (result.success) return result.data;
  throw new Error(`Expected an image processor in ${where}: ${z.prettifyError(result.error)}.`);
}

/** Qwen2-VL's newer files give the budget of pixels as `size`. */
function budgetOf(raw: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const budget = z.object({ shortest_edge: pixels, longest_edge: pixels }).safeParse(raw.size);
  if (!budget.success) return raw;
  return { min_pixels: budget.data.shortest_edge, max_pixels: budget.data.longest_edge, ...raw };
}

/** Read preprocessor_config.json of a checkpoint folder, or what transformers 5 writes instead, processor_config.json. */
export function readImageProcessor(folder: string): ImageProcessor {
  const own = join(folder, "preprocessor_config.json");
  if (existsSync(own)) return parseImageProcessor(readJson(own, z.looseObject({})), own);
  const shared = join(folder, "processor_config.json");
  if (existsSync(shared)) {
    const { image_processor } = readJson(shared, z.looseObject({ image_processor: z.looseObject({}).optional() }));
    if (image_processor) return parseImageProcessor(image_processor, shared);
  }
  throw new Error(
    `Expected preprocessor_config.json in ${folder}, got none. Copy it from where the checkpoint is from.`,
  );
}

/**
 * An image as the vision tower reads it: (3, height, width), red first; alpha is ignored. `at` is the size of models that
 * look at pictures of any size (sizeOfVideo), instead of the processor's own.
 */
export function imagePixels(image: RgbaImage, processor: ImageProcessor, at?: PixelSize): Float32Array {
  const resized = at
    ? resizeImage(image, at.width, at.height, { filter: filters[processor.resample] as ResizeFilter })
    : resizeForModel(image, processor);
  const { width, height, data } = processor.do_center_crop && !at ? centreCrop(resized, processor.crop_size) : resized;
  const plane = width * height;
  const out = new Float32Array(3 * plane);
  for (let channel = 0; channel < 3; channel++) {
    const values = levels(processor, channel);
    for (let i = 0; i < plane; i++) out[channel * plane + i] = values[data[4 * i + channel] as number] as number;
  }
  return out;
}

/** The first step of imagePixels alone. A picture that was resized so stays as it is when imagePixels comes. */
export function resizeForModel(image: RgbaImage, processor: ImageProcessor): RgbaImage {
  const { width, height } = sizeForModel(image, processor);
  return resizeImage(image, width, height, { filter: filters[processor.resample] as ResizeFilter });
}

/** The size in pixels that resizeForModel makes of a size. */
export function sizeForModel({ width, height }: PixelSize, { do_resize, size }: ImageProcessor): PixelSize {
  if (!do_resize) return { width, height };
  if ("height" in size) return size;
  const longer = (side: number, shorter: number) => Math.trunc((size.shortest_edge * side) / shorter);
  return width <= height
    ? { width: size.shortest_edge, height: longer(height, width) }
    : { width: longer(width, height), height: size.shortest_edge };
}

/** The size at which the frames of a video are looked at by a model that takes any; all of one video have one size. */
export function sizeOfVideo(first: PixelSize, frames: number, processor: ImageProcessor): PixelSize {
  return smartResize(first, videoBudget(processor, frames));
}

export type PixelSize = Readonly<{ width: number; height: number }>;

/** The middle of the image; black beyond its edges where it is smaller than the crop. */
function centreCrop(image: RgbaImage, { width, height }: { width: number; height: number }): RgbaImage {
  if (image.width === width && image.height === height) return image;
  const data = new Uint8ClampedArray(4 * width * height);
  // transformers rounds the margin down when it cuts and up when it pads.
  const offset = (inside: number, outside: number) => Math.floor((inside - outside) / 2);
  const top = offset(image.height, height);
  const left = offset(image.width, width);
  const from = Math.max(0, -left);
  const to = Math.min(width, image.width - left);
  for (let y = Math.max(0, -top); y < Math.min(height, image.height - top); y++) {
    const row = 4 * ((y + top) * image.width + left);
    data.set(image.data.subarray(row + 4 * from, row + 4 * to), 4 * (y * width + from));
  }
  return { width, height, data };
}

/** What each of the 256 values of a channel becomes. */
function levels(processor: ImageProcessor, channel: number): Float32Array {
  const scale = processor.do_rescale ? processor.rescale_factor : 1;
  const [mean, deviation] = processor.do_normalize
    ? [processor.image_mean[channel] as number, processor.image_std[channel] as number]
    : [0, 1];
  return Float32Array.from({ length: 256 }, (_, value) => (value * scale - mean) / deviation);
}
