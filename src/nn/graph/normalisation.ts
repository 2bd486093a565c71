/**
 * Functions that normalise along the last axis: softmax, RMS and layer normalisation, unit length.
 */
import { reduceMean, reduceSum, sumTo } from "./broadcast.ts";
import { div, exp, mul, shift, sqrt, sub } from "./elementwise.ts";
import { describe, type Shape, type Tensor } from "./graph.ts";

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
  const standard = () => mul(x, inverse);
  const pull = (d: Tensor) => {
    const dz = mul(d, weight);
    const along = reduceMean(mul(dz, standard()), [-1], { keepDims: true });
    return mul(sub(dz, mul(standard(), along)), inverse);
  };
  x.graph.differentiable(
    [y],
    [
      { operand: x, pull: ([d]) => pull(d as Tensor) },
      { operand: weight, pull: ([d]) => sumTo(mul(d as Tensor, standard()), weight.shape) },
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
    const dz = mul(d, weight);
    const along = reduceMean(mul(dz, standard()), [-1], { keepDims: true });
    return mul(sub(sub(dz, reduceMean(dz, [-1], { keepDims: true })), mul(standard(), along)), inverse);
  };
  x.graph.differentiable(
    [y],
    [
      { operand: x, pull: ([d]) => pull(d as Tensor) },
      { operand: weight, pull: ([d]) => sumTo(mul(d as Tensor, standard()), weight.shape) },
      { operand: bias, pull: ([d]) => sumTo(d as Tensor, bias.shape) },
    ],
  );
  return y;
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
