import { expect, test } from "vitest";
import { add, argmax, equal, externalData, Graph, interpret, type Tensor } from "../graph/index.ts";
import { bucketFor, compile, ExecutableCache } from "./index.ts";

async function plusOne(length: number) {
  const graph = new Graph();
  graph.output("y", add(graph.input("x", [length]), graph.scalar(1)));
  return compile(graph, { threads: 1 });
}

test("results are written into the arrays given for them", async () => {
  const executable = await plusOne(3);
  const y = new Float32Array(3);
  const results = await executable.run({ x: Float32Array.of(1, 2, 3) }, { into: { y } });
  expect(y).toEqual(Float32Array.of(2, 3, 4));
  expect(results.y).toEqual(y);
  await executable.dispose();
});

test("a missing, misshapen or mistyped feed is named with what was expected", async () => {
  const executable = await plusOne(3);
  await expect(executable.run({})).rejects.toThrow('Expected a feed "x" (3) = 3 values in a Float32Array, got none.');
  await expect(executable.run({ x: new Float32Array(2) })).rejects.toThrow("got 2 values");
  await expect(executable.run({ x: new Int32Array(3) })).rejects.toThrow("got a Int32Array");
  const into = { y: new Float32Array(2) };
  await expect(executable.run({ x: new Float32Array(3) }, { into })).rejects.toThrow('output "y" (3) = 3 values');
  await executable.dispose();
});

test("outputs that are inputs, or one tensor under two names, come out right", async () => {
  const graph = new Graph();
  const x = graph.input("x", [2, 2]);
  const y = add(x, x);
  const outputs: [string, Tensor][] = [
    ["same", x],
    ["y", y],
    ["again", y],
    ["largest", argmax(y)],
  ];
  for (const [name, tensor] of outputs) graph.output(name, tensor);
  const executable = await compile(graph, { threads: 1 });
  const feeds = { x: Float32Array.of(3, 1, 2, 4) };
  const results = await executable.run(feeds);
  for (const [name, expected] of interpret(graph, feeds))
    expect(Array.from(results[name] ?? [])).toEqual([...expected]);
  await executable.dispose();
});

test("outputs that JavaScript code could not use are refused", async () => {
  const graph = new Graph();
  const x = graph.input("x", [2]);
  graph.output("same", equal(x, x));
  await expect(compile(graph)).rejects.toThrow('got bool "same"');
});

test("buckets round up, and each is compiled once", async () => {
  expect([1, 8, 9].map((n) => bucketFor(n, [16, 8]))).toEqual([8, 8, 16]);
  expect(() => bucketFor(17, [16, 8])).toThrow("Expected at most 16, got 17");
  let made = 0;
  const cache = new ExecutableCache<number>((length) => {
    made++;
    return plusOne(length);
  });
  const [a, b] = await Promise.all([cache.at(8), cache.at(8)]);
  expect(a).toBe(b);
  await cache.at(16);
  expect(made).toBe(2);
  await cache.dispose();
});

test("open sizes are settled by each run, and a missing one is named", async () => {
  const graph = new Graph();
  const x = graph.openInput("x", ["rows", 2]);
  graph.openOutput("y", add(x, graph.scalar(1)), ["rows", 2]);
  const executable = await compile(graph, { threads: 1 });
  const one = await executable.run({ x: Float32Array.of(1, 2) }, { sizes: { rows: 1 } });
  const two = await executable.run({ x: Float32Array.of(1, 2, 3, 4) }, { sizes: { rows: 2 } });
  expect([one.y, two.y]).toEqual([Float32Array.of(2, 3), Float32Array.of(2, 3, 4, 5)]);
  await expect(executable.run({ x: Float32Array.of(1, 2) })).rejects.toThrow('Expected a size for "rows", got none.');
  const wrong = executable.run({ x: Float32Array.of(1, 2) }, { sizes: { rows: 2 } });
  await expect(wrong).rejects.toThrow('Expected a feed "x" (2, 2) = 4 values in a Float32Array, got 2 values.');
  await executable.dispose();
});

test("weights of bytes travel beside the model's own (oracle: the product by hand)", async () => {
  const graph = new Graph();
  const bytes = new Uint8Array(32).fill(128);
  bytes.set([129, 126]); // 1 and -2 halves
  const operands = [
    graph.input("x", [1, 32]),
    graph.initializer("w", [1, 1, 32], bytes),
    graph.initializer("w.scales", [1], Float32Array.of(0.5)),
  ];
  const sizes = { K: { int: 32 }, N: { int: 1 }, bits: { int: 8 }, block_size: { int: 32 } };
  graph.output("y", graph.node("MatMulNBits", operands, [{ shape: [1, 1] }], sizes)[0] as Tensor);
  expect([...externalData(graph).keys()]).toEqual(["w"]);
  const executable = await compile(graph, { threads: 1 });
  const { y } = await executable.run({ x: new Float32Array(32).fill(3) });
  expect(y?.[0]).toBeCloseTo(3 * (0.5 - 1), 5);
  await executable.dispose();
});
