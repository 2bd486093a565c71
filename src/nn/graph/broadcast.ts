/**
 * Sums over axes and their transpose, stretching along axes. They live together because each is the other's gradient.
 */
import { axisIn, broadcastShapes } from "./axes.ts";
import { formatShape, type Shape, sameShape, sizeOf, type Tensor } from "./graph.ts";

export type ReduceOptions = Readonly<{ keepDims?: boolean }>;

/** Sum over the given axes (all when absent). */
export function reduceSum(x: Tensor, axes?: readonly number[], options: ReduceOptions = {}): Tensor {
  return reduce("ReduceSum", x, axes, options);
}

/** Mean over the given axes (all when absent). */
export function reduceMean(x: Tensor, axes?: readonly number[], options: ReduceOptions = {}): Tensor {
  return reduce("ReduceMean", x, axes, options);
}

function reduce(
  op: "ReduceSum" | "ReduceMean",
  x: Tensor,
  axes: readonly number[] | undefined,
  options: ReduceOptions,
) {
  const { graph } = x;
  const over = [...new Set((axes ?? x.shape.map((_, axis) => axis)).map((axis) => axisIn(x.shape, axis)))].sort();
  if (over.length === 0) return x;
  const kept = x.shape.map((size, axis) => (over.includes(axis) ? 1 : size));
  const shape = options.keepDims ? kept : x.shape.filter((_, axis) => !over.includes(axis));
  const axesTensor = graph.constant(over, [over.length], "int64");
  const [y] = graph.node(op, [x, axesTensor], [{ shape }], { keepdims: { int: options.keepDims ? 1 : 0 } });
  const share = op === "ReduceMean" ? sizeOf(shape) / sizeOf(x.shape) : 1;
  graph.differentiable(
    [y as Tensor],
    [
      {
        operand: x,
        pull: ([d]) => {
          const gradient = reshape(d as Tensor, kept);
          if (share === 1) return broadcastTo(gradient, x.shape);
          const [shared] = graph.node("Mul", [gradient, graph.scalar(share)], [{ shape: kept }]);
          return broadcastTo(shared as Tensor, x.shape);
        },
      },
    ],
  );
  return y as Tensor;
}

/** Stretch axes of size 1 (and missing leading axes) to a larger shape. */
export function broadcastTo(x: Tensor, shape: Shape): Tensor {
  if (!sameShape(broadcastShapes(x.shape, shape), shape)) {
    throw new RangeError(`Expected a shape that ${formatShape(x.shape)} broadcasts to, got ${formatShape(shape)}.`);
  }
  if (sameShape(x.shape, shape)) return x;
  const { graph } = x;
  const [y] = graph.node("Expand", [x, graph.constant(shape, [shape.length], "int64")], [{ shape, dtype: x.dtype }]);
  graph.differentiable([y as Tensor], [{ operand: x, pull: ([d]) => sumTo(d as Tensor, x.shape) }]);
  return y as Tensor;
}

/** Sum a gradient down to the shape of an operand that had been broadcast. */
export function sumTo(gradient: Tensor, shape: Shape): Tensor {
  const lead = gradient.shape.length - shape.length;
  const stretched = gradient.shape.flatMap((size, axis) => (size !== (shape[axis - lead] ?? 1) ? [axis] : []));
  const summed = stretched.length === 0 ? gradient : reduceSum(gradient, stretched, { keepDims: true });
  return reshape(summed, shape);
}

/** The same numbers in row-major order under another shape; costs nothing at run time. */
export function reshape(x: Tensor, shape: Shape): Tensor {
  const known = shape.reduce((product, size) => (size === -1 ? product : product * size), 1);
  const resolved = shape.map((size) => (size === -1 ? sizeOf(x.shape) / known : size));
  if (sizeOf(resolved) !== sizeOf(x.shape) || shape.filter((size) => size === -1).length > 1) {
    throw new RangeError(
      `Expected a shape of ${sizeOf(x.shape)} elements, got ${formatShape(shape)} for ${formatShape(x.shape)}.`,
    );
  }
  const { graph } = x;
  const source = graph.producer(x);
  // A reshaped reshape is one reshape of the origin, often none at all.
  if (source?.op === "Reshape") return reshape(source.inputs[0] as Tensor, resolved);
  if (sameShape(x.shape, resolved)) return x;
  const target = graph.constant(resolved, [resolved.length], "int64");
  const [y] = graph.node("Reshape", [x, target], [{ shape: resolved, dtype: x.dtype }]);
  graph.differentiable([y as Tensor], [{ operand: x, pull: ([d]) => reshape(d as Tensor, x.shape) }]);
  return y as Tensor;
}
