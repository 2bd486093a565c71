/**
 * The best answer that never looks at a video: one span for all queries, found on the true spans themselves, so that it is an
 * upper bound for answers of its kind.
 */
import type { Span } from "../time/index.ts";
import { bestIou } from "./iou.ts";
import { type GroundingFigures, groundingFigures } from "./recall-at-iou.ts";

export type AnsweredQuery = Readonly<{ truths: readonly Span[]; duration: number }>;

/** Ends are parts of the duration in [0, 1], or seconds where durations are not known. */
export type ConstantSpan = Readonly<{
  unit: "share" | "seconds";
  start: number;
  end: number;
  figures: GroundingFigures;
}>;

/** Steps of the grid on which both ends lie. */
const steps = 20;

/** The constant with the best `figure`; null of no queries. */
export function bestConstantSpan(queries: readonly AnsweredQuery[], figure: "miou" | "r1At05"): ConstantSpan | null {
  if (queries.length === 0) return null;
  const isKnown = queries.every(({ duration }) => Number.isFinite(duration));
  const longest = queries.reduce((max, { truths }) => truths.reduce((end, truth) => Math.max(end, truth.end), max), 0);
  let best: ConstantSpan | null = null;
  for (let from = 0; from < steps; from++) {
    for (let to = from + 1; to <= steps; to++) {
      const [start, end] = [from / steps, to / steps].map((part) => (isKnown ? part : part * longest)) as [
        number,
        number,
      ];
      const ious = queries.map(({ truths, duration }) => {
        const scale = isKnown ? duration : 1;
        return bestIou({ start: start * scale, end: end * scale }, truths);
      });
      const figures = groundingFigures(ious);
      if (best !== null && !((figures[figure] ?? 0) > (best.figures[figure] ?? 0))) continue;
      best = { unit: isKnown ? "share" : "seconds", start, end, figures };
    }
  }
  return best;
}
