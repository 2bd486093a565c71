/** The worker: opened videos, opened models, one answer at a time. */
import "../platform/globals.ts";

import { imageData } from "../platform/image-codec.ts";
import type { BrowserVideo } from "../platform/video/browser-video.ts";
import { openVideoBlob } from "../platform/video/browser-video.ts";
import { ask } from "./ask.ts";
import { localModel } from "./local-models.ts";
import type { Call, FromWorker, Progress, Result, ToWorker, VideoFacts } from "./protocol.ts";

const videos = new Map<number, BrowserVideo>();
const running = new Map<number, AbortController>();
/** Where the page lies; the worker's own file lies deeper. */
let pageAddress = self.location.href;
let nextVideo = 1;

self.addEventListener("message", ({ data }: MessageEvent<ToWorker & { page?: string }>) => {
  if (data.page !== undefined) pageAddress = data.page;
  else if (data.abort) running.get(data.id)?.abort(new DOMException("Stopped.", "AbortError"));
  else if (data.message) void handle(data.id, data.message);
});

async function handle(id: number, message: Call): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const { result, transfer } = await carryOut(id, message, controller.signal);
    post({ id, result }, transfer);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    post({ id, error: text, isAborted: controller.signal.aborted });
  } finally {
    running.delete(id);
  }
}

type Carried = Readonly<{ result: Result[Call["call"]]; transfer: Transferable[] }>;

async function carryOut(id: number, message: Call, signal: AbortSignal): Promise<Carried> {
  const onProgress = (progress: Progress) => post({ id, progress });
  switch (message.call) {
    case "open": {
      const video = await openVideoBlob(message.file, message.name);
      const number = nextVideo++;
      videos.set(number, video);
      return { result: factsOf(number, video), transfer: [] };
    }
    case "close": {
      await videos.get(message.video)?.close();
      videos.delete(message.video);
      return { result: null, transfer: [] };
    }
    case "thumbnails": {
      const video = videoOf(message.video);
      const width = Math.max(1, Math.round((message.height * video.width) / video.height));
      const bitmaps: ImageBitmap[] = [];
      for await (const { image } of video.framesAt(message.seconds, { width, height: message.height })) {
        signal.throwIfAborted();
        bitmaps.push(await createImageBitmap(imageData(image)));
      }
      return { result: bitmaps, transfer: bitmaps };
    }
    case "ask": {
      const openLocal = (name: string) => localModel(name, pageAddress, onProgress);
      const answer = await ask(message.request, {
        video: videoOf(message.request.video),
        signal,
        onProgress,
        openLocal,
      });
      return { result: answer, transfer: answer.frames.map(({ bitmap }) => bitmap) };
    }
    case "warm":
      await localModel(message.model, pageAddress, onProgress);
      return { result: null, transfer: [] };
    default:
      return message satisfies never;
  }
}

function videoOf(number: number): BrowserVideo {
  const video = videos.get(number);
  if (video === undefined) throw new Error("Expected an open video, got one that is closed. Open it again.");
  return video;
}

function factsOf(id: number, video: BrowserVideo): VideoFacts {
  const timestamps = Float64Array.from(video.timeline().timestamps);
  const gaps = Array.from(timestamps.subarray(1), (time, i) => time - (timestamps[i] as number)).sort((a, b) => a - b);
  const median = gaps[gaps.length >> 1] ?? 0;
  const spread = Math.max((gaps.at(-1) ?? 0) - median, median - (gaps[0] ?? 0));
  const { path: name, container, codec, width, height, duration } = video;
  // The rule of inspect: 2 ms of container rounding and 2 %.
  const isVariableRate = spread > Math.max(0.002, 0.02 * median);
  return { id, name, container, codec, width, height, duration, timestamps, isVariableRate };
}

function post(message: FromWorker, transfer: Transferable[] = []): void {
  self.postMessage(message, { transfer });
}
