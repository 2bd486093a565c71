/** What a graph keeps and refuses; numbers are checked in nn/runtime's operations.test.ts. */
import { expect, test } from "vitest";
import {
  add,
  attention,
  concat,
  fedSources,
  Graph,
  gradients,
  interpret,
  linear,
  matmul,
  mul,
  reduceSum,
  reshape,
  stopGradient,
  type Tensor,
  toOnnx,
} from "./index.ts";

test("equal operations and equal constants are made once", () => {
  const graph = new Graph();
  const x = graph.input("x", [2, 3]);
  expect(add(x, graph.scalar(1)).id).toBe(add(x, graph.scalar(1)).id);
  expect(graph.constant([1, 2], [2]).id).not.toBe(graph.constant([1, 2], [2], "int32").id);
  expect(graph.parameter("w", [2]).id).toBe(graph.parameter("w", [2]).id);
});

test("a reshape back to the original shape is the original", () => {
  const x = new Graph().input("x", [2, 3]);
  expect(reshape(reshape(x, [6]), [2, 3])).toBe(x);
});

test("frozen weights produce no gradient work", () => {
  const nodesFor = (trained: readonly string[]) => {
    const graph = new Graph();
    const x = graph.input("x", [4, 3]);
    const h = linear(x, graph.parameter("first", [5, 3]));
    const loss = reduceSum(linear(h, graph.parameter("second", [2, 5])));
    const before = graph.nodes.length;
    gradients(
      loss,
      trained.map((name) => graph.sources.find((source) => source.name === name)?.tensor as Tensor),
    );
    return graph.nodes.slice(before).filter(({ op }) => op === "Gemm").length;
  };
  expect(nodesFor(["second"])).toBe(1);
  expect(nodesFor(["first"])).toBe(2);
  expect(nodesFor(["first", "second"])).toBe(3);
});

test("no gradient passes stopGradient", () => {
  const graph = new Graph();
  const x = graph.parameter("x", [3]);
  const [slope] = gradients(reduceSum(mul(stopGradient(x), x)), [x]);
  graph.output("slope", slope as Tensor);
  expect(interpret(graph, { x: [1, 2, 3] }).get("slope")).toEqual(Float64Array.of(1, 2, 3));
});

test("a parameter that the loss does not depend on is named", () => {
  const graph = new Graph();
  const loss = reduceSum(graph.parameter("a", [2]));
  expect(() => gradients(loss, [graph.parameter("b", [2])])).toThrow('does not depend on "b" float32 (2)');
});

test("only what the outputs reach must be fed", () => {
  const graph = new Graph();
  const [a, b] = [graph.input("a", [2]), graph.input("b", [2])];
  mul(a, b);
  graph.output("y", add(a, graph.scalar(1)));
  expect(fedSources(graph).map(({ name }) => name)).toEqual(["a"]);
});

test("a graph without outputs cannot be written", () => {
  expect(() => toOnnx(new Graph())).toThrow("Call graph.output");
});

test("misfits are refused with both shapes", () => {
  const graph = new Graph();
  const [a, b] = [graph.input("a", [2, 3]), graph.input("b", [4, 5])];
  expect(() => add(a, b)).toThrow("(2, 3) and (4, 5)");
  expect(() => matmul(a, b)).toThrow("got 3 of float32 (2, 3) and 4 of float32 (4, 5)");
  expect(() => linear(a, b)).toThrow("weight (out, in), got float32 (2, 3) and float32 (4, 5)");
  expect(() => concat([a, b], 0)).toThrow("differ in axis 0 only");
  expect(() => reshape(a, [4])).toThrow("Expected a shape of 6 elements, got (4) for (2, 3).");
  expect(() => graph.input("a", [7])).toThrow("got input float32 (2, 3) and then input float32 (7)");
  const heads = (name: string, n: number) => graph.input(name, [1, n, 2, 2]);
  expect(() => attention(heads("q", 3), heads("k", 2), heads("v", 2))).toThrow("Hq a multiple of Hkv");
});

test("tensors of two graphs do not mix", () => {
  expect(() => add(new Graph().input("a", [1]), new Graph().input("b", [1]))).toThrow("another graph");
});
