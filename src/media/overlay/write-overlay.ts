/**
 * A whole video with labels burnt in, as an mp4 that browsers play: every frame at its own time, the sound copied along.
 *
 * This is for eyes. Models get frames from a VisualPrompt, which are never compressed again.
 */
import type { RgbaImage } from "../image/index.ts";
import { audioCodecOf, type Video, writeMp4 } from "../video/index.ts";
import { drawTextOnto } from "./draw-text.ts";
import type { OverlayStyle } from "./style.ts";
import type { Labelling } from "./visual-prompt.ts";

export type WriteOverlayOptions = Readonly<{
  labelling: Labelling;
  style?: OverlayStyle;
  /** Keep the sound. Default true. */
  audio?: boolean;
  signal?: AbortSignal;
  /** Told how many frames are written. */
  onFrame?: (written: number) => void;
}>;

/** What was written: frames, how many of them carry a label, the labels in order without repeats, the sound's codec. */
export type WrittenOverlay = Readonly<{
  frames: number;
  labelled: number;
  labels: readonly string[];
  audio: string | null;
  width: number;
  height: number;
}>;

/**
 * Write a labelled copy. Odd sides lose a pixel (H.264 4:2:0). A damaged frame is replaced by its nearest neighbour under its
 * own time and label. Throws VideoError where the sound has no place in an MP4.
 */
export async function writeOverlay(path: string, video: Video, options: WriteOverlayOptions): Promise<WrittenOverlay> {
  const { labelling, style = {}, audio = true, signal, onFrame } = options;
  const size = { width: even(video.width), height: even(video.height) };
  const line = video.timeline();
  const labels: string[] = [];
  let labelled = 0;
  async function* labelledFrames(): AsyncGenerator<RgbaImage> {
    let index = 0;
    const all = Array.from({ length: video.frameCount }, (_, i) => i);
    for await (const { image } of video.framesAtIndices(all, size)) {
      signal?.throwIfAborted();
      const text = labelling({ time: line.timestamps[index] as number, index });
      if (text !== null) labelled++;
      if (text !== null && labels.at(-1) !== text) labels.push(text);
      if (text !== null) drawTextOnto(image, text, style);
      yield image;
      index++;
      onFrame?.(index);
    }
  }
  const codec = audio ? await audioCodecOf(video.path) : null;
  const frames = await writeMp4(path, labelledFrames(), {
    fps: Math.min(1000, video.frameCount / Math.max(1e-3, line.end - (line.timestamps[0] as number))),
    timestamps: writableTimes(line.timestamps),
    end: line.end,
    ...(codec !== null && { audioFrom: video.path }),
  });
  return { frames, labelled, labels, audio: codec, ...size };
}

/** An mp4 begins at 0 and goes up: frames before 0 begin at 0, frames of one instant follow in steps of a millisecond. */
function writableTimes(timestamps: ArrayLike<number>): number[] {
  let previous = Number.NEGATIVE_INFINITY;
  return Array.from(timestamps, (time) => {
    previous = Math.max(0, time > previous ? time : previous + 1e-3);
    return previous;
  });
}

function even(side: number): number {
  return Math.max(2, side - (side % 2));
}
