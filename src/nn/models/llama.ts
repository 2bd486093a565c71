/**
 * The Llama decoder (Touvron et al. 2023, arXiv:2302.13971; grouped queries as in Llama 2), as transformers computes it.
 *
 * Pre-normalised blocks: x += attention(rms(x)), x += down(silu(gate(rms(x))) * up(rms(x))); rotary positions on the two
 * halves of each head. Turning ids or images into embeddings is left to the caller, so that LLaVA can mix them.
 */
import { add, attention, mul, rmsNorm, rotaryEmbedding, silu, type Tensor } from "../graph/index.ts";
import {
  type ChosenRows,
  causalAttention,
  mergeHeads,
  type RotaryTables,
  rowsAt,
  splitHeads,
} from "../layers/index.ts";
import type { DecoderConfig, LlamaConfig } from "./decoder-config.ts";
import type { ModelWeights } from "./model-weights.ts";

/** Places inside the layers where others may look or interfere. Without them the graph is the model's own. */
export type DecoderTaps = Readonly<{
  /** Takes the place of attention: queries (B, H, T, head_dim), keys and values (B, key-value heads, S, head_dim) -> like queries. */
  attend?(queries: Tensor, keys: Tensor, values: Tensor, layer: number): Tensor;
  /** What a module is about to add to the residual stream (B, T, D) -> what is added. */
  contribute?(y: Tensor, module: "attention" | "mlp", layer: number): Tensor;
}>;

export type DecoderInputs = Readonly<{
  /** (B, T, D) */
  embeddings: Tensor;
  /** int32 (B, T), within the tables. */
  positions: Tensor;
  rotary: RotaryTables;
  /**
   * Added to the attention scores: broadcastable to (B, heads, T, T); 0 where a query may look, else very negative.
   * "causal": each position sees itself and what is before it.
   */
  mask: Tensor | "causal";
  /**
   * Takes the place of mask and attention where keys and values of earlier positions are kept elsewhere: turned queries
   * (B, T, H head_dim), keys and values (B, T, key-value heads head_dim) of a layer -> (B, T, H head_dim).
   */
  attendCached?(queries: Tensor, keys: Tensor, values: Tensor, layer: number): Tensor;
  /** Compute the last layer for these alone, with their positions int32 (B, R). */
  last?: (ChosenRows & Readonly<{ positions: Tensor }>) | undefined;
  taps?: DecoderTaps;
}>;

export type DecoderOutputs = Readonly<{
  /**
   * The embeddings, then what each layer gives, the last one after the final norm: (B, T, D), layers + 1 of them; the last one
   * (B, R, D) where only some of its rows were asked for.
   */
  hidden: readonly Tensor[];
}>;

/** Names and shapes of the parameters. `prefix` is "language_model." inside LLaVA. */
export function llamaShapes(config: LlamaConfig, prefix = ""): Map<string, readonly number[]> {
  const { hidden_size: D, intermediate_size: M, head_dim } = config;
  const [queries, keys] = [config.num_attention_heads * head_dim, config.num_key_value_heads * head_dim];
  const shapes = new Map<string, readonly number[]>([[`${prefix}model.embed_tokens.weight`, [config.vocab_size, D]]]);
  const addLinear = (module: string, out: number, inner: number, bias: boolean) => {
    shapes.set(`${module}.weight`, [out, inner]);
    if (bias) shapes.set(`${module}.bias`, [out]);
  };
  for (let i = 0; i < config.num_hidden_layers; i++) {
    const layer = `${prefix}model.layers.${i}`;
    shapes.set(`${layer}.input_layernorm.weight`, [D]);
    addLinear(`${layer}.self_attn.q_proj`, queries, D, config.attention_bias);
    addLinear(`${layer}.self_attn.k_proj`, keys, D, config.attention_bias);
    addLinear(`${layer}.self_attn.v_proj`, keys, D, config.attention_bias);
    addLinear(`${layer}.self_attn.o_proj`, D, queries, config.attention_bias);
    shapes.set(`${layer}.post_attention_layernorm.weight`, [D]);
    addLinear(`${layer}.mlp.gate_proj`, M, D, config.mlp_bias);
    addLinear(`${layer}.mlp.up_proj`, M, D, config.mlp_bias);
    addLinear(`${layer}.mlp.down_proj`, D, M, config.mlp_bias);
  }
  shapes.set(`${prefix}model.norm.weight`, [D]);
  if (!config.tie_word_embeddings) shapes.set(`${prefix}lm_head.weight`, [config.vocab_size, D]);
  return shapes;
}

/** Every layer over the embeddings. */
export function llamaLayers(
  config: DecoderConfig,
  weights: ModelWeights,
  inputs: DecoderInputs,
  prefix = "",
): DecoderOutputs {
  const { hidden } = llamaBlocks(config, weights, inputs, prefix);
  return { hidden: [...hidden.slice(0, -1), llamaNorm(config, weights, hidden.at(-1) as Tensor, prefix)] };
}

/** The same without the final norm, so that a part of the layers can be computed apart. */
export function llamaBlocks(
  config: DecoderConfig,
  weights: ModelWeights,
  inputs: DecoderInputs,
  prefix: string,
): DecoderOutputs {
  const hidden = [inputs.embeddings];
  const { contribute = (y: Tensor) => y } = inputs.taps ?? {};
  let x = inputs.embeddings;
  for (let i = 0; i < config.num_hidden_layers; i++) {
    const layer = `${prefix}model.layers.${i}`;
    const norm = (name: string) => rmsNorm(x, weights.tensor(`${layer}.${name}.weight`), config.rms_norm_eps);
    const last = i === config.num_hidden_layers - 1 ? inputs.last : undefined;
    const attended = selfAttention(config, weights, { ...inputs, last, x: norm("input_layernorm"), layer, index: i });
    if (last) x = rowsAt(x, last);
    x = add(x, contribute(attended, "attention", i));
    x = add(x, contribute(feedForward(weights, norm("post_attention_layernorm"), `${layer}.mlp`), "mlp", i));
    hidden.push(x);
  }
  return { hidden };
}

/** The norm behind the last layer. */
export function llamaNorm(config: DecoderConfig, weights: ModelWeights, x: Tensor, prefix: string): Tensor {
  return rmsNorm(x, weights.tensor(`${prefix}model.norm.weight`), config.rms_norm_eps);
}

/** Scores of the next token: (..., D) after the final norm -> (..., vocabulary). */
export function llamaLogits(config: DecoderConfig, weights: ModelWeights, normed: Tensor, prefix = ""): Tensor {
  return weights.linear(normed, config.tie_word_embeddings ? `${prefix}model.embed_tokens` : `${prefix}lm_head`);
}

type Layer = DecoderInputs & Readonly<{ x: Tensor; layer: string; index: number }>;

function selfAttention(config: DecoderConfig, weights: ModelWeights, inputs: Layer): Tensor {
  const { x, layer, positions, rotary, attendCached, index, last } = inputs;
  const project = (name: string, from = x) => weights.linear(from, `${layer}.self_attn.${name}`);
  const turn = (y: Tensor, at = positions) => rotaryEmbedding(y, at, rotary.cosines, rotary.sines);
  const q = last ? turn(project("q_proj", rowsAt(x, last)), last.positions) : turn(project("q_proj"));
  const [k, v] = [turn(project("k_proj")), project("v_proj")];
  const y = attendCached ? attendCached(q, k, v, index) : attendHere(config, inputs, [q, k, v]);
  return weights.linear(y, `${layer}.self_attn.o_proj`);
}

function attendHere(config: DecoderConfig, inputs: Layer, [q, k, v]: readonly [Tensor, Tensor, Tensor]): Tensor {
  const queries = splitHeads(q, config.num_attention_heads); // (B, H, T, head_dim)
  const keys = splitHeads(k, config.num_key_value_heads);
  const values = splitHeads(v, config.num_key_value_heads);
  const { taps, index } = inputs;
  const mask = inputs.last?.mask ?? inputs.mask;
  if (taps?.attend) return mergeHeads(taps.attend(queries, keys, values, index));
  return mergeHeads(
    mask === "causal" ? causalAttention(queries, keys, values) : attention(queries, keys, values, { mask }),
  );
}

function feedForward(weights: ModelWeights, x: Tensor, module: string): Tensor {
  const gate = silu(weights.linear(x, `${module}.gate_proj`));
  return weights.linear(mul(gate, weights.linear(x, `${module}.up_proj`)), `${module}.down_proj`);
}
