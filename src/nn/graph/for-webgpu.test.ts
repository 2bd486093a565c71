/** The oracle is the float64 interpreter: a rewritten graph computes what the graph computes. */
import { expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import {
  attention,
  crossEntropy,
  forWebGpu,
  Graph,
  gradients,
  interpret,
  linear,
  logSoftmax,
  matmul,
  reduceSum,
  rmsNorm,
  sizeOf,
  type Tensor,
} from "./index.ts";

const cases: Readonly<Record<string, readonly [shapes: number[][], build: (tensors: Tensor[]) => Tensor]>> = {
  "matrices, transposed and scaled": [
    [
      [4, 3],
      [5, 4],
    ],
    ([a, b]) => matmul(a as Tensor, b as Tensor, { transposeA: true, transposeB: true, scale: 0.3 }),
  ],
  "stacks of matrices": [
    [
      [2, 1, 4, 3],
      [3, 4, 5],
    ],
    ([a, b]) => matmul(a as Tensor, b as Tensor, { transposeA: true, scale: 2 }),
  ],
  "attention with grouped queries": [
    [
      [1, 4, 3, 2],
      [1, 2, 3, 2],
      [1, 2, 3, 2],
    ],
    ([q, k, v]) => attention(q as Tensor, k as Tensor, v as Tensor),
  ],
  "log softmax of large numbers": [
    [[3, 5]],
    ([x]) => logSoftmax(matmul(x as Tensor, x as Tensor, { transposeB: true, scale: 500 })),
  ],
  "cross-entropy": [
    [[3, 5]],
    ([x]) => crossEntropy(x as Tensor, (x as Tensor).graph.constant([4, 0, 2], [3], "int32")),
  ],
  "a linear layer behind an RMS norm": [
    [[2, 3, 8], [8], [4, 8]],
    ([x, w, m]) => linear(rmsNorm(x as Tensor, w as Tensor, 1e-5), m as Tensor),
  ],
};

test.each(Object.entries(cases))("%s: the same results and gradients in other operators", (name, [shapes, build]) => {
  const rng = new Rng(name);
  const graph = new Graph();
  const tensors = shapes.map((shape, i) => graph.parameter(`p${i}`, shape));
  const feeds = Object.fromEntries(
    shapes.map((shape, i) => [`p${i}`, Float32Array.from({ length: sizeOf(shape) }, () => rng.normal())]),
  );
  const y = build(tensors);
  graph.output("y", y);
  gradients(reduceSum(y), tensors).forEach((gradient, i) => {
    graph.output(`d${i}`, gradient);
  });
  const rewritten = forWebGpu(graph);
  expect(rewritten.nodes.map(({ op }) => op)).not.toContain("FusedMatMul");
  expect(rewritten.nodes.map(({ op }) => op)).not.toContain("LogSoftmax");
  const [before, after] = [interpret(graph, feeds), interpret(rewritten, feeds)];
  expect([...after.keys()]).toEqual([...before.keys()]);
  for (const [output, values] of before) {
    const largest = Math.max(1, ...values.map(Math.abs));
    const difference = Math.max(...values.map((value, i) => Math.abs(value - (after.get(output)?.[i] as number))));
    // alpha is a float32 attribute on one side and a float32 constant on the other.
    expect(difference / largest, output).toBeLessThan(1e-7);
  }
});

test("initializers and inputs keep their names", () => {
  const graph = new Graph();
  const x = graph.input("x", [2, 2]);
  graph.output("y", matmul(x, graph.initializer("w", [2, 2], Float32Array.of(1, 2, 3, 4))));
  const rewritten = forWebGpu(graph);
  expect(rewritten.sources.map(({ kind, name }) => [kind, name])).toEqual(
    graph.sources.map(({ kind, name }) => [kind, name]),
  );
});
