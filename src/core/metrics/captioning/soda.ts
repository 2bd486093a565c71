/**
 * SODA (Fujita et al. 2020): how well a list of predicted events tells the story of the true ones, in their order.
 *
 * Written from the formula: events are matched one to one without crossing so that the sum of their similarities is greatest;
 * precision and recall are that sum over the number of predicted and of true events. SODA_c's similarity is the spans' IoU
 * times the captions' METEOR.
 */

export type Soda = Readonly<{
  /** Sum of the similarities of the best matching. */
  total: number;
  precision: number;
  recall: number;
  /** Harmonic mean, 0 where both are 0. */
  f1: number;
}>;

/** SODA from similarities[true event][predicted event], both in order of time. Lists without events score 0. */
export function soda(similarities: readonly (readonly number[])[], predictedCount: number): Soda {
  const total = orderedMatching(similarities, predictedCount);
  const precision = predictedCount === 0 ? 0 : total / predictedCount;
  const recall = similarities.length === 0 ? 0 : total / similarities.length;
  const f1 = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall);
  return { total, precision, recall, f1 };
}

/** The greatest sum over one-to-one matchings of rows to columns that keep the order of both. */
function orderedMatching(similarities: readonly (readonly number[])[], columns: number): number {
  // best[j]: over the rows so far and the first j columns.
  let best = new Array<number>(columns + 1).fill(0);
  for (const row of similarities) {
    const next = [0];
    for (let j = 1; j <= columns; j++) {
      const matched = (best[j - 1] as number) + (row[j - 1] as number);
      next.push(Math.max(best[j] as number, next[j - 1] as number, matched));
    }
    best = next;
  }
  return best[columns] as number;
}
