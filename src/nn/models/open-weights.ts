/**
 * Weights of a model in a graph of open sizes: matrices fed at each run, or quantised ones fixed in the graph, where ONNX
 * Runtime packs them once for its kernels.
 */
import type { Shapes } from "../checkpoint/index.ts";
import { add, Graph, matmul, scale, type Tensor } from "../graph/index.ts";
import { bindWeights, type ModelWeights } from "./model-weights.ts";
import { blockLength, type QuantisedMatrix, type QuantisedWeights } from "./quantised-matrix.ts";

/** As bindWeights in a new graph, but its linear layers keep open sizes open. */
export function openWeights(
  { shapes, loraScaling = 1 }: Readonly<{ shapes: Shapes; loraScaling?: number }>,
  quantised: QuantisedWeights,
): ModelWeights {
  const { graph, tensor } = bindWeights(new Graph(), shapes);
  const product = (x: Tensor, name: string): Tensor => {
    const matrix = quantised.get(name);
    return matrix ? quantisedProduct(x, name, matrix) : matmul(x, tensor(name), { transposeB: true });
  };
  return {
    graph,
    tensor,
    linear(x, module) {
      const plain = product(x, `${module}.weight`);
      const y = shapes.has(`${module}.bias`) ? add(plain, tensor(`${module}.bias`)) : plain;
      if (!shapes.has(`${module}.lora_A.weight`)) return y;
      const low = product(x, `${module}.lora_A.weight`); // (..., r)
      return add(y, scale(product(low, `${module}.lora_B.weight`), loraScaling));
    },
  };
}

/**
 * Numbers of x are rounded to eight bits a block too (accuracy_level 4): without it ONNX Runtime 1.30 widens the weights at
 * each run, and is slower than with float32.
 */
const accuracy = 4;

/** x (..., in) times a quantised (out, in) transposed -> (..., out). */
function quantisedProduct(x: Tensor, name: string, { shape, bits, packed, scales }: QuantisedMatrix): Tensor {
  const { graph } = x;
  const [out, inner] = shape;
  const operands = [
    x,
    graph.initializer(name, [out, scales.length / out, (blockLength * bits) / 8], packed),
    graph.initializer(`${name}.scales`, [scales.length], scales),
  ];
  return graph.node("MatMulNBits", operands, [{ shape: [...x.shape.slice(0, -1), out] }], {
    K: { int: inner },
    N: { int: out },
    bits: { int: bits },
    block_size: { int: blockLength },
    accuracy_level: { int: accuracy },
  })[0] as Tensor;
}
