/** Edges of a moment. */
import type { Span } from "zoetrope/core/time";

/** Shortest moment that an edge can be moved to, seconds. */
const shortest = 0.01;

/** The span with one edge elsewhere, within the video and never turned round. */
export function nudged({ start, end }: Span, edge: "start" | "end", seconds: number, duration: number): Span {
  return edge === "start"
    ? { start: Math.min(Math.max(0, seconds), end - shortest), end }
    : { start, end: Math.max(Math.min(duration, seconds), start + shortest) };
}
