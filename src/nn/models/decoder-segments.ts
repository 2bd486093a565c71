/**
 * A decoder cut into segments of consecutive layers, for training a part at a time: graphs that go forward through a segment,
 * and backward through it from the gradient of what it gives.
 *
 * Parameters of a segment are named as if its first layer were layer 0, so that one graph serves all segments alike; which
 * weights those are at a run is decoder-gradients.ts's business. Nothing is kept between forward and backward: a segment
 * that goes backward is computed again from its input (Chen et al. 2016, arXiv:1604.06174).
 */
import type { Shapes } from "../checkpoint/index.ts";
import { crossEntropy, equal, Graph, gatherRows, gradients, reshape, type Tensor, where } from "../graph/index.ts";
import { blockedScores, causalMask } from "../layers/index.ts";
import { decoderBlocks, decoderLogits, decoderNorm, fedRotary } from "./decoder.ts";
import type { DecoderConfig } from "./decoder-config.ts";
import { bindWeights, type ModelWeights } from "./model-weights.ts";

/** Sizes of a run: rows of tokens that stand one behind the other in one sequence. */
export type RunShape = Readonly<{
  /** Positions, padding at the end included. */
  length: number;
  /** Do several rows share the sequence, or is it long? Then attention is kept inside a row by a mask. */
  masked: boolean;
  /** Positions that may carry a target, over the whole run. */
  lossRows: number;
}>;

export type SegmentModel = Readonly<{
  decoder: DecoderConfig;
  /** What parameter names begin with, before "model.". */
  prefix: string;
  /** Layers of the segment. */
  layers: number;
  /** Of the segment's parameters, by the names of its graph. */
  shapes: Shapes;
  isTrained(name: string): boolean;
  loraScaling: number;
}>;

/** Forward: x (1, T, D) -> y (1, T, D). Both directions are fed rotary_cosines and rotary_sines, and row_of where masked. */
export function forwardSegment(model: SegmentModel, shape: RunShape): Graph {
  const weights = bound(model);
  weights.graph.output("y", segment(model, weights, shape).y);
  return weights.graph;
}

/** Backward: x and dy (1, T, D) -> grad.NAME of what is trained, and with `goesOn` dx (1, T, D). */
export function backwardSegment(model: SegmentModel, shape: RunShape, goesOn: boolean): Graph {
  const weights = bound(model);
  const { x, y } = segment(model, weights, shape);
  outputGradients(model, weights.graph, { x, y, from: weights.graph.input("dy", y.shape), goesOn });
  return weights.graph;
}

/**
 * The last segment with the final norm and the loss, both directions in one: x, loss_rows, targets, loss_weights (R) ->
 * loss = the sum of weight times cross entropy over the targets, grad.NAME, and with `goesOn` dx.
 */
export function lastSegment(model: SegmentModel, shape: RunShape, goesOn: boolean): Graph {
  const weights = bound(model);
  const { graph } = weights;
  const { decoder, prefix } = model;
  const { x, y } = segment(model, weights, shape);
  const rows = reshape(decoderNorm(decoder, weights, y, prefix), [shape.length, decoder.hidden_size]);
  const counted = gatherRows(rows, graph.input("loss_rows", [shape.lossRows], "int32"));
  const logits = decoderLogits(decoder, weights, counted, prefix);
  const targets = graph.input("targets", [shape.lossRows], "int32");
  const loss = crossEntropy(logits, targets, {
    weights: graph.input("loss_weights", [shape.lossRows]),
    reduction: "sum",
  });
  graph.output("loss", loss);
  outputGradients(model, graph, { x, y: loss, goesOn });
  return graph;
}

function bound({ shapes, loraScaling }: SegmentModel): ModelWeights {
  return bindWeights(new Graph(), shapes, { loraScaling });
}

function segment(model: SegmentModel, weights: ModelWeights, { length, masked }: RunShape): { x: Tensor; y: Tensor } {
  const { graph } = weights;
  const { decoder, layers, prefix } = model;
  const x = graph.input("x", [1, length, decoder.hidden_size]);
  const places = Int32Array.from({ length }, (_, t) => t);
  const { hidden } = decoderBlocks(
    { ...decoder, num_hidden_layers: layers },
    weights,
    {
      embeddings: x,
      positions: graph.constant(places, [1, length], "int32"),
      rotary: fedRotary(graph, decoder, length),
      mask: masked ? rowMask(graph, length) : "causal",
    },
    prefix,
  );
  return { x, y: hidden.at(-1) as Tensor };
}

/** Every position sees itself and what is before it in its own row: (T, T). */
function rowMask(graph: Graph, length: number): Tensor {
  const rows = graph.input("row_of", [length], "int32");
  const isSame = equal(reshape(rows, [length, 1]), reshape(rows, [1, length]));
  return where(isSame, causalMask(graph, length), graph.scalar(blockedScores));
}

type Backward = Readonly<{ x: Tensor; y: Tensor; from?: Tensor; goesOn: boolean }>;

function outputGradients({ isTrained }: SegmentModel, graph: Graph, { x, y, from, goesOn }: Backward): void {
  const used = graph.sources.filter(({ kind, name }) => kind === "parameter" && isTrained(name));
  const wanted = [...used.map(({ tensor }) => tensor), ...(goesOn ? [x] : [])];
  const slopes = gradients(y, wanted, from);
  used.forEach(({ name }, i) => {
    graph.output(`grad.${name}`, slopes[i] as Tensor);
  });
  if (goesOn) graph.output("dx", slopes.at(-1) as Tensor);
}
