/**
 * Moment retrieval of QVHighlights (Lei et al. 2021): R@1 and interpolated average precision at ten IoU thresholds.
 *
 * Written from the definition of the official script (moment_detr, standalone_eval) and equal to it on its samples. Two of its
 * accidents are not kept: NaN ends never match here, and a query with an empty list of windows counts as a miss (the script
 * leaves it out of the mAP and stops at the R1).
 */
import type { Span } from "../time/index.ts";
import { iou } from "./iou.ts";

/** 0.50, 0.55, ..., 0.95. */
export const retrievalThresholds: readonly number[] = Array.from({ length: 10 }, (_, i) => (50 + 5 * i) / 100);

/** A window with its score; ends may be reversed or NaN, which match nothing. */
export type ScoredWindow = Span & Readonly<{ score: number }>;
export type RetrievalQuery = Readonly<{ truths: readonly Span[]; predictions: readonly ScoredWindow[] }>;

/** Of one query, in [0, 1], by threshold: is the first window a hit; the average precision of the first ten. */
export type RetrievalValues = Readonly<{ recall: Float64Array; precision: Float64Array }>;

const maxWindows = 10;

export function retrievalValues({ truths, predictions }: RetrievalQuery): RetrievalValues {
  const [first] = predictions;
  const firstIou = first === undefined ? 0 : iouWithNearest(first, truths);
  const recall = Float64Array.from(retrievalThresholds, (threshold) => (firstIou >= threshold ? 1 : 0));
  const ranked = predictions.slice(0, maxWindows).sort((a, b) => rankOf(b) - rankOf(a));
  const ious = ranked.map((window) => truths.map((truth) => windowIou(window, truth)));
  const orders = ious.map((row) =>
    row.map((_, i) => i).sort((a, b) => (row[b] as number) - (row[a] as number) || b - a),
  );
  const precision = Float64Array.from(retrievalThresholds, (threshold) =>
    averagePrecision(hits(ious, orders, threshold), truths.length),
  );
  return { recall, precision };
}

/** Scores that are not finite rank last. */
function rankOf({ score }: ScoredWindow): number {
  return Number.isFinite(score) ? score : -Number.MAX_VALUE;
}

/** The script takes the true window that overlaps best by the exact union, then measures against the hull: the same here. */
function iouWithNearest(window: ScoredWindow, truths: readonly Span[]): number {
  return truths.reduce((best, truth) => Math.max(best, windowIou(window, truth)), 0);
}

function windowIou(window: ScoredWindow, truth: Span): number {
  return window.start <= window.end ? iou(window, truth) : 0;
}

/** For each window in rank order: does it take a true window that no better one took? */
function hits(ious: readonly number[][], orders: readonly number[][], threshold: number): boolean[] {
  const taken: boolean[] = [];
  return ious.map((row, k) => {
    for (const truth of orders[k] as number[]) {
      if (!((row[truth] as number) >= threshold)) return false;
      if (taken[truth]) continue;
      taken[truth] = true;
      return true;
    }
    return false;
  });
}

/** Area under the precision-recall curve whose precision is the best at that recall or a higher one (VOC after 2010). */
function averagePrecision(isHit: readonly boolean[], truths: number): number {
  let found = isHit.reduce((sum, hit) => sum + Number(hit), 0);
  let area = 0;
  let best = 0;
  // Backwards, so that the best precision from here on is at hand; recall rises by one truth a hit.
  for (let k = isHit.length - 1; k >= 0; k--) {
    if (!isHit[k]) continue;
    best = Math.max(best, found / (k + 1));
    area += best / truths;
    found--;
  }
  return area;
}

/** True windows by length in seconds: (0, 10], (10, 30], (30, 150]. */
export const lengthRanges = {
  short: [0, 10],
  middle: [10, 30],
  long: [30, 150],
} as const satisfies Readonly<Record<string, readonly [number, number]>>;
export type LengthRange = keyof typeof lengthRanges;

/** The query with the true windows of a length only; null where there is none. Predictions stay. */
export function withinRange(query: RetrievalQuery, range: LengthRange): RetrievalQuery | null {
  const [above, upTo] = lengthRanges[range];
  const truths = query.truths.filter(({ start, end }) => end - start > above && end - start <= upTo);
  return truths.length === 0 ? null : { ...query, truths };
}
