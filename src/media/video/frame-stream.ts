/**
 * Frames by index, in ascending order, decoding no more than the groups of pictures that hold them.
 *
 * At most a few dozen images wait at any time, whatever the length of the video.
 */
import type { RgbaImage } from "../image/index.ts";
import type { Source } from "./container.ts";
import { DecodePass } from "./decode-pass.ts";
import { keyPacketFor } from "./packet-index.ts";
import { PixelConverter } from "./pixel-converter.ts";
import { VideoError } from "./video-error.ts";

/** An image with the container's timestamp in seconds and the frame's index in the source, in presentation order. */
export type Frame = Readonly<{ image: RgbaImage; time: number; index: number }>;

/** H.264 and HEVC reorder by at most 16 frames: one that is this far behind the latest will not come any more. */
const lostAfter = 32;

/**
 * Decode the wanted frame indices (ascending, each once). A frame that does not decode is replaced by the nearest one that
 * does ("nearest", earlier ones first) under that one's own time and index, or left out ("skip").
 */
export async function* streamFrames(
  source: Source,
  wanted: readonly number[],
  options: Readonly<{ width: number; height: number; missing: "nearest" | "skip" }>,
): AsyncGenerator<Frame, void, undefined> {
  const { timestamps } = source.index.timeline;
  const wantedSet = new Set(wanted);
  const ready = new Map<number, RgbaImage>();
  let latest = -1;
  const converter = new PixelConverter(source.av, options.width, options.height, source.orientation);
  let pass: DecodePass | undefined;
  try {
    pass = new DecodePass(source, (frame, index) => {
      latest = Math.max(latest, index);
      if (wantedSet.delete(index)) ready.set(index, converter.convert(frame));
    });
    const needed = (index: number) => wantedSet.has(index);
    for (const index of wanted) {
      const key = keyPacketFor(source.index, index);
      if (key > pass.position && !ready.has(index)) {
        await pass.seek(key);
        latest = -1;
      }
      while (!ready.has(index) && latest < index + lostAfter && (await pass.step(needed)));
      const image = ready.get(index);
      ready.delete(index);
      wantedSet.delete(index);
      if (image) yield { image, time: timestamps[index] as number, index };
      else if (options.missing === "nearest") yield await standIn(source, index, converter);
    }
  } finally {
    await pass?.close();
    converter.close();
  }
}

/** The nearest frame that decodes: the last one before, else the first one after. */
async function standIn(source: Source, index: number, converter: PixelConverter): Promise<Frame> {
  const found = await nearestDecodable(source, index);
  if (found === null) {
    const time = (source.index.timeline.timestamps[index] as number).toFixed(3);
    throw new VideoError(
      source.path,
      `none of its frames decodes (asked for the one at ${time} s)`,
      "Export it again.",
    );
  }
  let image: RgbaImage | undefined;
  const pass = new DecodePass(source, (frame, at) => {
    if (at === found && !image) image = converter.convert(frame);
  });
  try {
    await pass.seek(keyPacketFor(source.index, found));
    while (!image && (await pass.step()));
  } finally {
    await pass.close();
  }
  if (!image) throw new Error(`frame ${found} decoded once but not twice`);
  return { image, time: source.index.timeline.timestamps[found] as number, index: found };
}

/** Look through the frame's group of pictures, then the groups before it, then all that follows. */
async function nearestDecodable(source: Source, index: number): Promise<number | null> {
  const { keyPackets, frameOfPacket } = source.index;
  let before = -1;
  let after = Number.POSITIVE_INFINITY;
  const pass = new DecodePass(source, (_, at) => {
    if (at >= 0 && at < index) before = Math.max(before, at);
    if (at > index) after = Math.min(after, at);
  });
  try {
    const own = keyPacketFor(source.index, index);
    for (const key of [own, ...[...keyPackets].filter((each) => each < own).reverse()]) {
      const next = keyPackets.find((each) => each > key) ?? frameOfPacket.length;
      await pass.seek(key);
      while (pass.position < next && (await pass.step()));
      await pass.flush();
      if (before >= 0) return before;
    }
    if (after === Number.POSITIVE_INFINITY) {
      await pass.seek(own);
      while (after === Number.POSITIVE_INFINITY && (await pass.step()));
    }
    return Number.isFinite(after) ? after : null;
  } finally {
    await pass.close();
  }
}
