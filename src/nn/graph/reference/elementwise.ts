/** Reference kernels: element by element. */

import { erf } from "./erf.ts";
import { at, build, type Kernel, numberAttribute, operand, resultShape, stringAttribute } from "./kernel.ts";

function unary(f: (x: number) => number): Kernel {
  return (inputs) => [operand(inputs, 0).data.map(f)];
}

function binary(f: (a: number, b: number) => number): Kernel {
  return (inputs, node) => [
    build(resultShape(node), (index) => f(at(operand(inputs, 0), index), at(operand(inputs, 1), index))),
  ];
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const gelu = (x: number) => (x * (1 + erf(x / Math.SQRT2))) / 2;
const geluTanh = (x: number) => (x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))) / 2;

export const elementwise: Readonly<Record<string, Kernel>> = {
  Add: binary((a, b) => a + b),
  Sub: binary((a, b) => a - b),
  Mul: binary((a, b) => a * b),
  Div: binary((a, b) => a / b),
  Max: binary(Math.max),
  Equal: binary((a, b) => Number(a === b)),
  Greater: binary((a, b) => Number(a > b)),
  Identity: unary((x) => x),
  Neg: unary((x) => -x),
  Exp: unary(Math.exp),
  Log: unary(Math.log),
  Sqrt: unary(Math.sqrt),
  Tanh: unary(Math.tanh),
  Sigmoid: unary(sigmoid),
  Erf: unary(erf),
  Relu: unary((x) => Math.max(x, 0)),
  Gelu: (inputs, node) => unary(stringAttribute(node, "approximate") === "tanh" ? geluTanh : gelu)(inputs, node),
  QuickGelu: (inputs, node) => unary((x) => x * sigmoid(numberAttribute(node, "alpha") * x))(inputs, node),
  Where: (inputs, node) => [
    build(resultShape(node), (index) => at(operand(inputs, at(operand(inputs, 0), index) === 0 ? 2 : 1), index)),
  ],
  Cast: (inputs, node) => {
    const dtype = node.outputs[0]?.dtype;
    return unary(dtype === "float32" ? (x) => x : dtype === "bool" ? (x) => Number(x !== 0) : Math.trunc)(inputs, node);
  },
};
