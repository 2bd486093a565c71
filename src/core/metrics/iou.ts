/**
 * Temporal intersection over union: the one in this project.
 */
import type { Span } from "../time/index.ts";

/**
 * Overlap over the hull of two spans, in [0, 1]: the union where they overlap; where they do not, the overlap is 0 anyway. Two
 * equal spans of no length have 1 (the field's scripts divide by zero). NaN where an end is NaN.
 */
export function iou(a: Span, b: Span): number {
  const overlap = Math.min(a.end, b.end) - Math.max(a.start, b.start);
  const hull = Math.max(a.end, b.end) - Math.min(a.start, b.start);
  if (hull === 0) return 1;
  return Math.max(0, overlap) / hull;
}

/** The best overlap with any of several spans; 0 with none. */
export function bestIou(a: Span, spans: readonly Span[]): number {
  return spans.reduce((best, span) => Math.max(best, iou(a, span)), 0);
}
