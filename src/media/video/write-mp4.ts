/**
 * Writing MP4 files: H.264 through libx264, boxes through mediabunny, atomically.
 *
 * The file appears under its name only when it is complete; when anything fails, what was there stays.
 */
import { openPendingFile, type PendingFile } from "../../core/files/index.ts";
import type { RgbaImage } from "../image/index.ts";
import { type AudioCopy, openAudioCopy } from "./copy-audio.ts";
import { H264Encoder } from "./h264-encoder.ts";
import { type Libav, loadLibav, loadMediabunny, type Mediabunny } from "./libraries.ts";

export type Mp4Options = Readonly<{
  /** Frames per second. Frame i is shown at i / fps, unless `timestamps` says otherwise. */
  fps: number;
  /** Seconds at which each frame is shown, ascending, from 0 or later: a variable frame rate. One for every frame. */
  timestamps?: readonly number[];
  /** The second at which the last frame ends, where there are timestamps. Default: 1 / fps after it begins. */
  end?: number;
  /** x264's constant rate factor: 0 (largest) to 51 (smallest). Default 18, visually transparent. */
  crf?: number;
  /** Seconds between key frames at most. Default 2: shorter seeks faster, longer is smaller. */
  keyFrameInterval?: number;
  /** Degrees clockwise by which players turn the picture, stored as metadata. */
  rotation?: 0 | 90 | 180 | 270;
  /** A file whose sound comes along, copied without decoding; a file without sound gives none. */
  audioFrom?: string;
}>;

/**
 * Write images of one even width and height as an H.264 MP4 (yuv420p, BT.601). Frames are taken one at a time, so that a
 * generator of any length needs constant memory. Returns the number of frames. Throws RangeError on odd or changing sizes.
 */
export async function writeMp4(
  path: string,
  frames: Iterable<RgbaImage> | AsyncIterable<RgbaImage>,
  options: Mp4Options,
): Promise<number> {
  checkOptions(options);
  const [av, mediabunny] = await Promise.all([loadLibav(), loadMediabunny()]);
  const file = openPendingFile(path);
  const output = new mediabunny.Output({
    format: new mediabunny.Mp4OutputFormat({ fastStart: false }),
    target: fileTarget(mediabunny, file),
  });
  const source = new mediabunny.EncodedVideoPacketSource("avc");
  const timing = options.timestamps ? {} : { frameRate: options.fps };
  output.addVideoTrack(source, { rotation: options.rotation ?? 0, ...timing });
  let encoder: H264Encoder | undefined;
  let audio: AudioCopy | null = null;
  let count = 0;
  try {
    if (options.audioFrom !== undefined) audio = await openAudioCopy(options.audioFrom, output);
    await output.start();
    const add = async (packets: ReturnType<H264Encoder["encode"]>, size: RgbaImage) => {
      for (const { data, index, isKey } of packets) {
        const [time, duration] = timeOf(options, index);
        const packet = new mediabunny.EncodedPacket(data, isKey ? "key" : "delta", time, duration);
        const config = { codec: "avc1.640028", codedWidth: size.width, codedHeight: size.height };
        await source.add(packet, { decoderConfig: config });
        await audio?.upTo(time + duration);
      }
    };
    let last: RgbaImage | undefined;
    for await (const image of frames) {
      encoder ??= openEncoder(av, image, options);
      await add(encoder.encode(image), image);
      last = image;
      count++;
    }
    if (!encoder || !last) throw new RangeError(`Expected at least one frame to write to "${path}", got none.`);
    if (options.timestamps && options.timestamps.length !== count) {
      throw new RangeError(`Expected one timestamp a frame, got ${options.timestamps.length} for ${count} frames.`);
    }
    await add(encoder.finish(), last);
    await audio?.upTo(Number.POSITIVE_INFINITY);
    await output.finalize();
    // Videos are written by the hundred and can be made again from their scripts.
    file.commit({ durable: false });
    return count;
  } catch (error) {
    if (output.state === "pending" || output.state === "started") await output.cancel();
    throw error;
  } finally {
    encoder?.close();
    audio?.close();
    file.discard();
  }
}

/** Synchronous writes of a few hundred kilobytes: for small clips a hop to the thread pool costs more than the write. */
function fileTarget({ StreamTarget }: Mediabunny, file: PendingFile) {
  const sink = new WritableStream<{ data: Uint8Array; position: number }>({
    write({ data, position }) {
      file.write(data, position);
    },
  });
  return new StreamTarget(sink, { chunked: true, chunkSize: 2 ** 18 });
}

function openEncoder(av: Libav, { width, height }: RgbaImage, options: Mp4Options): H264Encoder {
  if (width % 2 !== 0 || height % 2 !== 0) {
    throw new RangeError(`Expected an even width and height (H.264 4:2:0), got ${width}x${height}. Resize the frames.`);
  }
  const { fps, crf = 18, keyFrameInterval = 2 } = options;
  return new H264Encoder(av, { width, height, fps, crf, keyInterval: Math.max(1, Math.round(fps * keyFrameInterval)) });
}

/** When a frame is shown and for how long, in seconds. */
function timeOf({ fps, timestamps, end }: Mp4Options, index: number): [time: number, duration: number] {
  if (!timestamps) return [index / fps, 1 / fps];
  const time = timestamps[index];
  if (time === undefined) throw new RangeError(`Expected a timestamp for frame ${index}, got ${timestamps.length}.`);
  const last = end !== undefined && end > time ? end : time + 1 / fps;
  return [time, (timestamps[index + 1] ?? last) - time];
}

function checkOptions({ fps, timestamps = [], crf = 18 }: Mp4Options): void {
  if (!(fps > 0 && fps <= 1000)) throw new RangeError(`Expected a frame rate in (0, 1000], got ${fps}.`);
  if (!(crf >= 0 && crf <= 51)) throw new RangeError(`Expected a constant rate factor in 0..51, got ${crf}.`);
  const wrong = timestamps.findIndex((t, i) => !(t >= 0 && (i === 0 || t > (timestamps[i - 1] as number))));
  if (wrong >= 0) {
    throw new RangeError(`Expected ascending timestamps from 0 on, got ${timestamps[wrong]} at frame ${wrong}.`);
  }
}
