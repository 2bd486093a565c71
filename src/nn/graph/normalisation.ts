/**
 * Functions that normalise along the last axis: softmax, RMS and layer normalisation, unit length.
 */
import { reduceSum, reshape } from "./broadcast.ts";
import { add, div, exp, mul, scale, shift, sqrt, sub } from "./elementwise.ts";
import { describe, type Shape, sizeOf, type Tensor } from "./graph.ts";
import { matmul } from "./linear.ts";

const lastAxis = { axis: { int: -1 } } as const;

/** exp(x) / sum(exp(x)) along the last axis. */
export function softmax(x: Tensor): Tensor {
  const y = x.graph.node("Softmax", [x], [{ shape: x.shape }], lastAxis)[0] as Tensor;
  const pull = (d: Tensor) => mul(y, sub(d, reduceSum(mul(d, y), [-1], { keepDims: true })));
  x.graph.differentiable([y], [{ operand: x, pull: ([d]) => pull(d as Tensor) }]);
  return y;
}

/** log(softmax(x)) along the last axis. */
export function logSoftmax(x: Tensor): Tensor {
  const y = x.graph.node("LogSoftmax", [x], [{ shape: x.shape }], lastAxis)[0] as Tensor;
  const pull = (d: Tensor) => sub(d, mul(exp(y), reduceSum(d, [-1], { keepDims: true })));
  x.graph.differentiable([y], [{ operand: x, pull: ([d]) => pull(d as Tensor) }]);
  return y;
}

/** x / sqrt(mean(x^2) + eps) * weight along the last axis. Zhang and Sennrich 2019, arXiv:1910.07467. */
export function rmsNorm(x: Tensor, weight: Tensor, eps: number): Tensor {
  requireLastAxis(x, weight);
  const results = [{ shape: x.shape }, { shape: statisticShape(x.shape) }];
  const attributes = { axis: { int: -1 }, epsilon: { float: eps } };
  const [y, inverse] = x.graph.node("SimplifiedLayerNormalization", [x, weight], results, attributes) as Pair;
  const pull = (d: Tensor) => {
    const cubed = mul(inverse, mul(inverse, inverse));
    const along = mul(weightedRows(mul(d, x), weight), scale(cubed, 1 / lengthOf(weight)));
    return sub(mul(mul(d, weight), inverse), mul(x, along));
  };
  x.graph.differentiable(
    [y],
    [
      { operand: x, pull: ([d]) => pull(d as Tensor) },
      { operand: weight, pull: ([d]) => weightedColumns(mul(d as Tensor, x), inverse) },
    ],
  );
  return y;
}

/** (x - mean) / sqrt(variance + eps) * weight + bias along the last axis. Ba et al. 2016, arXiv:1607.06450. */
export function layerNorm(x: Tensor, weight: Tensor, bias: Tensor, eps: number): Tensor {
  requireLastAxis(x, weight);
  requireLastAxis(x, bias);
  const statistic = { shape: statisticShape(x.shape) };
  const attributes = { axis: { int: -1 }, epsilon: { float: eps } };
  const results = [{ shape: x.shape }, statistic, statistic];
  const [y, mean, inverse] = x.graph.node("LayerNormalization", [x, weight, bias], results, attributes) as Triple;
  const standard = () => mul(sub(x, mean), inverse);
  const pull = (d: Tensor) => {
    const share = 1 / lengthOf(weight);
    const along = scale(weightedRows(mul(d, standard()), weight), share);
    const level = scale(weightedRows(d, weight), share);
    return mul(sub(mul(d, weight), add(mul(standard(), along), level)), inverse);
  };
  const ones = x.graph.constant(new Float32Array(sizeOf(mean.shape)).fill(1), mean.shape);
  x.graph.differentiable(
    [y],
    [
      { operand: x, pull: ([d]) => pull(d as Tensor) },
      { operand: weight, pull: ([d]) => weightedColumns(mul(d as Tensor, standard()), ones) },
      { operand: bias, pull: ([d]) => weightedColumns(d as Tensor, ones) },
    ],
  );
  return y;
}

/** sum_i x_i weight_i along the last axis: x (..., D), weight (D) -> (..., 1). As a product it beats Mul and ReduceSum. */
function weightedRows(x: Tensor, weight: Tensor): Tensor {
  const width = lengthOf(weight);
  const sums = matmul(reshape(x, [sizeOf(x.shape) / width, width]), reshape(weight, [width, 1]));
  return reshape(sums, statisticShape(x.shape));
}

/** Sum of rows x_n times weight_n: x (..., D), weight (..., 1) -> (D). */
function weightedColumns(x: Tensor, weight: Tensor): Tensor {
  const width = x.shape.at(-1) as number;
  const rows = sizeOf(weight.shape);
  return reshape(matmul(reshape(weight, [1, rows]), reshape(x, [rows, width])), [width]);
}

function lengthOf(weight: Tensor): number {
  return weight.shape[0] as number;
}

/** x / ||x|| along the last axis; 1e-24 under the root keeps a zero vector zero instead of NaN. */
export function normalize(x: Tensor): Tensor {
  return div(x, sqrt(shift(reduceSum(mul(x, x), [-1], { keepDims: true }), 1e-24)));
}

type Pair = readonly [Tensor, Tensor];
type Triple = readonly [Tensor, Tensor, Tensor];

function statisticShape(shape: Shape): number[] {
  return [...shape.slice(0, -1), 1];
}

function requireLastAxis(x: Tensor, weight: Tensor): void {
  if (weight.shape.length !== 1 || weight.shape[0] !== x.shape.at(-1)) {
    throw new RangeError(`Expected a weight (${x.shape.at(-1)}) for ${describe(x)}, got ${describe(weight)}.`);
  }
}
