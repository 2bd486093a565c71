/**
 * The decoder with its layers open: which group of positions may look at which, what every module and head adds, and, when
 * it is observed, where attention goes and what the states behind every layer say.
 *
 * All interventions are fed, so one compiled graph serves every one of them; with nothing cut and every factor 1 the model is
 * what it was. Positions belong to groups (a frame, the question, ...), one each; padding at the end belongs to none.
 */
import {
  add,
  attention,
  attentionWeights,
  concat,
  Graph,
  gatherRows,
  largest,
  logSoftmax,
  matmul,
  mul,
  padZeros,
  pickColumns,
  reshape,
  rmsNorm,
  slice,
  type Tensor,
} from "../graph/index.ts";
import { causalMask } from "../layers/index.ts";
import { decoderFromStart, decoderLogits } from "./decoder.ts";
import type { GenerationModel } from "./generation-graphs.ts";
import { decoderOf } from "./generative-config.ts";
import type { DecoderTaps } from "./llama.ts";
import { bindWeights, type ModelWeights } from "./model-weights.ts";

export type WhiteBoxShape = Readonly<{
  batch: number;
  length: number;
  groups: number;
  /** Tokens whose probability is asked for, over the whole batch. */
  targets: number;
  observe?: ObservedShape;
}>;

export type ObservedShape = Readonly<{
  /** Positions at which every layer is asked for its words, and how many words each. */
  readings: number;
  words: number;
  /** Give every state (hidden.I) and whole attention maps (attention.I). */
  hidden: boolean;
  attention: boolean;
}>;

/**
 * Inputs: embeddings (B, T, D); membership (B, T, G), ones and zeros; blocked (B, layers, G queries, G keys), 0 or very
 * negative; module_factors (B, layers, 2), attention then MLP; head_factors (B, layers, heads); rows and targets int32 (R),
 * rows being b * T + t. Output: log_probs (R), of each target at its row.
 *
 * With `observe` also averages (B, G, T), the membership as rows that add to 1, and readings int32 (N), rows as above; then of
 * every layer I: attention_groups.I (B, heads, G, G), how much a query of a group looks at a group, on average;
 * attention_last.I (B, heads, 1, T), the last group's; and of states I from 0 (the embeddings) to layers: word_ids.I int32 and
 * word_log_probs.I (N, words); target_log_probs.I (R).
 */
export function whiteBoxGraph(model: GenerationModel, shape: WhiteBoxShape): Graph {
  const { loraScaling } = model;
  const weights = bindWeights(new Graph(), model.shapes, loraScaling === undefined ? {} : { loraScaling });
  const { graph } = weights;
  const { decoder, prefix } = decoderOf(model.config);
  const { batch: B, length: T } = shape;
  const embeddings = graph.input("embeddings", [B, T, decoder.hidden_size]);
  const taps = openLayers(model, graph, shape);
  const { hidden } = decoderFromStart(decoder, weights, embeddings, prefix, { taps });
  const flat = (state: Tensor) => reshape(state, [B * T, decoder.hidden_size]);
  const rows = graph.input("rows", [shape.targets], "int32");
  const targets = graph.input("targets", [shape.targets], "int32");
  const saidOf = (normed: Tensor) => logSoftmax(decoderLogits(decoder, weights, normed, prefix));
  const scored = (normed: Tensor) => reshape(pickColumns(saidOf(normed), targets), [shape.targets]);
  graph.output("log_probs", scored(gatherRows(flat(hidden.at(-1) as Tensor), rows)));
  const { observe } = shape;
  if (observe === undefined) return graph;
  const readings = graph.input("readings", [observe.readings], "int32");
  const norm = finalNorm(model, weights);
  hidden.forEach((state, i) => {
    // The last state comes normed.
    const normed = (at: Tensor) =>
      i === hidden.length - 1 ? gatherRows(flat(state), at) : norm(gatherRows(flat(state), at));
    const words = largest(saidOf(normed(readings)), observe.words);
    graph.output(`word_ids.${i}`, words.indices);
    graph.output(`word_log_probs.${i}`, words.values);
    graph.output(`target_log_probs.${i}`, scored(normed(rows)));
    if (observe.hidden) graph.output(`hidden.${i}`, state);
  });
  return graph;
}

function finalNorm({ config }: GenerationModel, weights: ModelWeights): (x: Tensor) => Tensor {
  const { decoder, prefix } = decoderOf(config);
  return (x) => rmsNorm(x, weights.tensor(`${prefix}model.norm.weight`), decoder.rms_norm_eps);
}

/** Queries that meet their keys together: bounds the scores of a long prompt, see causal-attention.ts. */
const blockLength = 256;

function openLayers({ config }: GenerationModel, graph: Graph, shape: WhiteBoxShape): DecoderTaps {
  const { num_hidden_layers: L, num_attention_heads: H } = decoderOf(config).decoder;
  const { batch: B, length: T, groups: G, observe } = shape;
  const membership = graph.input("membership", [B, T, G]);
  const blocked = graph.input("blocked", [B, L, G, G]);
  const modules = graph.input("module_factors", [B, L, 2]);
  const heads = graph.input("head_factors", [B, L, H]);
  const at = (x: Tensor, axis: number, i: number) => slice(x, axis, i, i + 1);
  return {
    attend(queries, keys, values, layer) {
      const table = reshape(at(blocked, 1, layer), [B, G, G]);
      const parts: Tensor[] = [];
      const maps: Tensor[] = [];
      const lookers: Tensor[] = [];
      for (let start = 0; start < T; start += blockLength) {
        const end = Math.min(start + blockLength, T);
        const [q, k, v] = [slice(queries, 2, start, end), slice(keys, 2, 0, end), slice(values, 2, 0, end)];
        const own = slice(membership, 1, start, end);
        // Every query's row of the table, then every key's column: (B, t, G) x (G, G) x (G, S).
        const cut = matmul(matmul(own, table), slice(membership, 1, 0, end), { transposeB: true });
        const mask = add(reshape(cut, [B, 1, end - start, end]), causalMask(graph, end - start, end));
        parts.push(attention(q, k, v, { mask }));
        if (observe === undefined) continue;
        const map = attentionWeights(q, k, { mask }); // (B, H, t, S)
        const averages = slice(graph.input("averages", [B, G, T]), 2, start, end);
        const look = matmul(reshape(averages, [B, 1, G, end - start]), map); // (B, H, G, S)
        lookers.push(padZeros(look, 3, 0, T - end));
        if (observe.attention) maps.push(padZeros(map, 3, 0, T - end));
      }
      if (observe) {
        const looks = lookers.reduce((sum, look) => add(sum, look));
        graph.output(`attention_groups.${layer}`, matmul(looks, reshape(membership, [B, 1, T, G])));
        graph.output(`attention_last.${layer}`, at(looks, 2, G - 1));
        if (observe.attention) graph.output(`attention.${layer}`, concat(maps, 2));
      }
      return mul(concat(parts, 2), reshape(at(heads, 1, layer), [B, H, 1, 1]));
    },
    contribute(y, module, layer) {
      const factors = reshape(at(modules, 1, layer), [B, 2]);
      return mul(y, reshape(at(factors, 1, module === "attention" ? 0 : 1), [B, 1, 1]));
    },
  };
}
