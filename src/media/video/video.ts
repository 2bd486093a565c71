/**
 * An opened video file. It has a lifetime: close it, or open it with `await using`.
 *
 * Times are the container's own presentation timestamps in seconds. They need not begin at 0 (a track may start later, and
 * a frame that an edit list cuts in half starts below 0) and nothing shifts them; frames cut off altogether are not counted.
 */
import { framesWithin, indexAt, type Span, type Timeline } from "../../core/time/index.ts";
import { openSource, type Source, type VideoLimits } from "./container.ts";
import { type Frame, streamFrames } from "./frame-stream.ts";
import { messageOf, VideoError } from "./video-error.ts";

/**
 * The size of the images that come out, scaled while decoding: exactly `width` x `height`, or the shown size shrunk (never
 * enlarged) until the longer side is at most `maxSize` pixels. Default: the shown size.
 */
export type FrameSize = Readonly<{ width: number; height: number }> | Readonly<{ maxSize: number }>;

/**
 * Open a video file, read its timestamps, decode nothing. Throws VideoError when it is no video that we can read, or one
 * beyond the limits.
 */
export async function openVideo(path: string, limits: VideoLimits = {}): Promise<Video> {
  return new Video(await openSource(path, limits));
}

export class Video implements AsyncDisposable {
  readonly #source: Source;

  /** Use openVideo. */
  constructor(source: Source) {
    this.#source = source;
  }

  get path(): string {
    return this.#source.path;
  }
  /** For example "MP4", "Matroska", "WebM". */
  get container(): string {
    return this.#source.container;
  }
  /** WebCodecs' short name: "avc", "hevc", "vp8", "vp9", "av1", "prores". */
  get codec(): string {
    return this.#source.setup.codec;
  }
  /** Shown width in pixels: upright, square pixels. */
  get width(): number {
    return this.#source.width;
  }
  /** Shown height in pixels: upright, square pixels. */
  get height(): number {
    return this.#source.height;
  }
  /** Degrees clockwise by which stored frames are turned to be upright (already applied to every Frame). */
  get rotation(): 0 | 90 | 180 | 270 {
    return this.#source.orientation.rotation;
  }
  get frameCount(): number {
    return this.#source.index.timeline.timestamps.length;
  }
  /** The second at which the last frame ends, on the container's clock. */
  get duration(): number {
    return this.#source.index.timeline.end;
  }

  /** All presentation timestamps in order; read when the file was opened, so this is free. */
  timeline(): Timeline {
    return this.#source.index.timeline;
  }

  /**
   * One frame for every second asked for, in the order asked: the frame on screen then (the first or last one for seconds
   * outside the video). Only the groups of pictures that hold them are decoded. A frame that is damaged is replaced by the
   * nearest one that decodes, under that one's own time and index.
   */
  framesAt(seconds: readonly number[], size?: FrameSize): AsyncGenerator<Frame, void, undefined> {
    return this.framesAtIndices(
      seconds.map((second) => indexAt(this.timeline(), second)),
      size,
    );
  }

  /** As framesAt, by frame index. Repeats are allowed. Throws RangeError on an index outside the video. */
  async *framesAtIndices(indices: readonly number[], size?: FrameSize): AsyncGenerator<Frame, void, undefined> {
    for (const index of indices) {
      if (!(Number.isInteger(index) && index >= 0 && index < this.frameCount)) {
        throw new RangeError(`Expected frame indices in 0..${this.frameCount - 1} of "${this.path}", got ${index}.`);
      }
    }
    const wanted = Array.from(new Set(indices)).sort((a, b) => a - b);
    const decoded = this.#stream(wanted, size, "nearest");
    const lastUse = new Map(indices.map((index, place) => [index, place]));
    // In ascending requests a frame leaves as soon as it is decoded; out of order, frames wait here for their turn.
    const waiting = new Map<number, Frame>();
    let next = 0;
    try {
      for (const [place, index] of indices.entries()) {
        while (!waiting.has(index)) {
          const { value, done } = await decoded.next();
          if (done) return;
          waiting.set(wanted[next++] as number, value);
        }
        const frame = waiting.get(index) as Frame;
        if (lastUse.get(index) === place) waiting.delete(index);
        yield frame;
      }
    } finally {
      await decoded.return();
    }
  }

  /** Every frame that begins within the span (default: all), in order; frames that do not decode are left out. */
  frames(span?: Span, size?: FrameSize): AsyncGenerator<Frame, void, undefined> {
    const { from, to } = span ? framesWithin(this.timeline(), span) : { from: 0, to: this.frameCount };
    return this.#stream(
      Array.from({ length: to - from }, (_, i) => from + i),
      size,
      "skip",
    );
  }

  /** Free the file and its decoders; running iterations end with an error. */
  async close(): Promise<void> {
    if (!this.#source.input.disposed) this.#source.input.dispose();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async *#stream(
    wanted: readonly number[],
    size: FrameSize | undefined,
    missing: "nearest" | "skip",
  ): AsyncGenerator<Frame, void, undefined> {
    const target = this.#targetSize(size);
    try {
      yield* streamFrames(this.#source, wanted, { ...target, missing });
    } catch (error) {
      if (error instanceof VideoError) throw error;
      if (this.#source.input.disposed) {
        throw new VideoError(this.path, "the video has been closed", "Close it after the last frame is read.", error);
      }
      const reason = `its ${this.codec} stream does not decode (${messageOf(error)})`;
      throw new VideoError(this.path, reason, "Fetch or export the file again.", error);
    }
  }

  #targetSize(size: FrameSize | undefined): { width: number; height: number } {
    const { width, height } = this;
    if (!size) return { width, height };
    for (const side of Object.values(size)) {
      if (!(Number.isInteger(side) && side > 0)) {
        throw new RangeError(`Expected a frame size in positive whole pixels, got ${JSON.stringify(size)}.`);
      }
    }
    if ("width" in size) return { width: size.width, height: size.height };
    const scale = Math.min(1, size.maxSize / Math.max(width, height));
    return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  }
}
