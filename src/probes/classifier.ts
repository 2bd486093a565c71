/**
 * The two probing classifiers of T3 (arXiv 2410.06166, 1.6 of its released code): an LSTM over all visual tokens, and a linear
 * layer on the last one. Weights begin as PyTorch's defaults.
 */
import type { Rng } from "../core/math/index.ts";
import { crossEntropy, Graph, gradients, linear, type Tensor } from "../nn/graph/index.ts";
import { lstmLast } from "./lstm.ts";

export type ProbeKind = "lstm" | "linear";

/** Hidden units of the LSTM probe. */
export const hiddenUnits = 128;

/** What a classifier reads and tells apart: `length` tokens of `width` numbers (one token for the linear probe), `classes`. */
export type ClassifierSize = Readonly<{ kind: ProbeKind; length: number; width: number; classes: number }>;

/** Names and shapes of the parameters, as PyTorch has them. */
export function classifierShapes({ kind, width, classes }: ClassifierSize): Map<string, readonly number[]> {
  const inner = kind === "lstm" ? hiddenUnits : width;
  const head: [string, number[]][] = [
    ["linear.weight", [classes, inner]],
    ["linear.bias", [classes]],
  ];
  if (kind === "linear") return new Map(head);
  const gates = 4 * hiddenUnits;
  return new Map<string, readonly number[]>([
    ["lstm.weight_ih_l0", [gates, width]],
    ["lstm.weight_hh_l0", [gates, hiddenUnits]],
    ["lstm.bias_ih_l0", [gates]],
    ["lstm.bias_hh_l0", [gates]],
    ...head,
  ]);
}

/** Every number uniform within 1 / sqrt(hidden units) for the LSTM and 1 / sqrt(inputs) for the linear layer. */
export function initialClassifier(size: ClassifierSize, rng: Rng): Record<string, Float32Array> {
  const inner = size.kind === "lstm" ? hiddenUnits : size.width;
  return Object.fromEntries(
    [...classifierShapes(size)].map(([name, shape]) => {
      const bound = 1 / Math.sqrt(name.startsWith("lstm.") ? hiddenUnits : inner);
      const stream = rng.fork(name);
      const count = shape.reduce((product, n) => product * n, 1);
      return [name, Float32Array.from({ length: count }, () => stream.uniform(-bound, bound))];
    }),
  );
}

/** features (length, B, width) -> output logits (B, classes). */
export function scoringGraph(size: ClassifierSize, batch: number): Graph {
  const graph = new Graph();
  graph.output("logits", logitsOf(graph, size, batch));
  return graph;
}

/**
 * features (length, B, width) and labels int32 (B), -100 for rows that do not count -> outputs loss (mean cross entropy) and
 * grad.NAME of every parameter.
 */
export function trainingGraph(size: ClassifierSize, batch: number): Graph {
  const graph = new Graph();
  const loss = crossEntropy(logitsOf(graph, size, batch), graph.input("labels", [batch], "int32"));
  const shapes = [...classifierShapes(size)];
  const found = gradients(
    loss,
    shapes.map(([name, shape]) => graph.parameter(name, shape)),
  );
  graph.output("loss", loss);
  shapes.forEach(([name], i) => {
    graph.output(`grad.${name}`, found[i] as Tensor);
  });
  return graph;
}

function logitsOf(graph: Graph, size: ClassifierSize, batch: number): Tensor {
  const shapes = classifierShapes(size);
  const weight = (name: string) => graph.parameter(name, shapes.get(name) as readonly number[]);
  const { kind, length, width } = size;
  const features = graph.input("features", kind === "lstm" ? [length, batch, width] : [batch, width]);
  const last =
    kind === "linear"
      ? features
      : lstmLast(features, {
          weightIh: weight("lstm.weight_ih_l0"),
          weightHh: weight("lstm.weight_hh_l0"),
          biasIh: weight("lstm.bias_ih_l0"),
          biasHh: weight("lstm.bias_hh_l0"),
        });
  return linear(last, weight("linear.weight"), weight("linear.bias"));
}
