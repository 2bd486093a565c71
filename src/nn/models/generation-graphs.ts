/**
 * The graph that generation runs: new positions of some sequences read, with what was read before in a cache.
 *
 * One graph serves a whole prompt, a piece of one, and a single new token: how many sequences, positions and scores there
 * are is open, so that weights which live inside the graph are there once. Embeddings and rotary angles are computed
 * outside, so that one input carries text and images. Nothing between the inputs and the outputs is reshaped.
 */
import type { Shapes } from "../checkpoint/index.ts";
import type { Graph, Tensor } from "../graph/index.ts";
import { cachedAttention } from "./cached-attention.ts";
import { decoderLayers, decoderLogits } from "./decoder.ts";
import { decoderOf, type GenerativeConfig } from "./generative-config.ts";
import { openWeights } from "./open-weights.ts";
import type { QuantisedWeights } from "./quantised-matrix.ts";

export type GenerationModel = Readonly<{ config: GenerativeConfig; shapes: Shapes; loraScaling?: number }>;

/**
 * Inputs: embeddings (batch, length, D), positions int64 (batch, length) into rotary_cosines and rotary_sines (turns,
 * head_dim / 2), picks int64 (picks, 2) = sequence and position of each row of scores, and those of cachedAttention. Outputs:
 * logits (picks, V), and those of cachedAttention.
 */
export function generationGraph(model: GenerationModel, quantised: QuantisedWeights = new Map()): Graph {
  const weights = openWeights(model, quantised);
  const { graph } = weights;
  const { decoder, prefix } = decoderOf(model.config);
  const half = decoder.head_dim / 2;
  const { hidden } = decoderLayers(
    decoder,
    weights,
    {
      embeddings: graph.openInput("embeddings", ["batch", "length", decoder.hidden_size]),
      positions: graph.openInput("positions", ["batch", "length"], "int64"),
      rotary: {
        cosines: graph.openInput("rotary_cosines", ["turns", half]),
        sines: graph.openInput("rotary_sines", ["turns", half]),
      },
      mask: "causal",
      attendCached: cachedAttention(graph, decoder),
    },
    prefix,
  );
  const picks = graph.openInput("picks", ["picks", 2], "int64");
  const shape = [1, decoder.hidden_size];
  const rows = graph.node("GatherND", [hidden.at(-1) as Tensor, picks], [{ shape }])[0] as Tensor;
  const logits = decoderLogits(decoder, weights, rows, prefix);
  graph.openOutput("logits", logits, ["picks", decoder.vocab_size]);
  return graph;
}
