/**
 * The process that decodes pictures and videos from strangers. Decoders are large programs in C: one that hangs, runs out of
 * memory or breaks down here is ended and started anew, and takes no model and no other request with it.
 */
import { type ImageProcessor, resizeForModel, sizeForModel } from "../chat/index.ts";
import { answerCalls, type CallContext, processLine } from "../core/threads/index.ts";
import { decodeImage } from "../media/image/index.ts";
import { type Frame, openVideo, VideoError } from "../media/video/index.ts";
import { type Decoded, type DecodedFrame, type DecodeJob, type DecodeLimits, Undecodable } from "./decode-job.ts";
import { wishedIndices } from "./frame-wish.ts";
import { pictureFormat } from "./picture-format.ts";

const nothing: Decoded = { frames: [], duration: null };
// A call without a job asks whether anybody listens.
answerCalls<DecodeJob | null, Decoded>(processLine(process), async (job, context) => {
  if (job === null) return nothing;
  return job.kind === "pictures" ? await decodePictures(job, context) : await decodeVideo(job, context);
});
// Without the server there is nothing to do.
process.on("disconnect", () => process.exit());
// Ctrl-C reaches every process of a terminal; the server says when this one ends.
process.on("SIGINT", () => {});

type Job<Kind extends DecodeJob["kind"]> = Extract<DecodeJob, { kind: Kind }>;

async function decodePictures(job: Job<"pictures">, { signal }: CallContext<never>): Promise<Decoded> {
  const frames = new Frames(job);
  // One by one: sharp has threads of its own, and a picture at a time bounds the memory.
  for (const [item, bytes] of job.pictures.entries()) {
    signal.throwIfAborted();
    const format = pictureFormat(bytes);
    if (format === null) throw new Undecodable("it is none of PNG, JPEG, WebP, GIF, AVIF and TIFF", item);
    try {
      frames.add({ image: await decodeImage(bytes, { maxPixels: job.limits.pixels }), time: 0, index: item });
    } catch (error) {
      throw new Undecodable(reasonOf(error), item);
    }
  }
  return { frames: frames.all, duration: null };
}

async function decodeVideo(job: Job<"video">, { signal }: CallContext<never>): Promise<Decoded> {
  const { path, wish, limits } = job;
  try {
    await using video = await openVideo(path, { pixels: limits.pixels, frames: limits.videoFrames });
    // Closing ends a decoder that is on its way through a long group of pictures.
    signal.addEventListener("abort", () => void video.close(), { once: true });
    const frames = new Frames(job);
    for await (const frame of video.framesAtIndices(wishedIndices(wish, video.timeline(), limits))) {
      signal.throwIfAborted();
      frames.add(frame);
    }
    return { frames: frames.all, duration: video.duration };
  } catch (error) {
    const reason = reasonOf(error);
    throw new Undecodable(error instanceof VideoError ? reason.replace(JSON.stringify(path), "the video") : reason, 0);
  }
}

/** Frames as the model's processor would resize them, as long as they fit the limits. */
class Frames {
  readonly all: DecodedFrame[] = [];
  readonly #processor: ImageProcessor | null;
  readonly #limits: DecodeLimits;
  #bytes = 0;

  constructor({ processor, limits }: DecodeJob) {
    this.#processor = processor;
    this.#limits = limits;
  }

  add({ image, time, index }: Frame): void {
    const { pixels, bytes } = this.#limits;
    const size = this.#processor ? sizeForModel(image, this.#processor) : image;
    if (size.width * size.height > pixels) {
      throw new RangeError(
        `its ${image.width}x${image.height} pixels become ${size.width}x${size.height} for the model`,
      );
    }
    this.#bytes += 4 * size.width * size.height;
    if (this.#bytes > bytes) {
      throw new RangeError(
        `its frames take more than ${Math.round(bytes / 2 ** 20)} MiB decoded; ask for fewer of them`,
      );
    }
    const resized = this.#processor ? resizeForModel(image, this.#processor) : image;
    this.all.push({ ...resized, time, index });
  }
}

function reasonOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replace(/[.\s]+$/, "");
}
