/**
 * A graph in the operators that ONNX Runtime's WebGPU provider has. An operator that it lacks is left to the CPU by ONNX
 * Runtime, with a copy of its operands there and of its results back; here such operators are written out instead.
 *
 * Written out are FusedMatMul and LogSoftmax, which the provider lacks, and the statistic of SimplifiedLayerNormalization,
 * for which it gives the mean (all in version 1.30; operations.test.ts of nn/runtime compares every operator with the interpreter).
 */
import { reduceMean, reduceSum } from "./broadcast.ts";
import { exp, log, mul, rsqrt, scale, shift, sub } from "./elementwise.ts";
import { Graph, type Node, type Source, type Tensor } from "./graph.ts";
import { concat, transpose } from "./layout.ts";
import { numberAttribute } from "./reference/kernel.ts";

/** The same inputs, outputs and numbers, up to rounding. Made to be run: gradients are not carried over. */
export function forWebGpu(graph: Graph): Graph {
  const target = new Graph();
  const made = new Map<number, Tensor>();
  const known = (tensor: Tensor) => made.get(tensor.id) as Tensor;
  for (const source of graph.sources) made.set(source.tensor.id, copySource(target, source));
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((input) => input && known(input));
    const results = rewrite(target, node, inputs);
    node.outputs.forEach(({ id }, i) => {
      made.set(id, results[i] as Tensor);
    });
  }
  for (const [name, tensor] of graph.outputs) target.output(name, known(tensor));
  for (const [id, shape] of graph.openShapes) target.openShapes.set((made.get(id) as Tensor).id, shape);
  return target;
}

function copySource(target: Graph, { kind, name, tensor, values }: Source): Tensor {
  switch (kind) {
    case "input":
      return target.input(name, tensor.shape, tensor.dtype);
    case "parameter":
      return target.parameter(name, tensor.shape);
    case "initializer":
      return target.initializer(name, tensor.shape, values as Float32Array | Uint8Array);
    case "constant":
      return target.constant(values as ArrayLike<number>, tensor.shape, tensor.dtype);
    default:
      return kind satisfies never;
  }
}

type Inputs = readonly (Tensor | undefined)[];

function rewrite(target: Graph, node: Node, inputs: Inputs): readonly Tensor[] {
  switch (node.op) {
    case "FusedMatMul":
      return [product(node, inputs as readonly [Tensor, Tensor])];
    case "LogSoftmax":
      return [logSoftmax(inputs[0] as Tensor)];
    case "SimplifiedLayerNormalization":
      return rmsNorm(node, inputs as readonly [Tensor, Tensor]);
    default:
      return target.node(node.op, inputs, node.outputs, node.attributes);
  }
}

/**
 * scale a op(b) of a stack of matrices and one matrix: as a Gemm of all rows. The weights of a linear layer would otherwise be
 * transposed at each run. Shapes are asked for at the run, because some of their sizes may be open.
 */
function rowsProduct({ attributes, outputs }: Node, [a, b]: readonly [Tensor, Tensor]): Tensor {
  const { graph } = a;
  const [{ shape }] = outputs as [Tensor];
  const [rank, width] = [a.shape.length, shape.at(-1) as number];
  const rows = a.shape.slice(0, -1).reduce((product, size) => product * size, 1);
  const flat = [{ shape: [rows, a.shape.at(-1) as number] }];
  const [x] = graph.node("Flatten", [a], flat, { axis: { int: rank - 1 } });
  const [y] = graph.node("Gemm", [x, b], [{ shape: [rows, width] }], { ...attributes, transA: { int: 0 } });
  const lead = [{ shape: [rank - 1], dtype: "int64" as const }];
  const [before] = graph.node("Shape", [a], lead, { start: { int: 0 }, end: { int: rank - 1 } });
  const whole = concat([before as Tensor, graph.constant([width], [1], "int64")], 0);
  return graph.node("Reshape", [y, whole], [{ shape }])[0] as Tensor;
}

/** scale op(a) op(b): as Gemm, which has the same attributes, where both are matrices. */
function product(node: Node, [a, b]: readonly [Tensor, Tensor]): Tensor {
  const { attributes, outputs } = node;
  const { graph } = a;
  const [{ shape }] = outputs as [Tensor];
  if (a.shape.length === 2 && b.shape.length === 2)
    return graph.node("Gemm", [a, b], [{ shape }], attributes)[0] as Tensor;
  if (b.shape.length === 2 && numberAttribute(node, "transA") === 0) return rowsProduct(node, [a, b]);
  const operands = [
    numberAttribute(node, "transA") === 1 ? swapLast(a) : a,
    numberAttribute(node, "transB") === 1 ? swapLast(b) : b,
  ];
  return scale(graph.node("MatMul", operands, [{ shape }])[0] as Tensor, numberAttribute(node, "alpha"));
}

function swapLast(x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  return transpose(x, [...axes.slice(0, -2), axes.length - 1, axes.length - 2]);
}

/** The largest of a row goes first, so that no exponential overflows and the sum is at least 1. */
function logSoftmax(x: Tensor): Tensor {
  const { graph } = x;
  const last = graph.constant([x.shape.length - 1], [1], "int64");
  const kept = [...x.shape.slice(0, -1), 1];
  const largest = graph.node("ReduceMax", [x, last], [{ shape: kept }], { keepdims: { int: 1 } })[0] as Tensor;
  const lowered = sub(x, largest);
  return sub(lowered, log(reduceSum(exp(lowered), [-1], { keepDims: true })));
}

function rmsNorm(node: Node, [x, weight]: readonly [Tensor, Tensor]): Tensor[] {
  const { op, attributes, outputs } = node;
  const [normed] = x.graph.node(op, [x, weight], [{ shape: (outputs[0] as Tensor).shape }], attributes);
  const meanSquare = reduceMean(mul(x, x), [-1], { keepDims: true });
  // Emitted only where the gradient asks for it.
  return [normed as Tensor, rsqrt(shift(meanSquare, numberAttribute(node, "epsilon")))];
}
