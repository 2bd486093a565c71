/**
 * Attention masks as numbers added to the scores: 0 where a query may look, `blockedScores` where not.
 */
import { type Graph, reshape, type Tensor, where } from "../graph/index.ts";

/** Finite, so that a row that may look nowhere (padding) gives numbers and not NaN. */
export const blockedScores = -1e9;

/** Queries are the last T of S positions and see those up to their own: -> (T, S). */
export function causalMask(graph: Graph, queries: number, keys: number = queries): Tensor {
  const past = keys - queries;
  const values = Float32Array.from({ length: queries * keys }, (_, i) =>
    i % keys <= Math.floor(i / keys) + past ? 0 : blockedScores,
  );
  return graph.constant(values, [queries, keys]);
}

/** Close padded keys: attentionMask int32 (B, S), 1 for a token, 0 for padding -> (B, 1, T or 1, S). */
export function paddingMask(attentionMask: Tensor, mask?: Tensor): Tensor {
  const [batch, keys] = attentionMask.shape as [number, number];
  const { graph } = attentionMask;
  return where(reshape(attentionMask, [batch, 1, 1, keys]), mask ?? graph.scalar(0), graph.scalar(blockedScores));
}
