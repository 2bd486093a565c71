/** Layers against scalar code written from transformers' modeling_llama.py and modeling_clip.py, run by the interpreter. */
import { expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import {
  attention,
  Graph,
  gradients,
  interpret,
  mul,
  quickGelu,
  reduceSum,
  rotaryEmbedding,
  type Shape,
  sizeOf,
  type Tensor,
} from "../graph/index.ts";
import {
  causalAttention,
  causalMask,
  gatedMlp,
  mergeHeads,
  mlp,
  paddingMask,
  rotaryTables,
  splitHeads,
} from "./index.ts";

/** A graph whose inputs are fed with random numbers as they are made. */
function sandbox(seed: number) {
  const rng = new Rng(seed);
  const graph = new Graph();
  const feeds: Record<string, number[]> = {};
  const draw = (name: string, ...shape: number[]): [Tensor, number[]] => {
    const values = Array.from({ length: sizeOf(shape) }, () => rng.normal());
    feeds[name] = values;
    return [graph.input(name, shape), values];
  };
  const evaluate = (y: Tensor): Float64Array => {
    graph.output("y", y);
    return interpret(graph, feeds).get("y") as Float64Array;
  };
  return { graph, feeds, draw, evaluate };
}

function expectClose(actual: ArrayLike<number>, expected: ArrayLike<number>, digits = 9): void {
  expect(actual.length).toBe(expected.length);
  Array.from(expected).forEach((value, i) => {
    expect(actual[i]).toBeCloseTo(value, digits);
  });
}

/** The number at an index of a row-major array. */
const read = (values: ArrayLike<number>, shape: Shape, ...index: number[]) =>
  values[index.reduce((offset, i, axis) => offset * (shape[axis] as number) + i, 0)] as number;

test("rotary positions are transformers' rotate_half", () => {
  const { graph, draw, evaluate, feeds } = sandbox(1);
  const [shape, headWidth, theta] = [[2, 3, 8] as const, 4, 100];
  const [x, values] = draw("x", ...shape);
  const positions = [0, 1, 2, 5, 6, 7];
  feeds.positions = positions;
  const { cosines, sines } = rotaryTables(graph, headWidth, { theta, positions: 8 });
  const actual = evaluate(rotaryEmbedding(x, graph.input("positions", [2, 3], "int32"), cosines, sines));
  const expected = Array.from(values, (value, n) => {
    const [row, c] = [Math.floor(n / 8), n % headWidth];
    const half = headWidth / 2;
    const angle = (positions[row] as number) * theta ** (-(2 * (c % half)) / headWidth);
    const rotated = c < half ? -(values[n + half] as number) : (values[n - half] as number);
    return value * Math.cos(angle) + rotated * Math.sin(angle);
  });
  expectClose(actual, expected, 5); // tables are float32
});

test("grouped causal attention with padding equals attention by the definition, one number at a time", () => {
  const { graph, draw, evaluate, feeds } = sandbox(2);
  const [B, T, Hq, Hkv, dh] = [2, 4, 4, 2, 3];
  const [q, qs] = draw("q", B, T, Hq * dh);
  const [k, ks] = draw("k", B, T, Hkv * dh);
  const [v, vs] = draw("v", B, T, Hkv * dh);
  const present = [1, 1, 1, 1, 1, 1, 1, 0]; // the second sequence ends in padding
  feeds.present = present;
  const mask = paddingMask(graph.input("present", [B, T], "int32"), causalMask(graph, T));
  const actual = evaluate(mergeHeads(attention(splitHeads(q, Hq), splitHeads(k, Hkv), splitHeads(v, Hkv), { mask })));
  for (let b = 0; b < B; b++) {
    for (let t = 0; t < T; t++) {
      for (let h = 0; h < Hq; h++) {
        const source = Math.floor(h / (Hq / Hkv));
        const seen = Array.from({ length: t + 1 }, (_, s) => s).filter((s) => present[b * T + s] === 1);
        const powers = seen.map((s) => {
          let score = 0;
          for (let c = 0; c < dh; c++) {
            score += read(qs, [B, T, Hq, dh], b, t, h, c) * read(ks, [B, T, Hkv, dh], b, s, source, c);
          }
          return Math.exp(score / Math.sqrt(dh));
        });
        const total = powers.reduce((a, p) => a + p, 0);
        for (let c = 0; c < dh; c++) {
          const mixed = seen.reduce(
            (sum, s, i) => sum + ((powers[i] as number) / total) * read(vs, [B, T, Hkv, dh], b, s, source, c),
            0,
          );
          expect(read(actual, [B, T, Hq, dh], b, t, h, c)).toBeCloseTo(mixed, 9);
        }
      }
    }
  }
});

test("a causal mask over a cache lets the last queries see all that came before", () => {
  const graph = new Graph();
  graph.output("mask", causalMask(graph, 2, 4));
  const mask = interpret(graph, {}).get("mask") as Float64Array;
  expect(Array.from(mask, (value) => (value === 0 ? 1 : 0))).toEqual([1, 1, 1, 0, 1, 1, 1, 1]);
});

/** weight (out, in) times a vector, plus bias. */
const affine = (x: readonly number[], weight: readonly number[], bias?: readonly number[]) =>
  Array.from({ length: weight.length / x.length }, (_, o) =>
    x.reduce((sum, value, i) => sum + value * (weight[o * x.length + i] as number), bias?.[o] ?? 0),
  );
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));

test("gatedMlp is down(silu(gate x) * up x)", () => {
  const { draw, evaluate } = sandbox(3);
  const [x, xs] = draw("x", 1, 3);
  const [gate, gates] = draw("gate", 5, 3);
  const [up, ups] = draw("up", 5, 3);
  const [down, downs] = draw("down", 2, 5);
  const other = affine(xs, ups);
  const inner = affine(xs, gates).map((g, i) => g * sigmoid(g) * (other[i] as number));
  expectClose(evaluate(gatedMlp(x, { gate, up, down })), affine(inner, downs));
});

test("mlp with quickGelu carries its factors in the products and changes nothing", () => {
  const { draw, evaluate } = sandbox(4);
  const [x, xs] = draw("x", 1, 3);
  const [w1, w1s] = draw("w1", 5, 3);
  const [b1, b1s] = draw("b1", 5);
  const [w2, w2s] = draw("w2", 2, 5);
  const [b2, b2s] = draw("b2", 2);
  const inner = affine(xs, w1s, b1s).map((value) => value * sigmoid(1.702 * value));
  // The factor 1.702 is stored in float32.
  const actual = evaluate(mlp(x, { weight: w1, bias: b1 }, { weight: w2, bias: b2 }, quickGelu));
  expectClose(actual, affine(inner, w2s, b2s), 6);
});

test("causal attention in blocks, and its gradients, are those of one masked product", () => {
  const run = (attend: (q: Tensor, k: Tensor, v: Tensor) => Tensor) => {
    const { draw, graph, feeds } = sandbox(9);
    const [q] = draw("q", 2, 4, 7, 3);
    const [k] = draw("k", 2, 2, 7, 3);
    const [v] = draw("v", 2, 2, 7, 3);
    const y = attend(q, k, v);
    graph.output("y", y);
    const slopes = gradients(reduceSum(mul(y, y)), [q, k, v]);
    for (const [i, slope] of slopes.entries()) graph.output(`slope.${i}`, slope);
    return interpret(graph, feeds);
  };
  const whole = run((q, k, v) => attention(q, k, v, { mask: causalMask(q.graph, 7) }));
  for (const blockLength of [1, 2, 3]) {
    const blocks = run((q, k, v) => causalAttention(q, k, v, { blockLength }));
    for (const [name, expected] of whole) expectClose(blocks.get(name) ?? [], expected);
  }
});
