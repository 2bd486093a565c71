/**
 * What the decoder sees in a file: container, codec, sizes, timing, key frames, sound, and the parts that do not decode.
 */
import type { Span } from "../../core/time/index.ts";
import { openSource, type Source } from "./container.ts";
import { DecodePass } from "./decode-pass.ts";
import type { BrokenFrame } from "./frame-decoder.ts";

/**
 * A damaged stretch: from the first frame that is lost or patched to the next key frame, in seconds. Frames in between may
 * come out of the decoder, but they lean on a picture that was damaged.
 */
export type BrokenPart = Span & Readonly<{ lostFrames: number; affectedFrames: number; reason: string }>;

export type AudioTrack = Readonly<{
  codec: string | null;
  /** Hertz. */
  sampleRate: number;
  channels: number;
  language: string;
}>;

export type VideoReport = Readonly<{
  path: string;
  /** Bytes. */
  fileSize: number;
  container: string;
  codec: string;
  /** WebCodecs parameter string, for example "avc1.64001f". */
  codecString: string | null;
  coded: Readonly<{ width: number; height: number }>;
  /** Upright, with square pixels: the size of the frames that come out. */
  displayed: Readonly<{ width: number; height: number }>;
  rotation: 0 | 90 | 180 | 270;
  flipped: boolean;
  pixelAspect: Readonly<{ num: number; den: number }>;
  /** When the last frame ends, in seconds on the container's clock. */
  duration: number;
  firstTimestamp: number;
  frameCount: number;
  /** Packets before the start that an edit list cuts off. */
  hiddenFrames: number;
  keyFrames: number;
  /** Frames per second over the whole length. */
  meanFps: number;
  /** Seconds between neighbouring frames; null for a single frame. */
  interval: Readonly<{ min: number; median: number; max: number }> | null;
  isVariableRate: boolean;
  audioTracks: readonly AudioTrack[];
  /** Whether every frame was decoded for `brokenParts`, or only the key frames. */
  checked: "every frame" | "key frames";
  brokenParts: readonly BrokenPart[];
}>;

/** Up to this many coded pixels (about 1,000 frames of 1080p, a few seconds' work) every frame is decoded by default. */
const deepByDefault = 2e9;

/**
 * Inspect a video file. `deep` decodes every frame rather than the key frames alone; by default files of moderate length
 * are inspected deeply. Throws VideoError when the file is no video that can be opened.
 */
export async function inspectVideo(path: string, options: Readonly<{ deep?: boolean }> = {}): Promise<VideoReport> {
  const source = await openSource(path);
  try {
    const { index, setup, orientation } = source;
    const { timestamps, end } = index.timeline;
    const pixels = timestamps.length * setup.codedWidth * setup.codedHeight;
    const deep = options.deep ?? pixels <= deepByDefault;
    const first = timestamps[0] as number;
    return {
      path,
      fileSize: source.fileSize,
      container: source.container,
      codec: setup.codec,
      codecString: source.codecString,
      coded: { width: setup.codedWidth, height: setup.codedHeight },
      displayed: { width: source.width, height: source.height },
      rotation: orientation.rotation,
      flipped: orientation.flip,
      pixelAspect: source.pixelAspect,
      duration: end,
      firstTimestamp: first,
      frameCount: timestamps.length,
      hiddenFrames: index.hiddenPackets,
      keyFrames: index.keyPackets.length,
      meanFps: end > first ? timestamps.length / (end - first) : 0,
      ...rateOf(timestamps),
      audioTracks: await audioTracks(source),
      checked: deep ? "every frame" : "key frames",
      brokenParts: deep ? await checkEveryFrame(source) : await checkKeyFrames(source),
    };
  } finally {
    source.input.dispose();
  }
}

/**
 * Variable when some interval leaves the median by more than the container's rounding explains: 2 ms (Matroska counts in
 * milliseconds) and 2 %.
 */
function rateOf(timestamps: ArrayLike<number>): Pick<VideoReport, "interval" | "isVariableRate"> {
  const gaps = Array.from({ length: timestamps.length - 1 }, (_, i) => {
    return (timestamps[i + 1] as number) - (timestamps[i] as number);
  }).sort((a, b) => a - b);
  if (gaps.length === 0) return { interval: null, isVariableRate: false };
  const interval = {
    min: gaps[0] as number,
    median: gaps[gaps.length >> 1] as number,
    max: gaps[gaps.length - 1] as number,
  };
  const tolerance = Math.max(0.002, 0.02 * interval.median);
  const isVariableRate = Math.max(interval.max - interval.median, interval.median - interval.min) > tolerance;
  return { interval, isVariableRate };
}

async function audioTracks({ input }: Source): Promise<AudioTrack[]> {
  const tracks = await input.getAudioTracks();
  return Promise.all(
    tracks.map(async (track) => ({
      codec: await track.getCodec(),
      sampleRate: await track.getSampleRate(),
      channels: await track.getNumberOfChannels(),
      language: await track.getLanguageCode(),
    })),
  );
}

async function checkEveryFrame(source: Source): Promise<BrokenPart[]> {
  const count = source.index.timeline.timestamps.length;
  const whole = new Uint8Array(count);
  const complaints: BrokenFrame[] = [];
  const pass = new DecodePass(
    source,
    (_, index) => {
      if (index >= 0) whole[index] = 1;
    },
    (complaint) => complaints.push(complaint),
  );
  try {
    await pass.seek(0);
    while (await pass.step());
  } finally {
    await pass.close();
  }
  for (const { index, patched } of complaints) if (patched) whole[index] = 0;
  return brokenParts(source, whole, complaints);
}

async function checkKeyFrames(source: Source): Promise<BrokenPart[]> {
  const { keyPackets, frameOfPacket } = source.index;
  const whole = new Uint8Array(source.index.timeline.timestamps.length).fill(1);
  const complaints: BrokenFrame[] = [];
  let decoded = false;
  const pass = new DecodePass(
    source,
    () => {
      decoded = true;
    },
    (complaint) => complaints.push(complaint),
  );
  try {
    for (const key of keyPackets) {
      decoded = false;
      await pass.seek(key);
      await pass.step();
      await pass.flush();
      const index = frameOfPacket[key] as number;
      if (index >= 0 && (!decoded || complaints.some((each) => each.index === index))) whole[index] = 0;
    }
  } finally {
    await pass.close();
  }
  return brokenParts(source, whole, complaints);
}

/** Spread every damaged frame to the next key frame in decode order, then join neighbours. */
function brokenParts(source: Source, whole: Uint8Array, complaints: readonly BrokenFrame[]): BrokenPart[] {
  const { timeline, frameOfPacket, keyPackets } = source.index;
  const isKey = new Set(keyPackets);
  const affected = new Uint8Array(whole.length);
  let damaged = false;
  for (const [packet, index] of frameOfPacket.entries()) {
    if (isKey.has(packet)) damaged = false;
    if (index < 0) continue;
    damaged ||= !whole[index];
    if (damaged) affected[index] = 1;
  }
  const parts: BrokenPart[] = [];
  for (let first = 0; first < affected.length; first++) {
    if (!affected[first]) continue;
    let past = first;
    while (affected[past]) past++;
    parts.push({
      start: timeline.timestamps[first] as number,
      end: timeline.timestamps[past] ?? timeline.end,
      lostFrames: whole.subarray(first, past).filter((each) => !each).length,
      affectedFrames: past - first,
      reason: reasonFor(first, past, complaints),
    });
    first = past;
  }
  return parts;
}

/** Refusals arrive up to one decoder thread a core late. */
function reasonFor(first: number, past: number, complaints: readonly BrokenFrame[]): string {
  const complaint =
    complaints.find(({ index }) => index >= first && index < past + 16) ??
    complaints.findLast(({ index }) => index < past);
  return complaint?.reason ?? "no picture came out of the decoder";
}
