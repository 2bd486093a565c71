/** What a run keeps on its device. On the CPU the same code holds arrays, so that all of this is tested without a GPU. */
import { expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { add, Graph, mul } from "../graph/index.ts";
import { compile, type DeviceTensor, download, ResidentArrays, upload } from "./index.ts";

const random = (length: number) => Float32Array.from({ length }, (_, i) => new Rng("device").fork(i).normal());

test("what is uploaded comes back, into new arrays or given ones", async () => {
  const [a, b] = [random(6), random(4)];
  const tensors = await upload(
    new Map([
      ["a", { shape: [2, 3], data: a }],
      ["b", { shape: [4], data: b }],
    ]),
    "cpu",
  );
  const room = new Float32Array(4);
  const back = await download(tensors, "cpu", { b: room });
  expect(back).toEqual({ a, b });
  expect(back.b).toBe(room);
});

test("a kept output is a feed of the next run", async () => {
  const graph = new Graph();
  const [x, y] = [graph.input("x", [3]), graph.input("y", [3])];
  graph.output("sum", add(x, y));
  graph.output("product", mul(x, y));
  const executable = await compile(graph, { keep: ["sum"] });
  const x1 = Float32Array.of(1, 2, 3);
  const first = await executable.runKeeping({ x: x1, y: x1 });
  expect(Object.keys(first.kept)).toEqual(["sum"]);
  expect(first.outputs).toEqual({ product: Float32Array.of(1, 4, 9) });
  const second = await executable.runKeeping({ x: first.kept.sum as DeviceTensor, y: x1 });
  expect(second.outputs.product).toEqual(Float32Array.of(2, 8, 18));
  await executable.dispose();
});

test("a tensor of another shape is refused", async () => {
  const graph = new Graph();
  graph.output("y", add(graph.input("x", [4]), graph.scalar(1)));
  const executable = await compile(graph);
  const { x } = await upload(new Map([["x", { shape: [2, 2], data: random(4) }]]), "cpu");
  await expect(executable.run({ x: x as DeviceTensor })).rejects.toThrow(
    'Expected a feed "x" float32 (4), got float32 (2, 2) on the device.',
  );
  await executable.dispose();
});

test("the CPU reads resident arrays in place: changes show in the next run", async () => {
  const graph = new Graph();
  graph.output("y", add(graph.input("w", [2]), graph.scalar(1)));
  const executable = await compile(graph);
  const w = Float32Array.of(1, 2);
  const resident = new ResidentArrays(new Map([["w", { shape: [2], data: w }]]));
  w[0] = 10;
  expect((await executable.run(await resident.feeds(executable))).y).toEqual(Float32Array.of(11, 3));
  await resident.dispose();
  await executable.dispose();
});
