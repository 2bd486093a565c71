/**
 * What is wrong with a predicted span, and what it would be worth without that fault: one kind a miss, after the idea of TIDE
 * (Bolya et al. 2020) for boxes.
 *
 * A fault's repair changes only what the fault names: a shift is moved, a wrong length is resized (its start, end or middle
 * stays, whichever is best), a reversed span is turned round, one that reaches past the video is cut, a rounded one gets the
 * ends that it was rounded from. A span that holds the true one or lies in it has a wrong length; else the repair that helps
 * more says what is wrong.
 */
import type { Span } from "../time/index.ts";
import { iou } from "./iou.ts";
import type { PredictedSpan } from "./moment-convention.ts";

export const spanFaults = [
  "early",
  "late",
  "too long",
  "too short",
  "whole video",
  "boundary-snapped",
  "reversed",
  "out of range",
] as const;
export type SpanFault = (typeof spanFaults)[number];

export type FaultyMoment = Readonly<{
  predicted: PredictedSpan;
  truths: readonly Span[];
  /** Seconds; Infinity where it is not known, and then nothing is out of range or whole. */
  duration: number;
}>;

/** A span that covers this share of the video is the whole video. */
const whole = 0.95;
/** Answers of some models come in multiples of this many seconds. */
const grid = 5;
/** A span may overshoot the end of the video by this much; seconds. */
const overshoot = 0.5;

/** The fault of a miss and the span without it. */
export function diagnoseMoment({ predicted, truths, duration }: FaultyMoment): { fault: SpanFault; repaired: Span } {
  const truth = nearest(predicted, truths);
  const { start, end } = predicted;
  if (predicted.isReversed) return { fault: "reversed", repaired: { start, end } };
  if (end > duration + overshoot || start < 0) {
    const cut = (second: number) => Math.min(duration, Math.max(0, second));
    return { fault: "out of range", repaired: { start: cut(start), end: cut(end) } };
  }
  const resized = resize(predicted, truth);
  if (end - start >= whole * duration) return { fault: "whole video", repaired: resized };
  if (isSnapped(predicted, truth)) return { fault: "boundary-snapped", repaired: truth };
  const moved = around(middle(truth), end - start);
  if (holds(predicted, truth)) return { fault: "too long", repaired: resized };
  if (holds(truth, predicted)) return { fault: "too short", repaired: resized };
  if (iou(resized, truth) > iou(moved, truth)) {
    return { fault: end - start > truth.end - truth.start ? "too long" : "too short", repaired: resized };
  }
  return { fault: middle(predicted) < middle(truth) ? "early" : "late", repaired: moved };
}

/** Both ends are multiples of 5 s, the truth's are not, and rounding explains the distance. */
function isSnapped(predicted: Span, truth: Span): boolean {
  const onGrid = (second: number) => Math.abs(second - grid * Math.round(second / grid)) < 1e-6;
  const isNear = (a: number, b: number) => Math.abs(a - b) <= grid / 2;
  return (
    onGrid(predicted.start) &&
    onGrid(predicted.end) &&
    !(onGrid(truth.start) && onGrid(truth.end)) &&
    isNear(predicted.start, truth.start) &&
    isNear(predicted.end, truth.end)
  );
}

/** The true span with the best overlap, or else the one whose middle is closest. */
function nearest(predicted: Span, truths: readonly Span[]): Span {
  const distance = (truth: Span) => Math.abs(middle(truth) - middle(predicted));
  const [first] = truths;
  if (first === undefined) throw new RangeError("Expected at least one true span to diagnose a prediction, got none.");
  return truths.reduce((best, truth) => {
    const gain = iou(predicted, truth) - iou(predicted, best);
    return gain > 0 || (gain === 0 && distance(truth) < distance(best)) ? truth : best;
  }, first);
}

/** The span at the true length, its start, end or middle kept. */
function resize(predicted: Span, truth: Span): Span {
  const length = truth.end - truth.start;
  const { start, end } = predicted;
  const kept = [around(middle(predicted), length), { start, end: start + length }, { start: end - length, end }];
  return kept.reduce((best, each) => (iou(each, truth) > iou(best, truth) ? each : best));
}

function holds(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

function middle({ start, end }: Span): number {
  return (start + end) / 2;
}

function around(centre: number, length: number): Span {
  return { start: centre - length / 2, end: centre + length / 2 };
}
