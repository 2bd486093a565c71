/**
 * Every operation, over random shapes: ONNX Runtime's results and gradients against the float64 interpreter of the same
 * graph, and the gradients against central differences of that interpreter.
 */
import { describe, expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import * as nn from "../graph/index.ts";
import { compile, type Device, devices, requireDevice } from "./index.ts";
import type { Feed } from "./onnx-runtime.ts";

type Parameter = Readonly<{ shape: nn.Shape; low?: number; high?: number }>;
type Case = Readonly<{
  parameters: readonly Parameter[];
  /** int32 inputs: shape and the number of values. */
  indices?: readonly Readonly<{ shape: nn.Shape; below: number }>[];
  build: (parameters: nn.Tensor[], indices: nn.Tensor[]) => nn.Tensor;
}>;
type Op2 = (a: nn.Tensor, b: nn.Tensor) => nn.Tensor;

const of = (...shape: number[]): Parameter => ({ shape });
/** Entries in [0.5, 2): away from the poles of log, sqrt and division. */
const positive = (...shape: number[]): Parameter => ({ shape, low: 0.5, high: 2 });
const at = <T>(items: readonly T[], i: number): T => items[i] as T;

const broadcasts: [Parameter, Parameter][] = [
  [of(2, 3), of(2, 3)],
  [of(2, 3), of(3)],
  [of(1, 4), of(3, 2, 1)],
  [of(), of(2, 2)],
];
const pairs = (name: string, op: Op2, second: typeof of = of) =>
  broadcasts.map(([a, b], i): [string, Case] => [
    `${name} ${i}`,
    { parameters: [a, second(...b.shape)], build: ([x, y]) => op(x as nn.Tensor, y as nn.Tensor) },
  ]);
const each = (name: string, op: (x: nn.Tensor) => nn.Tensor, make: typeof of = of) =>
  [[7], [2, 3], [2, 3, 4]].map((shape): [string, Case] => [
    `${name} (${shape})`,
    { parameters: [make(...shape)], build: ([x]) => op(x as nn.Tensor) },
  ]);
const one = (name: string, parameters: Parameter[], build: Case["build"], indices?: Case["indices"]) => [
  [name, { parameters, build, ...(indices && { indices }) }] as [string, Case],
];

const products = [false, true].flatMap((transposeA) =>
  [false, true].flatMap((transposeB) =>
    [
      [[], []],
      [
        [2, 3],
        [2, 3],
      ],
      [[2, 3], [3]],
      [
        [2, 1],
        [1, 3],
      ],
    ].flatMap(([lead = [], other = []]) => {
      const a = [...lead, ...(transposeA ? [4, 3] : [3, 4])];
      const b = [...other, ...(transposeB ? [5, 4] : [4, 5])];
      return one(`matmul (${a}) ${transposeA} (${b}) ${transposeB}`, [of(...a), of(...b)], ([x, y]) =>
        nn.matmul(x as nn.Tensor, y as nn.Tensor, { transposeA, transposeB, scale: 0.7 }),
      );
    }),
  ),
);

const cases: [string, Case][] = [
  ...pairs("add", nn.add),
  ...pairs("sub", nn.sub),
  ...pairs("mul", nn.mul),
  ...pairs("div", nn.div, positive),
  ...each("scale", (x) => nn.scale(x, -1.5)),
  ...each("shift", (x) => nn.shift(x, 0.3)),
  ...each("neg", nn.neg),
  ...each("exp", nn.exp),
  ...each("log", nn.log, positive),
  ...each("sqrt", nn.sqrt, positive),
  ...each("rsqrt", nn.rsqrt, positive),
  ...each("tanh", nn.tanh),
  ...each("sigmoid", nn.sigmoid),
  ...each("relu", nn.relu),
  ...each("silu", nn.silu),
  ...each("gelu", nn.gelu),
  ...each("geluTanh", nn.geluTanh),
  ...each("quickGelu", nn.quickGelu),
  ...each("softmax", nn.softmax),
  ...each("logSoftmax", nn.logSoftmax),
  ...each("normalize", nn.normalize, positive),
  ...each("reduceSum of all", (x) => nn.reduceSum(x)),
  ...each("reduceMean of the last", (x) => nn.reduceMean(x, [-1], { keepDims: true })),
  ...one("reduceMean of two", [of(2, 3, 4)], ([x]) => nn.reduceMean(x as nn.Tensor, [0, 2])),
  ...one("broadcastTo", [of(3, 1)], ([x]) => nn.broadcastTo(x as nn.Tensor, [2, 3, 4])),
  ...one("reshape", [of(2, 6)], ([x]) => nn.reshape(x as nn.Tensor, [3, -1])),
  ...one("transpose", [of(2, 3, 4, 2)], ([x]) => nn.transpose(x as nn.Tensor, [0, 2, 1, 3])),
  ...one("concat", [of(2, 1), of(2, 3)], (parts) => nn.concat(parts, 1)),
  ...one("concat with itself", [of(2, 3)], ([x]) => nn.concat([x as nn.Tensor, x as nn.Tensor], 0)),
  ...one("split, one piece unused", [of(2, 7)], ([x]) => {
    const [a, , c] = nn.split(x as nn.Tensor, [2, 3, 2], -1);
    return nn.mul(a as nn.Tensor, c as nn.Tensor);
  }),
  ...one("slice", [of(4, 5)], ([x]) => nn.slice(x as nn.Tensor, -1, 1, -1)),
  ...one("padZeros", [of(2, 3)], ([x]) => nn.padZeros(x as nn.Tensor, 0, 1, 2)),
  ...one(
    "where",
    [of(2, 3), of(3)],
    ([a, b], [condition]) => nn.where(condition as nn.Tensor, a as nn.Tensor, b as nn.Tensor),
    [{ shape: [2, 1], below: 2 }],
  ),
  ...one("linear", [of(2, 3, 4), of(5, 4)], ([x, w]) => nn.linear(x as nn.Tensor, w as nn.Tensor)),
  ...one("linear with bias", [of(3, 4), of(5, 4), of(5)], ([x, w, b]) => nn.linear(x as nn.Tensor, w as nn.Tensor, b)),
  ...one("scaled linear", [of(3, 4), of(5, 4), of(5)], ([x, w, b]) =>
    nn.linear(x as nn.Tensor, w as nn.Tensor, b, { scale: 0.3 }),
  ),
  ...products,
  ...one("rmsNorm", [of(2, 3, 8), of(8)], ([x, w]) => nn.rmsNorm(x as nn.Tensor, w as nn.Tensor, 1e-5)),
  ...one("layerNorm", [of(6, 8), of(8), of(8)], ([x, w, b]) =>
    nn.layerNorm(x as nn.Tensor, w as nn.Tensor, b as nn.Tensor, 1e-5),
  ),
  ...one("attention", [of(2, 2, 3, 4), of(2, 2, 5, 4), of(2, 2, 5, 4)], ([q, k, v]) =>
    nn.attention(q as nn.Tensor, k as nn.Tensor, v as nn.Tensor),
  ),
  ...one("masked grouped attention", [of(2, 4, 3, 2), of(2, 2, 3, 2), of(2, 2, 3, 2)], ([q, k, v]) => {
    const mask = (q as nn.Tensor).graph.constant([0, -1e9, -1e9, 0, 0, -1e9, 0, 0, 0], [3, 3]);
    return nn.attention(q as nn.Tensor, k as nn.Tensor, v as nn.Tensor, { mask });
  }),
  ...one(
    "rotaryEmbedding",
    [of(2, 3, 8)],
    ([x], [positions]) => {
      const angles = Array.from({ length: 12 }, (_, i) => i * 0.7);
      const [cosines, sines] = [Math.cos, Math.sin].map((f) => (x as nn.Tensor).graph.constant(angles.map(f), [6, 2]));
      return nn.rotaryEmbedding(x as nn.Tensor, positions as nn.Tensor, cosines as nn.Tensor, sines as nn.Tensor);
    },
    [{ shape: [2, 3], below: 6 }],
  ),
  ...one("embedding", [of(5, 4)], ([t], [ids]) => nn.embedding(t as nn.Tensor, ids as nn.Tensor), [
    { shape: [3, 4], below: 5 },
  ]),
  ...one("embedding of many rows", [of(1100, 2)], ([t], [ids]) => nn.embedding(t as nn.Tensor, ids as nn.Tensor), [
    { shape: [9], below: 3 },
  ]),
  ...one("gatherRows", [of(5, 2, 2)], ([x], [i]) => nn.gatherRows(x as nn.Tensor, i as nn.Tensor), [
    { shape: [7], below: 5 },
  ]),
  ...one(
    "crossEntropy",
    [of(6, 5)],
    ([x], [y]) => nn.crossEntropy(x as nn.Tensor, y as nn.Tensor, { ignoreIndex: 0 }),
    [{ shape: [6], below: 5 }],
  ),
  ...one(
    "weighted crossEntropy",
    [of(6, 5)],
    ([x], [y]) => {
      const weights = (x as nn.Tensor).graph.constant([1, 0.5, 0, 2, 0.1, 1], [6]);
      return nn.crossEntropy(x as nn.Tensor, y as nn.Tensor, { weights });
    },
    [{ shape: [6], below: 5 }],
  ),
];

/** Build sum(y * c) for fixed random c, with the result and all gradients as outputs, and random feeds. */
function prepare(name: string, { parameters, indices = [], build }: Case) {
  const rng = new Rng(name);
  const graph = new nn.Graph();
  const feeds: Record<string, Feed> = {};
  const tensors = parameters.map(({ shape, low = -2, high = 2 }, i) => {
    feeds[`p${i}`] = Float32Array.from({ length: nn.sizeOf(shape) }, () => rng.uniform(low, high));
    return graph.parameter(`p${i}`, shape);
  });
  const integers = indices.map(({ shape, below }, i) => {
    feeds[`i${i}`] = Int32Array.from({ length: nn.sizeOf(shape) }, () => rng.below(below));
    return graph.input(`i${i}`, shape, "int32");
  });
  const y = build(tensors, integers);
  const c = graph.constant(
    Array.from({ length: nn.sizeOf(y.shape) }, () => rng.normal()),
    y.shape,
  );
  const loss = nn.reduceSum(nn.mul(y, c));
  graph.output("y", y);
  graph.output("loss", loss);
  nn.gradients(loss, tensors).forEach((gradient, i) => {
    expect(gradient.shape).toEqual(at(tensors, i).shape);
    graph.output(`d${i}`, gradient);
  });
  return { graph, feeds };
}

/** Largest difference relative to the largest magnitude (at least 1). */
function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  const scale = Math.max(1, ...Array.from(b, Math.abs));
  return Math.max(...Array.from(a, (value, i) => Math.abs(value - at(Array.from(b), i)))) / scale;
}

test.each(cases)("%s: gradients equal central differences in float64", (name, example) => {
  const { graph, feeds } = prepare(name, example);
  const analytic = nn.interpret(graph, feeds);
  const lossAt = (changed: Record<string, ArrayLike<number | bigint>>) =>
    at(nn.interpret(graph, changed).get("loss") as unknown as number[], 0);
  example.parameters.forEach(({ shape }, p) => {
    const h = 1e-5;
    const size = Math.min(nn.sizeOf(shape), 30);
    const numeric = Array.from({ length: size }, (_, i) => {
      const nudged = (sign: number) => {
        const moved = Float64Array.from(feeds[`p${p}`] as Float32Array);
        moved[i] = at(moved as unknown as number[], i) + sign * h;
        return lossAt({ ...feeds, [`p${p}`]: moved });
      };
      return (nudged(1) - nudged(-1)) / (2 * h);
    });
    expect(distance(numeric, (analytic.get(`d${p}`) as Float64Array).subarray(0, size))).toBeLessThan(1e-7);
  });
});

const faults = new Map<Device, string>();
for (const device of devices)
  await requireDevice(device).catch(({ message }: Error) => void faults.set(device, message));

describe.each(devices)("on %s", (device) => {
  test.skipIf(!faults.has(device))(`is not there: ${faults.get(device)}`, ({ skip }) => skip());
  test.skipIf(faults.has(device)).each(cases)(
    "%s: ONNX Runtime agrees with the interpreter",
    async (name, example) => {
      const { graph, feeds } = prepare(name, example);
      const executable = await compile(graph, { threads: 1, device });
      const results = await executable.run(feeds);
      for (const [output, expected] of nn.interpret(graph, feeds)) {
        expect(distance(results[output] as Float32Array, expected), output).toBeLessThan(1e-5);
      }
      await executable.dispose();
    },
    120_000,
  );
});
