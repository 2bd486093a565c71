/**
 * Which frames a row shows: 100 of them, evenly over the used part of the file, both ends included (A3).
 */
import { framesWithin, type Timeline } from "../../core/time/index.ts";
import { linspace } from "../../media/sampling/index.ts";
import type { VtimellmMeta } from "./row.ts";

/**
 * Source indices of a row's frames, ascending; they repeat where the part has fewer. The part is found by timestamps, where the
 * reference multiplies by a mean frame rate: the two agree on constant rates. Throws a RangeError where no frame lies in it.
 */
export function rowFrames(line: Timeline, meta?: Pick<VtimellmMeta, "split">, count = 100): number[] {
  if (meta?.split === undefined) return linspace(line, count);
  const [start, end] = meta.split;
  const { from, to } = framesWithin(line, { start, end });
  if (from === to)
    throw new RangeError(`Expected frames from ${start} s to ${end} s, got none: the video ends at ${line.end} s.`);
  const timestamps = Array.from({ length: to - from }, (_, i) => line.timestamps[from + i] as number);
  return linspace({ timestamps, end: line.end }, count).map((index) => from + index);
}
