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

/** x sigmoid(x), also called swish. Llama and Qwen2. */
export function silu(x: Tensor): Tensor {
  return sigmoidWeighted(x, 1);
}

/** x sigmoid(1.702 x). CLIP. */
export function quickGelu(x: Tensor): Tensor {
  return sigmoidWeighted(x, 1.702);
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

/** y = x s with s = sigmoid(alpha x); dy/dx = s + alpha y (1 - s). */
function sigmoidWeighted(x: Tensor, alpha: number): Tensor {
  return activation("QuickGelu", x, { alpha: { float: alpha } }, (d, y) => {
    const s = sigmoid(scale(x, alpha));
    return mul(d, add(s, scale(mul(y, sub(x.graph.scalar(1), s)), alpha)));
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
