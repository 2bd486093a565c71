/**
 * Activation functions. Each runs as one fused operator where ONNX Runtime has one.
 */
import { add, erf, exp, greater, mul, scale, shift, sigmoid, sub, tanh, where } from "./elementwise.ts";
import type { Attribute, Tensor } from "./graph.ts";

/** max(x, 0). */
export function relu(x: Tensor): Tensor {
  const zero = x.graph.scalar(0);
  return activation("Relu", x, {}, (d) => where(greater(x, zero), d, zero));
}

/** x sigmoid(x), also called swish. Llama and Qwen2. With s = sigmoid(x) and y = x s: dy/dx = s (1 + x - y). */
export function silu(x: Tensor): Tensor {
  const s = sigmoid(x);
  const y = x.graph.node("Mul", [x, s], [{ shape: x.shape }])[0] as Tensor;
  const pull = (d: Tensor) => {
    const ds = mul(d, s);
    return add(ds, mul(ds, sub(x, y)));
  };
  x.graph.differentiable([y], [{ operand: x, pull: ([d]) => pull(d as Tensor) }]);
  return y;
}

/** The factor of quickGelu. */
export const quickGeluSlope = 1.702;

/** x sigmoid(1.702 x) = silu(1.702 x) / 1.702. CLIP. Between two linear layers let their products carry the factors. */
export function quickGelu(x: Tensor): Tensor {
  return scale(silu(scale(x, quickGeluSlope)), 1 / quickGeluSlope);
}

/** x Phi(x) with Phi the normal distribution function. LLaVA's projector. Hendrycks and Gimpel 2016, arXiv:1606.08415. */
export function gelu(x: Tensor): Tensor {
  return activation("Gelu", x, { approximate: { string: "none" } }, (d) => {
    const phi = scale(shift(erf(scale(x, Math.SQRT1_2)), 1), 0.5);
    const density = scale(exp(scale(mul(x, x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
    return mul(d, add(phi, mul(x, density)));
  });
}

/** The tanh approximation of gelu: x (1 + tanh(u)) / 2 with u = sqrt(2 / pi) (x + 0.044715 x^3). */
export function geluTanh(x: Tensor): Tensor {
  return activation("Gelu", x, { approximate: { string: "tanh" } }, (d) => {
    const c = Math.sqrt(2 / Math.PI);
    const square = mul(x, x);
    const t = tanh(mul(x, shift(scale(square, c * 0.044715), c)));
    const slope = shift(scale(square, 3 * c * 0.044715), c); // du/dx
    const half = scale(shift(t, 1), 0.5);
    return mul(d, add(half, scale(mul(mul(x, slope), sub(x.graph.scalar(1), mul(t, t))), 0.5)));
  });
}

function activation(
  op: string,
  x: Tensor,
  attributes: Readonly<Record<string, Attribute>>,
  pull: (d: Tensor, y: Tensor) => Tensor,
): Tensor {
  const y = x.graph.node(op, [x], [{ shape: x.shape }], attributes)[0] as Tensor;
  x.graph.differentiable([y], [{ operand: x, pull: ([d]) => pull(d as Tensor, y) }]);
  return y;
}
