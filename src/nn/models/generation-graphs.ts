/**
 * The graphs that generation runs: prompts to a first token, one more token from a cache, and probabilities of given tokens.
 *
 * Embeddings are looked up outside, so that one input carries text and images. Sequences begin at position 0 and are
 * padded at the end; nothing that counts ever attends to padding. Weights are fed, so that graphs share them.
 */
import type { Shapes } from "../checkpoint/index.ts";
import { Graph, gatherRows, logSoftmax, reshape, type Tensor } from "../graph/index.ts";
import { rotaryTables } from "../layers/index.ts";
import { decoderFromStart, decoderLayers, decoderLogits, fedRotary } from "./decoder.ts";
import type { DecoderConfig } from "./decoder-config.ts";
import { decoderOf, type GenerativeConfig } from "./generative-config.ts";
import type { KeyValues } from "./llama.ts";
import { bindWeights, type ModelWeights } from "./model-weights.ts";

export type GenerationModel = Readonly<{ config: GenerativeConfig; shapes: Shapes; loraScaling?: number }>;

/**
 * Prompts: embeddings (B, T, D), last_rows int32 (B) = b * T + the last position of each -> logits (B, V), and with
 * `keep` keys.I and values.I (B, key-value heads, T, head_dim) of every layer.
 */
export function promptGraph(
  model: GenerationModel,
  shape: Readonly<{ batch: number; length: number; keep: boolean }>,
): Graph {
  const weights = bind(model);
  const { graph } = weights;
  const { normed, present } = promptLayers(model, weights, shape);
  const last = gatherRows(normed, graph.input("last_rows", [shape.batch], "int32"));
  const { decoder, prefix } = decoderOf(model.config);
  graph.output("logits", decoderLogits(decoder, weights, last, prefix));
  if (shape.keep) outputKeyValues(graph, present);
  return graph;
}

/**
 * One more token: embeddings (B, 1, D), positions int32 (B, 1), mask (B, 1, 1, capacity + 1) added to the scores, and
 * past_keys.I, past_values.I (B, key-value heads, capacity, head_dim) -> logits (B, V), keys.I and values.I of the new
 * position only.
 */
export function stepGraph(model: GenerationModel, shape: Readonly<{ batch: number; capacity: number }>): Graph {
  const weights = bind(model);
  const { graph } = weights;
  const { batch: B, capacity } = shape;
  const { decoder, prefix } = decoderOf(model.config);
  const cache = [B, decoder.num_key_value_heads, capacity, decoder.head_dim];
  const { hidden, present } = decoderLayers(
    decoder,
    weights,
    {
      embeddings: graph.input("embeddings", [B, 1, decoder.hidden_size]),
      ...stepRotary(graph, decoder, shape),
      mask: graph.input("mask", [B, 1, 1, capacity + 1]),
      past: Array.from({ length: decoder.num_hidden_layers }, (_, i) => ({
        keys: graph.input(`past_keys.${i}`, cache),
        values: graph.input(`past_values.${i}`, cache),
      })),
    },
    prefix,
  );
  const flat = reshape(hidden.at(-1) as Tensor, [B, decoder.hidden_size]);
  graph.output("logits", decoderLogits(decoder, weights, flat, prefix));
  outputKeyValues(graph, present);
  return graph;
}

/** Positions are fed; with M-RoPE the angles are, a row a sequence. */
function stepRotary(graph: Graph, decoder: DecoderConfig, { batch: B, capacity }: { batch: number; capacity: number }) {
  if (decoder.mrope_section !== undefined) {
    const rows = Int32Array.from({ length: B }, (_, b) => b);
    return { positions: graph.constant(rows, [B, 1], "int32"), rotary: fedRotary(graph, decoder, B) };
  }
  return {
    positions: graph.input("positions", [B, 1], "int32"),
    rotary: rotaryTables(graph, decoder.head_dim, { theta: decoder.rope_theta, positions: capacity + 1 }),
  };
}

/**
 * Probabilities of given tokens: embeddings (B, T, D), rows int32 (R) = b * T + t, targets int32 (R) -> log_probs (R), the
 * natural logarithm of p(target | what is up to t).
 */
export function scoreGraph(
  model: GenerationModel,
  shape: Readonly<{ batch: number; length: number; rows: number }>,
): Graph {
  const weights = bind(model);
  const { graph } = weights;
  const { decoder, prefix } = decoderOf(model.config);
  const { normed } = promptLayers(model, weights, shape);
  const rows = gatherRows(normed, graph.input("rows", [shape.rows], "int32"));
  const logs = logSoftmax(decoderLogits(decoder, weights, rows, prefix));
  const targets = reshape(graph.input("targets", [shape.rows], "int32"), [shape.rows, 1]);
  const picked = graph.node("GatherElements", [logs, targets], [{ shape: [shape.rows, 1] }], { axis: { int: 1 } });
  graph.output("log_probs", reshape(picked[0] as Tensor, [shape.rows]));
  return graph;
}

function bind(model: GenerationModel): ModelWeights {
  const { loraScaling } = model;
  return bindWeights(new Graph(), model.shapes, loraScaling === undefined ? {} : { loraScaling });
}

type Prompts = Readonly<{ batch: number; length: number }>;

/** Last hidden states as rows (B * T, D), and keys and values. */
function promptLayers(model: GenerationModel, weights: ModelWeights, { batch: B, length: T }: Prompts) {
  const { graph } = weights;
  const { decoder, prefix } = decoderOf(model.config);
  const embeddings = graph.input("embeddings", [B, T, decoder.hidden_size]);
  const { hidden, present } = decoderFromStart(decoder, weights, embeddings, prefix);
  return { normed: reshape(hidden.at(-1) as Tensor, [B * T, decoder.hidden_size]), present };
}

function outputKeyValues(graph: Graph, present: readonly KeyValues[]): void {
  present.forEach(({ keys, values }, layer) => {
    graph.output(`keys.${layer}`, keys);
    graph.output(`values.${layer}`, values);
  });
}
