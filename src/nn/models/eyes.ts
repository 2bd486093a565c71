/**
 * What a model that sees needs to say about it, whichever family it is of: what stands for pictures in a prompt, which frames
 * it looks at, and the graph from pixels to rows of embeddings. Each model's file makes its own; visual-encoder.ts runs them.
 */
import type { Shape, Tensor } from "../graph/index.ts";
import type { ModelWeights } from "./model-weights.ts";
import type { VisualGrid } from "./mrope.ts";

export type PixelSize = Readonly<{ width: number; height: number }>;

export type Eyes = Readonly<{
  /** Does a prompt hold a placeholder for each frame, or one for all frames of a video? */
  placeholderFor: "frame" | "video";
  /**
   * Every visual token has this id. A negative id is none of the tokenizer's: prompts are then cut at the placeholder's text
   * before they become ids.
   */
  tokenId: number;
  /** How prompts write the placeholder where the tokenizer has no token of that id. */
  placeholder: string;
  /** Frames that are encoded together, blind to all others. */
  framesPerUnit: number;
  /** Side in pixels of the square pictures that it takes; null where it takes any size (multiples of sizeFactor). */
  imageSize: number | null;
  channels: number;
  /** Indices of the frames that are looked at when a video has `count`, in order; whole units of them. */
  lookAt(count: number): number[];
  /** Rows that a unit gives. */
  rowsPerUnit(size: PixelSize): number;
  /** Numbers of the largest matrix on the way (attention scores of a unit): how many units fit into memory together. */
  scoresPerUnit(size: PixelSize): number;
  /** The parameter that ends every video as one more row; null where nothing does. */
  ending: string | null;
  /**
   * Where decoders with M-RoPE place a video: the second of each unit's first frame since the video's first one, and the size
   * of its frames. Absent: positions are counted on.
   */
  grid?: (unitSeconds: readonly number[], size: PixelSize) => VisualGrid;
  /** What the prompt says of a video in words, between the placeholder and the question. */
  introduce?: (seconds: readonly number[], duration: number) => string;
  /** Pixels (units * framesPerUnit, channels, height, width) -> (units, rowsPerUnit, decoder width). */
  see(weights: ModelWeights, pixels: Tensor): Tensor;
}>;

/** Rows of embeddings that a video (or a picture) of `count` frames takes. */
export function visualRows(eyes: Eyes, count: number, size: PixelSize): number {
  return (eyes.lookAt(count).length / eyes.framesPerUnit) * eyes.rowsPerUnit(size) + (eyes.ending === null ? 0 : 1);
}

/** Shape of the pixels of so many units. */
export function unitShape(eyes: Eyes, units: number, { width, height }: PixelSize): Shape {
  return [units * eyes.framesPerUnit, eyes.channels, height, width];
}

/** Every frame, in order. */
export function everyFrame(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
