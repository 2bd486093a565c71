/**
 * What grounding scores without a look at the video: constant answers, the whole video, true spans of other videos, and the
 * model's own spans handed to other videos.
 *
 * All of them answer the queries that the model is scored on. A span moves to another video as a part of its duration, or in
 * seconds where durations are not known.
 */
import type { Rng } from "../../core/math/index.ts";
import {
  bestConstantSpan,
  bestIou,
  type ConstantSpan,
  type GroundingFigures,
  groundingFigures,
} from "../../core/metrics/index.ts";
import type { Span } from "../../core/time/index.ts";
import type { ScoredQuery } from "./scored-query.ts";

export type BaselineName =
  | "best constant span (mIoU)"
  | "best constant span (R@0.5)"
  | "whole video"
  | "true spans of other videos"
  | "own spans of other videos";

export type Baseline = Readonly<{ name: BaselineName; figures: GroundingFigures; note: string }>;

/** Draws of the two shuffled baselines, whose mean is shown. */
const rounds = 10;

export function blindBaselines(scored: readonly ScoredQuery[], rng: Rng): Baseline[] {
  const queries = scored.map(({ query }) => query).filter(({ truths }) => truths.length > 0);
  if (queries.length === 0) return [];
  const isKnown = queries.every(({ duration }) => Number.isFinite(duration));
  const constants = (["miou", "r1At05"] as const).flatMap((figure): Baseline[] => {
    const best = bestConstantSpan(queries, figure);
    const name = figure === "miou" ? "best constant span (mIoU)" : "best constant span (R@0.5)";
    return best === null ? [] : [{ name, figures: best.figures, note: constantText(best) }];
  });
  const whole = queries.map(({ truths, duration }) => bestIou({ start: 0, end: duration }, truths));
  const truths = queries.map(({ truths: spans, duration, video }) => ({ span: spans[0] as Span, duration, video }));
  const own = scored.flatMap(({ query, read }) =>
    read.kind === "read" ? [{ span: read.predicted, duration: query.duration, video: query.video }] : [],
  );
  const shuffled = (name: BaselineName, pool: readonly Owned[], note: string): Baseline[] =>
    new Set(pool.map(({ video }) => video)).size < 2
      ? []
      : [{ name, figures: drawnFigures(queries, pool, rng.fork(name)), note }];
  return [
    ...constants,
    ...(isKnown ? [{ name: "whole video" as const, figures: groundingFigures(whole), note: "" }] : []),
    ...shuffled("true spans of other videos", truths, `mean of ${rounds} draws`),
    ...shuffled("own spans of other videos", own, `mean of ${rounds} draws`),
  ];
}

type Owned = Readonly<{ span: Span; duration: number; video: string }>;

/** Every query answered with a span of another video of the pool, drawn at random; the mean over draws. */
function drawnFigures(
  queries: readonly Readonly<{ truths: readonly Span[]; duration: number; video: string }>[],
  pool: readonly Owned[],
  rng: Rng,
): GroundingFigures {
  const ious: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const { truths, duration, video } of queries) {
      let drawn = rng.pick(pool);
      while (drawn.video === video) drawn = rng.pick(pool);
      const { span, duration: from } = drawn;
      const scale = Number.isFinite(duration) && Number.isFinite(from) && from > 0 ? duration / from : 1;
      ious.push(bestIou({ start: span.start * scale, end: span.end * scale }, truths));
    }
  }
  return groundingFigures(ious);
}

function constantText({ unit, start, end }: ConstantSpan): string {
  const text = (value: number) => (unit === "share" ? `${Math.round(100 * value)} %` : `${value.toFixed(1)} s`);
  return `${text(start)} to ${text(end)}`;
}
