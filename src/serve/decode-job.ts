/**
 * What passes between the server and the process that decodes for it (decode-process.ts).
 */
import type { ImageProcessor } from "../chat/index.ts";
import type { FrameWish, WishLimits } from "./frame-wish.ts";

/** `bytes` is what all frames of a job may take when they are decoded. */
export type DecodeLimits = WishLimits & Readonly<{ pixels: number; videoFrames: number; bytes: number }>;

/** Pictures as files in memory, or one video on the disk. They come back resized as the model's processor would, if it has one. */
export type DecodeJob = Readonly<{ processor: ImageProcessor | null; limits: DecodeLimits }> &
  (
    | Readonly<{ kind: "pictures"; pictures: readonly Uint8Array[] }>
    | Readonly<{ kind: "video"; path: string; wish: FrameWish }>
  );

/** RGBA, row-major. Time in seconds and index are those of the file; 0 and the place among its like for a picture. */
export type DecodedFrame = Readonly<{
  width: number;
  height: number;
  data: Uint8ClampedArray;
  time: number;
  index: number;
}>;

/** `duration` is the second at which the video ends, null for pictures. */
export type Decoded = Readonly<{ frames: readonly DecodedFrame[]; duration: number | null }>;

/** Thrown for what is the client's fault; `item` is the place of the picture at fault. */
export class Undecodable extends Error {
  override readonly name = "Undecodable";
  readonly item: number;

  constructor(message: string, item: number) {
    super(message);
    this.item = item;
  }
}
