/**
 * The two-layer blocks between attentions.
 */
import { linear, mul, quickGelu, quickGeluSlope, scale, silu, type Tensor } from "../graph/index.ts";

/** down(silu(gate x) * up x), Llama's and Qwen2's SwiGLU. Shazeer 2020, arXiv:2002.05202. Weights (out, in). */
export function gatedMlp(x: Tensor, weights: Readonly<{ gate: Tensor; up: Tensor; down: Tensor }>): Tensor {
  return linear(mul(silu(linear(x, weights.gate)), linear(x, weights.up)), weights.down);
}

export type Affine = Readonly<{ weight: Tensor; bias?: Tensor }>;

/** second(activation(first x)): CLIP's MLP with quickGelu or gelu, LLaVA's projector with gelu. */
export function mlp(x: Tensor, first: Affine, second: Affine, activation: (x: Tensor) => Tensor): Tensor {
  if (activation === quickGelu) {
    // The same numbers with quickGelu's two factors carried by the products.
    const bias = first.bias && scale(first.bias, quickGeluSlope);
    const inner = silu(linear(x, first.weight, bias, { scale: quickGeluSlope }));
    return linear(inner, second.weight, second.bias, { scale: 1 / quickGeluSlope });
  }
  return linear(activation(linear(x, first.weight, first.bias)), second.weight, second.bias);
}
