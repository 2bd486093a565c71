/** Reference kernels: matrix products. */
import { at, build, type Kernel, numberAttribute, operand, resultShape } from "./kernel.ts";

/** alpha op(a) op(b) + bias, where op swaps the last two axes. */
const product: Kernel = (inputs, node) => {
  const [a, b, bias] = [operand(inputs, 0), operand(inputs, 1), inputs[2]];
  const [transA, transB] = [numberAttribute(node, "transA"), numberAttribute(node, "transB")];
  const alpha = numberAttribute(node, "alpha");
  const inner = a.shape.at(transA ? -2 : -1) as number;
  return [
    build(resultShape(node), (index) => {
      const [row, column] = index.slice(-2) as [number, number];
      const batch = index.slice(0, -2);
      let sum = 0;
      for (let k = 0; k < inner; k++) {
        const x = at(a, [...batch, ...(transA ? [k, row] : [row, k])]);
        sum += x * at(b, [...batch, ...(transB ? [column, k] : [k, column])]);
      }
      return alpha * sum + (bias ? at(bias, index) : 0);
    }),
  ];
};

const untransposed = { transA: { int: 0 }, transB: { int: 0 }, alpha: { float: 1 } };

export const products: Readonly<Record<string, Kernel>> = {
  Gemm: product,
  FusedMatMul: product,
  MatMul: (inputs, node) => product(inputs, { ...node, attributes: untransposed }),
};
