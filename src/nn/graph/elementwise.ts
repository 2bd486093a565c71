/**
 * Arithmetic and elementary functions, element by element. Operands of two-place operations broadcast.
 */
import { broadcastShapes } from "./axes.ts";
import { broadcastTo, sumTo } from "./broadcast.ts";
import { describe, type Tensor } from "./graph.ts";

export function add(a: Tensor, b: Tensor): Tensor {
  return binary("Add", a, b, [(d) => d, (d) => d]);
}

export function sub(a: Tensor, b: Tensor): Tensor {
  return binary("Sub", a, b, [(d) => d, neg]);
}

export function mul(a: Tensor, b: Tensor): Tensor {
  return binary("Mul", a, b, [(d) => mul(d, b), (d) => mul(d, a)]);
}

export function div(a: Tensor, b: Tensor): Tensor {
  return binary("Div", a, b, [(d) => div(d, b), (d, y) => neg(div(mul(d, y), b))]);
}

/** x times a fixed number. */
export function scale(x: Tensor, factor: number): Tensor {
  return factor === 1 ? x : mul(x, x.graph.scalar(factor));
}

/** x plus a fixed number. */
export function shift(x: Tensor, offset: number): Tensor {
  return offset === 0 ? x : add(x, x.graph.scalar(offset));
}

export function neg(x: Tensor): Tensor {
  return unary("Neg", x, neg);
}

export function exp(x: Tensor): Tensor {
  return unary("Exp", x, (d, y) => mul(d, y));
}

/** Natural logarithm. */
export function log(x: Tensor): Tensor {
  return unary("Log", x, (d) => div(d, x));
}

export function sqrt(x: Tensor): Tensor {
  return unary("Sqrt", x, (d, y) => div(scale(d, 0.5), y));
}

/** 1 / sqrt(x). */
export function rsqrt(x: Tensor): Tensor {
  return div(x.graph.scalar(1), sqrt(x));
}

export function tanh(x: Tensor): Tensor {
  return unary("Tanh", x, (d, y) => mul(d, sub(x.graph.scalar(1), mul(y, y))));
}

/** 1 / (1 + exp(-x)). */
export function sigmoid(x: Tensor): Tensor {
  return unary("Sigmoid", x, (d, y) => mul(d, mul(y, sub(x.graph.scalar(1), y))));
}

/** erf(x), the odd error function. */
export function erf(x: Tensor): Tensor {
  return unary("Erf", x, (d) => mul(d, scale(exp(neg(mul(x, x))), 2 / Math.sqrt(Math.PI))));
}

/** Choose a where the condition (bool or int32, broadcast) is not zero, else b. */
export function where(condition: Tensor, a: Tensor, b: Tensor): Tensor {
  if (condition.dtype === "float32")
    throw new TypeError(`Expected a bool or int condition, got ${describe(condition)}.`);
  const { graph } = a;
  const chosen = condition.dtype === "bool" ? condition : cast(condition, "bool");
  const shape = broadcastShapes(condition.shape, a.shape, b.shape);
  const [y] = graph.node("Where", [chosen, a, b], [{ shape, dtype: a.dtype }]);
  const zero = graph.constant([0], [], a.dtype);
  graph.differentiable(
    [y as Tensor],
    [
      { operand: a, pull: ([d]) => sumTo(where(chosen, d as Tensor, zero), a.shape) },
      { operand: b, pull: ([d]) => sumTo(where(chosen, zero, d as Tensor), b.shape) },
    ],
  );
  return y as Tensor;
}

/** Is a equal to b, element by element? Not differentiable. */
export function equal(a: Tensor, b: Tensor): Tensor {
  const shape = broadcastShapes(a.shape, b.shape);
  return a.graph.node("Equal", [a, b], [{ shape, dtype: "bool" }])[0] as Tensor;
}

/** Is a greater than b, element by element? Not differentiable. */
export function greater(a: Tensor, b: Tensor): Tensor {
  const shape = broadcastShapes(a.shape, b.shape);
  return a.graph.node("Greater", [a, b], [{ shape, dtype: "bool" }])[0] as Tensor;
}

/** The larger of two, element by element. Not differentiable. */
export function maximum(a: Tensor, b: Tensor): Tensor {
  return a.graph.node("Max", [a, b], [{ shape: broadcastShapes(a.shape, b.shape), dtype: a.dtype }])[0] as Tensor;
}

/** Convert the element type. Not differentiable. */
export function cast(x: Tensor, dtype: Tensor["dtype"]): Tensor {
  if (x.dtype === dtype) return x;
  return x.graph.node("Cast", [x], [{ shape: x.shape, dtype }], { to: { int: castCodes[dtype] } })[0] as Tensor;
}

/** ONNX TensorProto.DataType. */
const castCodes = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 } as const;

/** The same numbers, through which no gradient flows. */
export function stopGradient(x: Tensor): Tensor {
  return x.graph.node("Identity", [x], [{ shape: x.shape, dtype: x.dtype }])[0] as Tensor;
}

/** A one-place operation and the gradient of its operand, given the result's gradient and the result. */
export function unary(op: string, x: Tensor, pull: (d: Tensor, y: Tensor) => Tensor): Tensor {
  const y = x.graph.node(op, [x], [{ shape: x.shape, dtype: x.dtype }])[0] as Tensor;
  x.graph.differentiable([y], [{ operand: x, pull: ([d]) => pull(d as Tensor, y) }]);
  return y;
}

type Pull = (d: Tensor, y: Tensor) => Tensor;

function binary(op: string, a: Tensor, b: Tensor, [pullA, pullB]: readonly [Pull, Pull]): Tensor {
  if (a.dtype !== b.dtype) {
    throw new TypeError(`Expected operands of one type for ${op}, got ${describe(a)} and ${describe(b)}.`);
  }
  const y = a.graph.node(op, [a, b], [{ shape: broadcastShapes(a.shape, b.shape), dtype: a.dtype }])[0] as Tensor;
  a.graph.differentiable(
    [y],
    [
      { operand: a, pull: ([d]) => sumTo(pullA(d as Tensor, y), a.shape) },
      { operand: b, pull: ([d]) => sumTo(pullB(d as Tensor, y), b.shape) },
    ],
  );
  return y;
}

/** Zeros of a shape, stretched from one number. */
export function zerosLike(x: Tensor): Tensor {
  return broadcastTo(x.graph.constant([0], [], x.dtype), x.shape);
}
