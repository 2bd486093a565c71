/**
 * Visual prompts: what is drawn on frames before a model sees them. NumPro's is each frame's number; its rival in the paper
 * is a clock.
 *
 * A labelling says which text a frame gets and never looks at its pixels. Numbers by time come from the container's
 * timestamps, so they mean the same seconds at 25, 29.97 and 23.976 frames a second and on variable frame rates.
 */
import { formatTimestamp, numberAt } from "../../core/time/index.ts";
import type { Frame } from "../video/index.ts";
import { drawText } from "./draw-text.ts";
import type { OverlayStyle } from "./style.ts";

/** A frame with something drawn on it; time and index stay. */
export type VisualPrompt = (frame: Frame) => Frame;

/** What stands on a frame, or null for a frame that stays bare. */
export type Labelling = (frame: Pick<Frame, "time" | "index">) => string | null;

/** Draw a labelling in a style. The picture is copied, never changed and never compressed. */
export function visualPrompt(labelling: Labelling, style: OverlayStyle = {}): VisualPrompt {
  return (frame) => {
    const text = labelling(frame);
    return text === null ? frame : { ...frame, image: drawText(frame.image, text, style) };
  };
}

/**
 * Number k stands on what is shown during [k / rate, (k + 1) / rate) seconds, `rate` numbers a second (default 1; the paper
 * has 0.5 for highlights and fine-tuning). Counting begins at `startIndex` (default 0).
 */
export function numbersByTime({ rate = 1, startIndex = 0 }: { rate?: number; startIndex?: number } = {}): Labelling {
  if (!(rate > 0 && rate < Infinity)) throw new RangeError(`Expected numbers a second above 0, got ${rate}.`);
  checkStart(startIndex);
  return ({ time }) => String(startIndex + numberAt(time, rate));
}

/** The index that the frame has in its file. */
export function numbersByIndex({ startIndex = 0 }: { startIndex?: number } = {}): Labelling {
  checkStart(startIndex);
  return ({ index }) => String(startIndex + index);
}

/**
 * The place that a frame has among the given ones: what a model that sees exactly these frames counts. Number k then means
 * the time of `frames[k - startIndex]`. A frame that appears twice keeps its first number; others stay bare.
 */
export function numbersByPlace(
  frames: readonly Pick<Frame, "index">[],
  { startIndex = 0 }: { startIndex?: number } = {},
): Labelling {
  checkStart(startIndex);
  const places = new Map<number, number>();
  for (const [place, { index }] of frames.entries()) if (!places.has(index)) places.set(index, place);
  return ({ index }) => {
    const place = places.get(index);
    return place === undefined ? null : String(startIndex + place);
  };
}

/** The frame's time as mm:ss, or h:mm:ss from one hour on: whole seconds that have begun. */
export function clockLabels(): Labelling {
  return ({ time }) => formatTimestamp(Math.max(0, Math.floor(time + 1e-6)));
}

/** Only every n-th number is drawn: the paper has most of the gain from a fifth of the frames. */
export function everyNth(labelling: Labelling, n: number): Labelling {
  if (!(Number.isInteger(n) && n > 0)) throw new RangeError(`Expected every n-th number with a whole n, got ${n}.`);
  return (frame) => {
    const text = labelling(frame);
    return text !== null && Number(text) % n === 0 ? text : null;
  };
}

function checkStart(startIndex: number): void {
  if (Number.isInteger(startIndex) && startIndex >= 0) return;
  throw new RangeError(`Expected counting to begin at a whole number from 0 on, got ${startIndex}.`);
}
