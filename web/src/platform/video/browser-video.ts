/**
 * An opened video in the browser: mediabunny reads the container, WebCodecs decodes. Timestamps, frame indices and the rule
 * for damaged frames are those of src/media/video, from which the packet index and the errors come.
 *
 * Runs in a worker; nothing here touches the page.
 */
import {
  ALL_FORMATS,
  BlobSource,
  EncodedPacketSink,
  HLS,
  Input,
  type InputVideoTrack,
  type VideoSample,
  VideoSampleSink,
} from "mediabunny";
import { indexAt, type Timeline } from "../../../../src/core/time/index.ts";
import { type RgbaImage, rgbaImage } from "../../../../src/media/image/rgba-image.ts";
import { headBytes, kindOfBytes } from "../../../../src/media/video/file-kind.ts";
import type { Frame } from "../../../../src/media/video/frame-stream.ts";
import { keyPacketFor, type PacketIndex, readPacketIndex } from "../../../../src/media/video/packet-index.ts";
import type { FrameSize } from "../../../../src/media/video/video.ts";
import { messageOf, VideoError } from "../../../../src/media/video/video-error.ts";

const convert = "Convert it first, for example: ffmpeg -i INPUT -c:v libx264 -pix_fmt yuv420p OUTPUT.mp4.";
const again = "Fetch or export the file again.";

/** Open a dropped or fetched file, read its timestamps, decode nothing. Throws VideoError when it is no video that plays here. */
export async function openVideoBlob(blob: Blob, name: string): Promise<BrowserVideo> {
  if (blob.size === 0) throw new VideoError(name, "the file is empty (0 bytes)", again);
  const formats = ALL_FORMATS.filter((format) => format !== HLS);
  const input = new Input({ source: new BlobSource(blob), formats });
  try {
    return await describe(input, blob, name);
  } catch (error) {
    input.dispose();
    if (error instanceof VideoError) throw error;
    throw new VideoError(name, `its structure is damaged or cut short (${messageOf(error)})`, again, error);
  }
}

/** Eighteen hours at 60 frames a second; the timestamps of more would not fit into memory. */
const maxFrames = 4_000_000;

type Facts = Readonly<{
  name: string;
  container: string;
  codec: string;
  codecString: string | null;
  width: number;
  height: number;
  rotation: number;
  index: PacketIndex;
}>;

async function describe(input: Input, blob: Blob, name: string): Promise<BrowserVideo> {
  if (!(await input.canRead())) {
    const kind = kindOfBytes(new Uint8Array(await blob.slice(0, headBytes).arrayBuffer()));
    throw new VideoError(name, `expected MP4, MOV, MKV, WebM or MPEG-TS, got ${kind}`, `If it is a video: ${convert}`);
  }
  const container = (await input.getFormat()).name;
  const track = await input.getPrimaryVideoTrack();
  if (track === null) {
    const kinds = [...new Set((await input.getTracks()).map(({ type }) => type))];
    if (kinds.length === 0)
      throw new VideoError(name, `the ${container} file lists no tracks: it is cut short or damaged`, again);
    const reason = `the ${container} file has no video track, only ${kinds.join(" and ")}`;
    throw new VideoError(name, reason, "Pass a file with pictures in it.");
  }
  const codec = await track.getCodec();
  const codecString = await track.getCodecParameterString();
  if (codec === null || !(await track.canDecode())) {
    const shown = JSON.stringify(codecString ?? codec ?? "unknown");
    throw new VideoError(name, `this browser does not decode its video codec ${shown}`, convert);
  }
  const index = await readPacketIndex(new EncodedPacketSink(track), maxFrames);
  if (index === "too many") throw new VideoError(name, `it has more than ${maxFrames} frames`, "Cut it first.");
  if (index === null) throw new VideoError(name, `its ${container} video track has no frames`, again);
  const facts = {
    name,
    container,
    codec,
    codecString,
    width: Math.max(1, Math.round(await track.getDisplayWidth())),
    height: Math.max(1, Math.round(await track.getDisplayHeight())),
    rotation: await track.getRotation(),
    index,
  };
  return new BrowserVideo(input, track, facts);
}

export class BrowserVideo {
  readonly #input: Input;
  readonly #track: InputVideoTrack;
  readonly #facts: Facts;

  /** Use openVideoBlob. */
  constructor(input: Input, track: InputVideoTrack, facts: Facts) {
    this.#input = input;
    this.#track = track;
    this.#facts = facts;
  }

  get path(): string {
    return this.#facts.name;
  }
  get container(): string {
    return this.#facts.container;
  }
  get codec(): string {
    return this.#facts.codec;
  }
  get codecString(): string | null {
    return this.#facts.codecString;
  }
  /** Shown size in pixels: upright, square pixels. */
  get width(): number {
    return this.#facts.width;
  }
  get height(): number {
    return this.#facts.height;
  }
  get rotation(): number {
    return this.#facts.rotation;
  }
  get frameCount(): number {
    return this.timeline().timestamps.length;
  }
  /** The second at which the last frame ends, on the container's clock. */
  get duration(): number {
    return this.timeline().end;
  }

  timeline(): Timeline {
    return this.#facts.index.timeline;
  }

  framesAt(seconds: readonly number[], size?: FrameSize): AsyncGenerator<Frame, void, undefined> {
    return this.framesAtIndices(
      seconds.map((second) => indexAt(this.timeline(), second)),
      size,
    );
  }

  /**
   * One frame for every index, in the order asked. A frame that does not decode is replaced by the nearest one that does,
   * under that one's own time and index.
   */
  async *framesAtIndices(indices: readonly number[], size?: FrameSize): AsyncGenerator<Frame, void, undefined> {
    const outside = indices.find((index) => !(Number.isInteger(index) && index >= 0 && index < this.frameCount));
    if (outside !== undefined)
      throw new RangeError(`Expected frame indices in 0..${this.frameCount - 1} of "${this.path}", got ${outside}.`);
    const { width, height } = this.#targetSize(size);
    const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    if (context === null) throw new Error("Expected a 2D canvas, got none. Use a current browser.");
    const wanted = [...new Set(indices)].sort((a, b) => a - b);
    const found = new Map<number, Frame>();
    const decoded = this.#decode(wanted, context);
    let next = 0;
    try {
      for (const index of indices) {
        while (!found.has(index)) {
          const { value, done } = await decoded.next();
          if (done) return;
          found.set(wanted[next++] as number, value);
        }
        yield found.get(index) as Frame;
      }
    } finally {
      await decoded.return();
    }
  }

  /** Free the file and its decoders. */
  async close(): Promise<void> {
    if (!this.#input.disposed) this.#input.dispose();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** All wanted frames in one pass; from the first fault on, one by one. */
  async *#decode(
    wanted: readonly number[],
    context: OffscreenCanvasRenderingContext2D,
  ): AsyncGenerator<Frame, void, undefined> {
    let done = 0;
    const times = wanted.map((index) => this.#timeOf(index));
    try {
      for await (const sample of new VideoSampleSink(this.#track).samplesAtTimestamps(times)) {
        if (sample === null) break;
        const index = wanted[done] as number;
        const image = draw(sample, context);
        sample.close();
        done++;
        yield { image, time: this.#timeOf(index), index };
      }
    } catch (error) {
      if (this.#input.disposed) throw closed(this.path, error);
    }
    if (done < wanted.length) yield* this.#salvage(wanted.slice(done), context);
  }

  /**
   * The same, past damage: each group of pictures is decoded on its own, as far as it goes. A frame that is lost gets the last
   * one that decoded before it, or, where there is none, the first one after.
   */
  async *#salvage(
    wanted: readonly number[],
    context: OffscreenCanvasRenderingContext2D,
  ): AsyncGenerator<Frame, void, undefined> {
    const { index: packets } = this.#facts;
    const groups = new Map<number, number[]>();
    for (const frame of wanted) {
      const key = keyPacketFor(packets, frame);
      groups.set(key, [...(groups.get(key) ?? []), frame]);
    }
    let standIn: Frame | null = null;
    let waiting = 0;
    for (const [key, frames] of groups) {
      const next = packets.keyPackets.find((packet) => packet > key);
      const span = [
        packets.packetTimes[key] as number,
        next === undefined ? Infinity : (packets.packetTimes[next] as number),
      ];
      const found = new Map<number, Frame>();
      for await (const frame of this.#group(span as [number, number], frames, context)) found.set(frame.index, frame);
      for (const index of frames) {
        // What decoded last before the frame: found holds wanted frames and the last of the group.
        const before = [...found.keys()].filter((each) => each <= index).at(-1);
        standIn =
          (before === undefined ? undefined : found.get(before)) ?? standIn ?? found.values().next().value ?? null;
        if (standIn === null) waiting++;
        else {
          for (; waiting > 0; waiting--) yield standIn;
          yield standIn;
        }
      }
    }
    if (waiting === 0) return;
    const time = this.#timeOf(wanted[0] as number).toFixed(3);
    throw new VideoError(this.path, `none of its frames decodes (asked for the one at ${time} s)`, "Export it again.");
  }

  /** The wanted frames between two seconds, and the last one that decodes. */
  async *#group(
    [start, end]: readonly [number, number],
    wanted: readonly number[],
    context: OffscreenCanvasRenderingContext2D,
  ): AsyncGenerator<Frame, void, undefined> {
    let last: VideoSample | null = null;
    let at = -1;
    try {
      for await (const sample of new VideoSampleSink(this.#track).samples(start, end)) {
        last?.close();
        last = sample;
        at = indexAt(this.timeline(), sample.timestamp + 1e-6);
        if (wanted.includes(at)) yield { image: draw(sample, context), time: this.#timeOf(at), index: at };
      }
    } catch (error) {
      if (this.#input.disposed) throw closed(this.path, error);
    }
    if (last === null) return;
    if (!wanted.includes(at)) yield { image: draw(last, context), time: this.#timeOf(at), index: at };
    last.close();
  }

  #timeOf(index: number): number {
    return this.timeline().timestamps[index] as number;
  }

  #targetSize(size: FrameSize | undefined): { width: number; height: number } {
    const { width, height } = this;
    if (size === undefined) return { width, height };
    if ("width" in size) return { width: size.width, height: size.height };
    const scale = Math.min(1, size.maxSize / Math.max(width, height));
    return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
  }
}

/** Upright and scaled; mediabunny's draw applies the track's rotation. */
function draw(sample: VideoSample, context: OffscreenCanvasRenderingContext2D): RgbaImage {
  const { width, height } = context.canvas;
  sample.draw(context, 0, 0, width, height);
  return rgbaImage(width, height, context.getImageData(0, 0, width, height).data);
}

function closed(path: string, error: unknown): VideoError {
  return new VideoError(path, "the video has been closed", "Close it after the last frame is read.", error);
}
