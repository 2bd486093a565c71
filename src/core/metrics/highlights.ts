/**
 * Highlight detection of QVHighlights: HIT@1 and mAP of scores for clips of two seconds against three annotators' ratings.
 *
 * Written from the definition of the official script (moment_detr, standalone_eval) and equal to it on its samples. Its
 * average precision is the unweighted mean of interpolated precision over distinct recalls: a tie of ten counts once.
 */

/** Ratings are 0 to 4; a clip is positive from the level's rating on. */
export const highlightLevels = { Fair: 2, Good: 3, VeryGood: 4 } as const;
export type HighlightLevel = keyof typeof highlightLevels;

/** Seconds of a clip. */
export const clipLength = 2;

export type HighlightQuery = Readonly<{
  /** Clips of the video: floor(duration / 2). */
  clips: number;
  /** Ids of rated clips and the ratings of each, one an annotator; other clips have 0. */
  ratedClips: readonly number[];
  ratings: readonly (readonly number[])[];
  /** A score for every clip; a list that is too short goes on with 0, NaN ranks last. */
  scores: readonly number[];
}>;

/** Of one query, in [0, 1]: is the first of the best clips rated at the level by anybody; average precision, mean over annotators. */
export type HighlightValues = Readonly<{ hit: number; averagePrecision: number }>;

export function highlightValues(query: HighlightQuery): Readonly<Record<HighlightLevel, HighlightValues>> {
  const { clips, ratedClips, ratings, scores } = query;
  const clean = Float64Array.from(scores, (score) => (Number.isNaN(score) ? -Infinity : score));
  const top = clean.reduce((best, score, i) => (score > (clean[best] as number) ? i : best), 0);
  const atTop = top < clips ? (ratings[ratedClips.indexOf(top)] ?? []) : [];
  const values = new Float64Array(clips);
  values.set(clean.subarray(0, clips));
  const order = Int32Array.from(values.keys()).sort((a, b) => (values[b] as number) - (values[a] as number));
  const ends = tieEnds(values, order);
  const annotators = Math.max(1, ...ratings.map((row) => row.length));
  const ranked = ratingsByRank(query, order, annotators);
  const foundBy = new Int32Array(clips);
  const atLevel = (level: HighlightLevel): HighlightValues => {
    const from = highlightLevels[level];
    let sum = 0;
    for (let annotator = 0; annotator < annotators; annotator++) {
      let found = 0;
      for (let k = 0; k < clips; k++) {
        if ((ranked[annotator * clips + k] as number) >= from) found++;
        foundBy[k] = found;
      }
      sum += averagePrecision(foundBy, ends);
    }
    return { hit: atTop.some((rating) => rating >= from) ? 1 : 0, averagePrecision: sum / annotators };
  };
  return { Fair: atLevel("Fair"), Good: atLevel("Good"), VeryGood: atLevel("VeryGood") };
}

/** Ratings of the clips in rank order, one annotator after the other. */
function ratingsByRank({ clips, ratedClips, ratings }: HighlightQuery, order: Int32Array, annotators: number) {
  const rankOf = new Int32Array(clips);
  order.forEach((clip, k) => {
    rankOf[clip] = k;
  });
  const ranked = new Float64Array(annotators * clips);
  ratedClips.forEach((clip, i) => {
    const row = ratings[i];
    if (row === undefined || clip >= clips) return;
    for (let annotator = 0; annotator < row.length; annotator++) {
      ranked[annotator * clips + (rankOf[clip] as number)] = row[annotator] as number;
    }
  });
  return ranked;
}

/** Places in rank order where a tie ends: each is one point of the curve. */
function tieEnds(values: Float64Array, order: Int32Array): Int32Array {
  const ends = order.map((clip, k) => (values[order[k + 1] ?? -1] === values[clip] ? -1 : k));
  return ends.filter((k) => k !== -1);
}

/** `foundBy[k]` counts the positives among the first k + 1 clips of the ranking. */
function averagePrecision(foundBy: Int32Array, ends: Int32Array): number {
  const total = foundBy.at(-1) ?? 0;
  if (total === 0) return 0;
  if (total === foundBy.length) return 1;
  let [sum, recalls, best] = [0, 0, 0];
  for (let i = ends.length - 1; i >= 0; i--) {
    const k = ends[i] as number;
    const found = foundBy[k] as number;
    best = Math.max(best, found / (k + 1));
    const before = i === 0 ? 0 : (foundBy[ends[i - 1] as number] as number);
    if (found === before) continue;
    sum += best;
    recalls++;
  }
  return sum / recalls;
}
