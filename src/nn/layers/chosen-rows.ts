/**
 * Some positions of each sequence, for layers whose result is wanted nowhere else.
 *
 * Behind the last attention no position looks at another. Where a loss counts a tenth of a batch's tokens, the last layer needs
 * queries, output projection and MLP for that tenth alone; keys and values are those of every position, as before.
 */
import { add, gatherRows, greater, reshape, type Tensor, where } from "../graph/index.ts";
import { blockedScores } from "./masks.ts";

export type ChosenRows = Readonly<{
  /** int32 (B, R): rows b T + t of the batch laid out as (B T, ...). */
  places: Tensor;
  /** (B, 1, R, T), added to the scores of a causal attention: 0 for keys up to the query's own position, else very negative. */
  mask: Tensor;
}>;

/** The positions `at` int32 (B, R) of sequences of T. A position may stand there more than once. */
export function chosenRows(at: Tensor, length: number): ChosenRows {
  const { graph } = at;
  const [batch, rows] = at.shape as [number, number];
  const starts = graph.constant(
    Int32Array.from({ length: batch }, (_, b) => b * length),
    [batch, 1],
    "int32",
  );
  const keys = graph.constant(
    Int32Array.from({ length }, (_, t) => t),
    [1, 1, 1, length],
    "int32",
  );
  const isAhead = greater(keys, reshape(at, [batch, 1, rows, 1]));
  return { places: add(at, starts), mask: where(isAhead, graph.scalar(blockedScores), graph.scalar(0)) };
}

/** Rows of x (B, T, D): -> (B, R, D). */
export function rowsAt(x: Tensor, { places }: ChosenRows): Tensor {
  return gatherRows(reshape(x, [-1, x.shape[2] as number]), places);
}
