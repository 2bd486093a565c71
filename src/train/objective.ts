/**
 * What is trained: a loss as a graph, and how a batch is fed to it. The loop (train.ts) knows nothing else of a model.
 *
 * Graphs have static shapes, so an objective rounds the sizes of a batch up to a few (`shape`), and the loop compiles one
 * graph for each shape that it meets.
 */
import type { Shapes, Weights } from "../nn/checkpoint/index.ts";
import { Graph, gradients, type Tensor } from "../nn/graph/index.ts";
import { bindWeights, type ModelWeights, type TrainingGraph } from "../nn/models/index.ts";
import type { NamedArrays } from "../nn/optim/index.ts";
import type { Feeds } from "../nn/runtime/index.ts";

/** The batch of a step (from 0), the same whenever it is asked for: then a resumed run needs no data state. */
export type BatchSource<Batch> = (step: number) => Batch | Promise<Batch>;

export type BuildOptions = Readonly<{
  /** Which parameters get a gradient. Default: what the objective trains. */
  trainable?: (name: string) => boolean;
  /** Frozen weights to build into the graph instead of feeding them. */
  fixed?: Weights;
}>;

export type Objective<Batch, Shape> = Readonly<{
  name: string;
  /** The sizes of a batch, rounded up to a bucket; equal as JSON means one compiled graph. */
  shape(batch: Batch): Shape;
  /** A graph with the outputs `loss` (a scalar) and `grad.NAME` of every parameter in `trainable`. */
  build(shape: Shape, options: BuildOptions): Pick<TrainingGraph, "graph" | "trainable">;
  /** Everything that the graph of this shape is fed, but the parameters. */
  feeds(batch: Batch, shape: Shape): Feeds;
  /** How many tokens (or pairs, rows) a batch counts for in the speed. Padding does not count. */
  tokens(batch: Batch): number;
  /** A shape whose graph reaches every parameter that some batch trains. Default: the first batch's. */
  widest?: Shape;
}>;

/** Computes gradients until it is disposed. */
export type GradientEngine<Batch> = Readonly<{
  /** The loss of a batch; its gradients are in the arrays that the engine was opened with. */
  compute(batch: Batch): Promise<Readonly<{ loss: number; compiled: boolean }>>;
  dispose(): Promise<void>;
}>;

export type EngineOptions = Readonly<{
  /** All weights, the trained ones as they change. */
  weights: Weights;
  /** An array for each trained weight. */
  gradients: NamedArrays;
  threads?: number | undefined;
}>;

/** What is trained where one graph a batch would not do: in parts, in several runs, however the engine likes. */
export type GradientObjective<Batch> = Readonly<{
  name: string;
  /** Names of the trained weights. */
  trained: readonly string[];
  tokens(batch: Batch): number;
  open(options: EngineOptions): GradientEngine<Batch>;
}>;

export type LossOptions<Batch, Shape> = Omit<Objective<Batch, Shape>, "build"> &
  Readonly<{
    /** Names and shapes of all parameters that the loss may ask for. */
    shapes: Shapes;
    /** The scalar to make small; inputs come from `weights.graph.input(...)`, parameters from `weights`. */
    loss(weights: ModelWeights, shape: Shape): Tensor;
  }>;

/** An objective of one's own from its loss alone; the gradients are taken here. */
export function lossObjective<Batch, Shape>(options: LossOptions<Batch, Shape>): Objective<Batch, Shape> {
  const { shapes, loss, ...rest } = options;
  return {
    ...rest,
    build(shape, { trainable = () => true, fixed = new Map() }) {
      const graph = new Graph();
      const frozen = new Map([...fixed].filter(([name]) => !trainable(name)));
      const scalar = loss(bindWeights(graph, shapes, { fixed: frozen }), shape);
      const used = graph.sources.filter(({ kind, name }) => kind === "parameter" && trainable(name));
      const slopes = gradients(
        scalar,
        used.map(({ tensor }) => tensor),
      );
      graph.output("loss", scalar);
      used.forEach(({ name }, i) => {
        graph.output(`grad.${name}`, slopes[i] as Tensor);
      });
      return { graph, trainable: used.map(({ name }) => name) };
    },
  };
}
