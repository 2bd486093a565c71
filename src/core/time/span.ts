/**
 * Spans of time in seconds, half-open: [start, end).
 *
 * Everything that measures time speaks Span. Frame numbers, clock strings and model-specific time tokens are converted at
 * the edges.
 */
export type Span = Readonly<{ start: number; end: number }>;

/** A span with what happens in it; predicted moments carry a score. */
export type Moment = Span & Readonly<{ label: string; score?: number }>;

/** Make a span, or throw when the ends are reversed, negative or not finite. */
export function span(start: number, end: number): Span {
  if (!(0 <= start && start <= end && end < Infinity)) {
    throw new RangeError(`Expected a span with 0 <= start <= end in seconds, got [${start}, ${end}).`);
  }
  return { start, end };
}

/** Length of a span in seconds. */
export function duration(s: Span): number {
  return s.end - s.start;
}

/** Does the half-open span contain this second? */
export function contains(s: Span, seconds: number): boolean {
  return s.start <= seconds && seconds < s.end;
}
