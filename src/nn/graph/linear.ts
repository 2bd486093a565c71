/**
 * Matrix products: layers with a weight matrix, and batched products with transposes and a scale folded in.
 *
 * Nothing is transposed in memory: every gradient is again a product with transpose flags.
 */
import { broadcastShapes, sizeAt } from "./axes.ts";
import { reshape, sumTo } from "./broadcast.ts";
import { describe, sizeOf, type Tensor } from "./graph.ts";

/**
 * scale x weight^T + bias: x (..., in), weight (out, in) as in Hugging Face checkpoints, bias (out) -> (..., out).
 * The scale costs nothing.
 */
export function linear(x: Tensor, weight: Tensor, bias?: Tensor, { scale = 1 }: LinearOptions = {}): Tensor {
  const [outSize, inSize] = weight.shape as [number, number];
  if (weight.shape.length !== 2 || x.shape.at(-1) !== inSize) {
    throw new RangeError(`Expected x (..., in) and weight (out, in), got ${describe(x)} and ${describe(weight)}.`);
  }
  if (bias && (bias.shape.length !== 1 || bias.shape[0] !== outSize)) {
    throw new RangeError(`Expected a bias (${outSize}) for weight ${describe(weight)}, got ${describe(bias)}.`);
  }
  const rows = sizeOf(x.shape) / inSize;
  const flat = reshape(x, [rows, inSize]);
  const y = gemm(flat, weight, { transposeB: true, scale, ...(bias && { bias }) });
  return reshape(y, [...x.shape.slice(0, -1), outSize]);
}

export type LinearOptions = Readonly<{ scale?: number }>;
type GemmOptions = Readonly<{ transposeA?: boolean; transposeB?: boolean; scale?: number; bias?: Tensor }>;

/** scale op(a) op(b) + bias for matrices. */
function gemm(a: Tensor, b: Tensor, options: GemmOptions = {}): Tensor {
  const { transposeA = false, transposeB = false, scale = 1, bias } = options;
  const shape = [sizeAt(a.shape, transposeA ? 1 : 0), sizeAt(b.shape, transposeB ? 0 : 1)];
  const y = a.graph.node("Gemm", bias ? [a, b, bias] : [a, b], [{ shape }], {
    transA: { int: transposeA ? 1 : 0 },
    transB: { int: transposeB ? 1 : 0 },
    alpha: { float: scale },
  })[0] as Tensor;
  const product: Product = (p, q, tp, tq) => gemm(p, q, { transposeA: tp, transposeB: tq, scale });
  const pullbacks = productPullbacks(a, b, transposeA, transposeB, product);
  if (bias) pullbacks.push({ operand: bias, pull: ([d]) => sumRows(d as Tensor) });
  a.graph.differentiable([y], pullbacks);
  return y;
}

/** Sum over the rows of a matrix: (m, n) -> (n). A product with ones is faster than ONNX Runtime's ReduceSum. */
export function sumRows(x: Tensor): Tensor {
  const [rows, columns] = x.shape as [number, number];
  return reshape(gemm(x.graph.constant(new Float32Array(rows).fill(1), [1, rows]), x), [columns]);
}

export type MatmulOptions = Readonly<{ transposeA?: boolean; transposeB?: boolean; scale?: number }>;

/** scale op(a) op(b): a (..., m, k), b (..., k, n) -> (..., m, n); leading axes broadcast; transposes swap the last two. */
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  const { transposeA = false, transposeB = false, scale = 1 } = options;
  if (a.shape.length < 2 || b.shape.length < 2) {
    throw new RangeError(`Expected operands of rank 2 or more, got ${describe(a)} and ${describe(b)}.`);
  }
  const [m, k] = transposeA ? [sizeAt(a.shape, -1), sizeAt(a.shape, -2)] : [sizeAt(a.shape, -2), sizeAt(a.shape, -1)];
  const [k2, n] = transposeB ? [sizeAt(b.shape, -1), sizeAt(b.shape, -2)] : [sizeAt(b.shape, -2), sizeAt(b.shape, -1)];
  if (k !== k2) {
    throw new RangeError(`Expected equal inner sizes, got ${k} of ${describe(a)} and ${k2} of ${describe(b)}.`);
  }
  const shape = [...broadcastShapes(a.shape.slice(0, -2), b.shape.slice(0, -2)), m, n];
  const y = a.graph.node("FusedMatMul", [a, b], [{ shape }], {
    transA: { int: transposeA ? 1 : 0 },
    transB: { int: transposeB ? 1 : 0 },
    alpha: { float: scale },
  })[0] as Tensor;
  const product: Product = (p, q, tp, tq) => matmul(p, q, { transposeA: tp, transposeB: tq, scale });
  a.graph.differentiable([y], productPullbacks(a, b, transposeA, transposeB, product));
  return y;
}

type Product = (a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean) => Tensor;

/** y = op(a) op(b): d op(a) = d op(b)^T and d op(b) = op(a)^T d, each transposed back where the operand was. */
function productPullbacks(a: Tensor, b: Tensor, transposeA: boolean, transposeB: boolean, product: Product) {
  const pullA = (d: Tensor) => (transposeA ? product(b, d, transposeB, true) : product(d, b, false, !transposeB));
  const pullB = (d: Tensor) => (transposeB ? product(d, a, true, transposeA) : product(a, d, !transposeA, false));
  return [
    { operand: a, pull: ([d]: readonly (Tensor | undefined)[]) => sumTo(pullA(d as Tensor), a.shape) },
    { operand: b, pull: ([d]: readonly (Tensor | undefined)[]) => sumTo(pullB(d as Tensor), b.shape) },
  ];
}
