/**
 * Scaled dot-product attention and rotary positions: operations whose gradient is cheaper written out than composed.
 */
import { sizeAt } from "./axes.ts";
import { reduceSum, reshape, sumTo } from "./broadcast.ts";
import { add, cast, mul, neg, sub } from "./elementwise.ts";
import { describe, type Tensor } from "./graph.ts";
import { matmul } from "./linear.ts";
import { softmax } from "./normalisation.ts";

export type AttentionOptions = Readonly<{
  /** Added to the scores before softmax: float32, broadcast to (B, Hq, T, S). Not differentiable. */
  mask?: Tensor;
  /** Factor of the scores. Default 1 / sqrt(dh). */
  scale?: number;
}>;

/**
 * softmax(scale q k^T + mask) v: q (B, Hq, T, dh), k and v (B, Hkv, S, dh) -> (B, Hq, T, dh).
 *
 * With grouped queries (Hq a multiple of Hkv) query head h reads key head floor(h / (Hq / Hkv)), as in transformers'
 * repeat_kv, but nothing is repeated: the queries of a group stand below each other in one product.
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, options: AttentionOptions = {}): Tensor {
  const [batch, queryHeads, length, width] = q.shape as [number, number, number, number];
  const [keyHeads, keys] = [sizeAt(k.shape, 1), sizeAt(k.shape, 2)];
  const { scale = 1 / Math.sqrt(width) } = options;
  const spreadWeights = attentionWeights(q, k, options);
  const { graph } = q;
  const grouped = [batch, keyHeads, (queryHeads / keyHeads) * length];
  const rows = reshape(q, [...grouped, width]);
  const weights = reshape(spreadWeights, [...grouped, keys]);
  const y = graph.node("FusedMatMul", [weights, v], [{ shape: [...grouped, width] }], plain)[0] as Tensor;
  const gradientOfScores = (d: Tensor) => {
    // sum_s p_s dp_s = sum_c d_c y_c: over dh numbers instead of S.
    const along = reduceSum(mul(d, y), [-1], { keepDims: true });
    return mul(weights, sub(matmul(d, v, { transposeB: true }), along));
  };
  graph.differentiable(
    [y],
    [
      { operand: q, pull: ([d]) => reshape(matmul(gradientOfScores(d as Tensor), k, { scale }), q.shape) },
      { operand: k, pull: ([d]) => matmul(gradientOfScores(d as Tensor), rows, { transposeA: true, scale }) },
      { operand: v, pull: ([d]) => matmul(weights, d as Tensor, { transposeA: true }) },
    ],
  );
  return reshape(y, q.shape);
}

/**
 * softmax(scale q k^T + mask): (B, Hq, T, S), rows that add to 1. Asked for beside `attention` of the same operands and options
 * it is the very tensor that attention computes, so looking costs nothing.
 */
export function attentionWeights(q: Tensor, k: Tensor, { mask, scale }: AttentionOptions = {}): Tensor {
  const [batch, queryHeads, length, width] = q.shape as [number, number, number, number];
  const [keyHeads, keys] = [sizeAt(k.shape, 1), sizeAt(k.shape, 2)];
  if (q.shape.length !== 4 || queryHeads % keyHeads !== 0 || k.shape[3] !== width) {
    const expected = "q (B, Hq, T, dh) and k (B, Hkv, S, dh) with Hq a multiple of Hkv";
    throw new RangeError(`Expected ${expected}, got ${describe(q)} and ${describe(k)}.`);
  }
  const rows = reshape(q, [batch, keyHeads, (queryHeads / keyHeads) * length, width]);
  const products = matmul(rows, k, { transposeB: true, scale: scale ?? 1 / Math.sqrt(width) });
  const scores = reshape(products, [batch, queryHeads, length, keys]);
  return softmax(mask ? add(scores, mask) : scores);
}

const plain = { transA: { int: 0 }, transB: { int: 0 }, alpha: { float: 1 } } as const;

/**
 * Rotate pairs (i, i + dh/2) of each head by an angle that depends on the position (transformers' rotate_half; Su et al.
 * 2021, arXiv:2104.09864): x (B, T, H dh), positions int (B, T), cosines and sines (P, dh/2) by position -> like x.
 */
export function rotaryEmbedding(x: Tensor, positions: Tensor, cosines: Tensor, sines: Tensor): Tensor {
  if (x.shape.length !== 3 || sizeAt(x.shape, 2) % (2 * sizeAt(cosines.shape, 1)) !== 0) {
    throw new RangeError(`Expected x (B, T, H dh) and cosines (P, dh/2), got ${describe(x)} and ${describe(cosines)}.`);
  }
  const operands = [x, cast(positions, "int64"), cosines, sines];
  const y = x.graph.node("RotaryEmbedding", operands, [{ shape: x.shape }], { interleaved: { int: 0 } })[0] as Tensor;
  // The transpose of a rotation is the rotation back.
  const pull = (d: Tensor) => rotaryEmbedding(d, positions, cosines, neg(sines));
  x.graph.differentiable([y], [{ operand: x, pull: ([d]) => sumTo(pull(d as Tensor), x.shape) }]);
  return y;
}
