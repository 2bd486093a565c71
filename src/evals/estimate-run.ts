/**
 * What a run of a benchmark would take: every video's header is read, nothing is decoded, nobody is asked.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type ChatModel, type Estimate, Estimator, type TokenPrice, userMessage } from "../chat/index.ts";
import { Rng } from "../core/math/index.ts";
import { rgbaImage } from "../media/image/index.ts";
import { type SamplerName, samplers } from "../media/sampling/index.ts";
import { type Frame, openVideo, VideoError } from "../media/video/index.ts";
import type { BenchmarkItem, OpenBenchmark } from "./benchmarks/index.ts";
import { framesOfLook, type Look, within } from "./look.ts";

export type EstimateRunOptions = Readonly<{
  benchmark: OpenBenchmark;
  items: readonly BenchmarkItem[];
  data: string;
  model: ChatModel;
  sampler: SamplerName;
  frames: number;
  looks: readonly Look[];
  price: TokenPrice | null;
  signal?: AbortSignal;
  onProgress?: (videos: number) => void;
}>;

/** `unasked`: questions whose video is missing or broken, which no look would be asked about. */
export type RunEstimate = Readonly<{ estimate: Estimate; unasked: number }>;

/** What the log of a run and the cache of replies hold already is not taken off. */
export async function estimateRun(options: EstimateRunOptions): Promise<RunEstimate> {
  const { benchmark, items, looks, model, price, signal, onProgress } = options;
  const estimator = new Estimator(model, price);
  const shown = new Map<string, Promise<readonly Frame[] | null>>();
  const blank = blankImages();
  let unasked = 0;
  for (const item of items) {
    signal?.throwIfAborted();
    const key = `${item.video}\n${item.span?.start}-${item.span?.end}`;
    if (!shown.has(key)) {
      shown.set(key, plannedFrames(item, options, blank));
      onProgress?.(shown.size);
    }
    const frames = await shown.get(key);
    if (!frames) {
      unasked++;
      continue;
    }
    for (const look of looks) {
      const seen = framesOfLook(look, frames, new Rng(0));
      estimator.add({ messages: [userMessage(item.prompt, seen)], maxNewTokens: benchmark.maxNewTokens });
    }
  }
  return { estimate: estimator.result(), unasked };
}

/** Frames with their times and sizes, and nothing on them; null where the video is missing or broken. */
async function plannedFrames(
  { files, span }: BenchmarkItem,
  { data, sampler, frames }: EstimateRunOptions,
  blank: ReturnType<typeof blankImages>,
): Promise<readonly Frame[] | null> {
  const file = files.map((path) => join(data, path)).find((path) => existsSync(path));
  if (file === undefined) return null;
  try {
    await using video = await openVideo(file);
    const line = video.timeline();
    const choose = span ? within(samplers[sampler], span) : samplers[sampler];
    const image = blank(video.width, video.height);
    return choose(line, frames).map((index) => ({ image, time: line.timestamps[index] as number, index }));
  } catch (error) {
    if (error instanceof VideoError) return null;
    throw error;
  }
}

/** One image a size, however many frames have it. */
function blankImages() {
  const images = new Map<string, Frame["image"]>();
  return (width: number, height: number): Frame["image"] => {
    const key = `${width}x${height}`;
    const image = images.get(key) ?? rgbaImage(width, height);
    images.set(key, image);
    return image;
  };
}
