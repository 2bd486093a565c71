/**
 * What a run over questions about videos would take: every video's header is read, nothing is decoded, nobody is asked.
 */
import { type ChatModel, type Estimate, Estimator, type Message, type TokenPrice, userMessage } from "../chat/index.ts";
import { Rng } from "../core/math/index.ts";
import { rgbaImage } from "../media/image/index.ts";
import { type Sampler, type SamplerName, samplers } from "../media/sampling/index.ts";
import { type Frame, openVideo, VideoError } from "../media/video/index.ts";
import { fileOf, type VideoQuestion } from "./ask-videos.ts";
import type { BenchmarkItem, OpenBenchmark } from "./benchmarks/index.ts";
import { framesOfLook, type Look, within } from "./look.ts";

type Planned = Readonly<{
  data: string;
  model: ChatModel;
  sampler: SamplerName | Sampler;
  frames: number;
  looks: readonly Look[];
  price: TokenPrice | null;
  signal?: AbortSignal;
  onProgress?: (videos: number) => void;
}>;

export type EstimateRunOptions = Planned &
  Readonly<{ benchmark: OpenBenchmark; items: readonly BenchmarkItem[]; sampler: SamplerName }>;

/** A question as it would be put, with frames that have times and sizes and nothing on them. */
export type PlannedAsk<Item> = Readonly<{ item: Item; look: Look; frames: readonly Frame[]; duration: number }>;

export type EstimateOptions<Item extends VideoQuestion> = Planned &
  Readonly<{
    items: readonly Item[];
    maxNewTokens: number;
    messages: (asked: PlannedAsk<Item>) => readonly Message[];
  }>;

/** `unasked`: questions whose video is missing or broken, which no look would be asked about. */
export type RunEstimate = Readonly<{ estimate: Estimate; unasked: number }>;

/** What the log of a run and the cache of replies hold already is not taken off. */
export function estimateRun({ benchmark, ...options }: EstimateRunOptions): Promise<RunEstimate> {
  const { maxNewTokens } = benchmark;
  return estimateQuestions({
    ...options,
    maxNewTokens,
    messages: ({ item, frames }) => [userMessage(item.prompt, frames)],
  });
}

/** The same for questions of any kind. */
export async function estimateQuestions<Item extends VideoQuestion>(
  options: EstimateOptions<Item>,
): Promise<RunEstimate> {
  const { items, looks, model, price, maxNewTokens, messages, signal, onProgress } = options;
  const estimator = new Estimator(model, price);
  const shown = new Map<string, Promise<Plan | null>>();
  const blank = blankImages();
  let unasked = 0;
  for (const item of items) {
    signal?.throwIfAborted();
    const key = `${item.video}\n${item.span?.start}-${item.span?.end}`;
    if (!shown.has(key)) {
      shown.set(key, planOf(item, options, blank));
      onProgress?.(shown.size);
    }
    const plan = await shown.get(key);
    if (!plan) {
      unasked++;
      continue;
    }
    for (const look of looks) {
      const frames = framesOfLook(look, plan.frames, new Rng(0));
      estimator.add({ messages: messages({ item, look, frames, duration: plan.duration }), maxNewTokens });
    }
  }
  return { estimate: estimator.result(), unasked };
}

type Plan = Readonly<{ frames: readonly Frame[]; duration: number }>;

/** Frames with their times and sizes, and nothing on them; null where the video is missing or broken. */
async function planOf(
  item: VideoQuestion,
  { data, sampler, frames }: Planned,
  blank: ReturnType<typeof blankImages>,
): Promise<Plan | null> {
  const file = fileOf(item, data);
  if (file === undefined) return null;
  try {
    await using video = await openVideo(file);
    const line = video.timeline();
    const chosen = typeof sampler === "function" ? sampler : samplers[sampler];
    const choose = item.span ? within(chosen, item.span) : chosen;
    const image = blank(video.width, video.height);
    return {
      frames: choose(line, frames).map((index) => ({ image, time: line.timestamps[index] as number, index })),
      duration: video.duration,
    };
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
