/**
 * QVHighlights answered without a look at the video: one window for all queries, and for every clip the mean rating of clips at
 * its place. Both are fitted on the truth itself, so they are upper bounds for answers of their kind.
 */
import { bestConstantSpan } from "../../core/metrics/index.ts";
import { secondOfShare } from "../../core/time/index.ts";
import type { HighlightPrediction, HighlightTruth } from "../../data/index.ts";
import { scoreQvHighlights } from "./score-qvhighlights.ts";

/** The brief figures of blind answers to these queries. */
export function blindQvHighlights(
  truths: ReadonlyMap<string, HighlightTruth>,
): Readonly<Record<string, number | null>> {
  const queries = [...truths.values()].map(({ duration, relevant_windows }) => ({
    duration,
    truths: (relevant_windows ?? []).map(([start, end]) => ({ start, end })),
  }));
  const constant = bestConstantSpan(
    queries.filter((query) => query.truths.length > 0),
    "miou",
  );
  const ratings = meanRatings([...truths.values()]);
  const predictions = [...truths.values()].map(({ qid, duration }): readonly [string, HighlightPrediction] => {
    const window =
      constant === null ? [] : [[secondOfShare(constant.start, duration), secondOfShare(constant.end, duration), 1]];
    return [qid, { qid, pred_relevant_windows: window, pred_saliency_scores: ratings }];
  });
  return scoreQvHighlights(truths, new Map(predictions), { resamples: 0 }).brief;
}

/** Mean rating by clip, over annotators and queries; unrated clips have 0. */
function meanRatings(truths: readonly HighlightTruth[]): number[] {
  const sums: number[] = [];
  for (const { relevant_clip_ids: clips, saliency_scores: scores } of truths) {
    clips.forEach((clip, i) => {
      const ratings = scores[i] ?? [];
      sums[clip] = (sums[clip] ?? 0) + ratings.reduce((sum, rating) => sum + rating, 0) / Math.max(1, ratings.length);
    });
  }
  return Array.from(sums, (sum = 0) => sum / Math.max(1, truths.length));
}
