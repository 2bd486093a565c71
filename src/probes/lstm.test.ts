/**
 * The oracle is an LSTM written out in plain float64 loops from torch.nn.LSTM's formulas; gradients are checked against its
 * central differences, and ONNX Runtime against the float64 interpreter of the same graph.
 */
import { expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import { interpret, sizeOf } from "../nn/graph/index.ts";
import { compile } from "../nn/runtime/index.ts";
import { type ClassifierSize, classifierShapes, initialClassifier, scoringGraph, trainingGraph } from "./classifier.ts";

const size: ClassifierSize = { kind: "lstm", length: 3, width: 2, classes: 3 };
/** Tokens of the paper's width, whose projection is computed in two parts. */
const wide: ClassifierSize = { ...size, length: 2, width: 1024 };
const batch = 2;

function example(seed: string, size: ClassifierSize) {
  const rng = new Rng(seed);
  const features = Float32Array.from({ length: size.length * batch * size.width }, () => rng.normal());
  const weights = initialClassifier(size, rng);
  return { features, weights, labels: Int32Array.of(2, 0) };
}

type Arrays = Readonly<Record<string, ArrayLike<number>>>;

/** Mean cross entropy after the last step, from the formulas in torch.nn.LSTM's documentation. */
function lossByHand(
  size: ClassifierSize,
  { features, weights, labels }: Readonly<{ features: ArrayLike<number>; weights: Arrays; labels: ArrayLike<number> }>,
): number {
  const H = 128;
  const at = (name: string, i: number) => weights[name]?.[i] as number;
  const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
  let loss = 0;
  for (let b = 0; b < batch; b++) {
    let h = new Array<number>(H).fill(0);
    let c = new Array<number>(H).fill(0);
    for (let t = 0; t < size.length; t++) {
      const gate = (row: number) => {
        let sum = at("lstm.bias_ih_l0", row) + at("lstm.bias_hh_l0", row);
        for (let d = 0; d < size.width; d++)
          sum += at("lstm.weight_ih_l0", row * size.width + d) * (features[(t * batch + b) * size.width + d] as number);
        for (let k = 0; k < H; k++) sum += at("lstm.weight_hh_l0", row * H + k) * (h[k] as number);
        return sum;
      };
      const units = Array.from({ length: H }, (_, k) => k);
      c = units.map((k) => sigmoid(gate(H + k)) * (c[k] as number) + sigmoid(gate(k)) * Math.tanh(gate(2 * H + k)));
      h = units.map((k) => sigmoid(gate(3 * H + k)) * Math.tanh(c[k] as number));
    }
    const logits = Array.from({ length: size.classes }, (_, j) =>
      h.reduce((sum, value, k) => sum + at("linear.weight", j * H + k) * value, at("linear.bias", j)),
    );
    const total = Math.log(logits.reduce((sum, value) => sum + Math.exp(value), 0));
    loss += (total - (logits[labels[b] as number] as number)) / batch;
  }
  return loss;
}

test.each([size, wide])("the graph computes torch's LSTM of $width numbers a token, written out by hand", (size) => {
  const { features, weights, labels } = example("by hand", size);
  const loss = interpret(trainingGraph(size, batch), { features, labels, ...weights }).get("loss")?.[0];
  expect(loss).toBeCloseTo(lossByHand(size, { features, weights, labels }), 9);
});

test.each([size, wide])("gradients of $width numbers a token equal central differences of the loss by hand", (size) => {
  const { features, weights, labels } = example("differences", size);
  const found = interpret(trainingGraph(size, batch), { features, labels, ...weights });
  const rng = new Rng("which");
  for (const [name, shape] of classifierShapes(size)) {
    for (let draw = 0; draw < 4; draw++) {
      const i = rng.below(sizeOf(shape));
      const moved = (by: number) => {
        const values = Float64Array.from(weights[name] as Float32Array);
        values[i] = (values[i] as number) + by;
        return lossByHand(size, { features, weights: { ...weights, [name]: values }, labels });
      };
      const slope = (moved(1e-4) - moved(-1e-4)) / 2e-4;
      expect(found.get(`grad.${name}`)?.[i], `${name}[${i}]`).toBeCloseTo(slope, 7);
    }
  }
});

test("ONNX Runtime agrees with the float64 interpreter on loss and every gradient", async () => {
  const { features, weights, labels } = example("runtime", size);
  const graph = trainingGraph(size, batch);
  const executable = await compile(graph, { threads: 1 });
  const results = await executable.run({ features, labels, ...weights });
  for (const [name, expected] of interpret(graph, { features, labels, ...weights })) {
    const got = results[name] as Float32Array;
    expected.forEach((value, i) => {
      if (Math.abs((got[i] as number) - value) > 1e-5) expect(got[i], `${name}[${i}]`).toBeCloseTo(value, 5);
    });
  }
  await executable.dispose();
});

test("a sequence of one step has no recurrence, and its recurrent weight no gradient", () => {
  const single = { ...size, length: 1 };
  const rng = new Rng("single");
  const features = Float32Array.from({ length: batch * size.width }, () => rng.normal());
  const feeds = { features, labels: Int32Array.of(0, 1), ...initialClassifier(single, rng) };
  const gradient = interpret(trainingGraph(single, batch), feeds).get("grad.lstm.weight_hh_l0");
  expect(gradient?.every((value) => value === 0)).toBe(true);
});

test("the probe of the paper has 590,848 parameters in its LSTM and 129 a class in its head", () => {
  const shapes = [...classifierShapes({ kind: "lstm", length: 128, width: 1024, classes: 6 })];
  const count = (part: string) =>
    shapes.filter(([name]) => name.startsWith(part)).reduce((sum, [, shape]) => sum + sizeOf(shape), 0);
  expect(count("lstm.")).toBe(590_848);
  expect(count("linear.")).toBe(129 * 6);
});

test("weights begin uniform within one over the root of 128, or of the inputs for the linear probe", () => {
  const lstm = initialClassifier({ kind: "lstm", length: 2, width: 300, classes: 2 }, new Rng(1));
  const flat = initialClassifier({ kind: "linear", length: 1, width: 300, classes: 4 }, new Rng(1));
  const reach = (values: Iterable<number> = []) => Array.from(values, Math.abs).sort((a, b) => b - a)[0];
  for (const [name, values] of Object.entries(lstm)) {
    expect(reach(values), name).toBeLessThanOrEqual(1 / Math.sqrt(128));
    if (values.length > 200) expect(reach(values), name).toBeGreaterThan(0.97 / Math.sqrt(128));
  }
  expect(reach(flat["linear.weight"])).toBeLessThanOrEqual(1 / Math.sqrt(300));
  expect(reach(flat["linear.weight"])).toBeGreaterThan(0.97 / Math.sqrt(300));
});

test("scores and the loss come from the same logits", () => {
  const { features, weights, labels } = example("scores", size);
  const logits = interpret(scoringGraph(size, batch), { features, ...weights }).get("logits") as Float64Array;
  const loss = interpret(trainingGraph(size, batch), { features, labels, ...weights }).get("loss")?.[0] as number;
  const rows = [0, 1].map((b) => Array.from(logits.subarray(3 * b, 3 * b + 3)));
  const expected = rows.map(
    (row, b) => Math.log(row.reduce((s, v) => s + Math.exp(v), 0)) - (row[labels[b] as number] as number),
  );
  expect(loss).toBeCloseTo(((expected[0] as number) + (expected[1] as number)) / 2, 9);
});
