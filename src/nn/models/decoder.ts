/**
 * Either decoder by its configuration, so that LLaVA, training and generation do not ask which one it is.
 */
import type { Graph, Tensor } from "../graph/index.ts";
import { chosenRows, type RotaryTables, rotaryTables } from "../layers/index.ts";
import type { DecoderConfig } from "./decoder-config.ts";
import { type DecoderTaps, llamaLayers, llamaShapes } from "./llama.ts";
import type { ModelWeights } from "./model-weights.ts";
import { qwen2Shapes } from "./qwen2.ts";

/** Names and shapes of the parameters. `prefix` is "language_model." inside LLaVA. */
export function decoderShapes(config: DecoderConfig, prefix = ""): Map<string, readonly number[]> {
  switch (config.model_type) {
    case "llama":
      return llamaShapes(config, prefix);
    case "qwen2":
      return qwen2Shapes(config, prefix);
    default:
      return config satisfies never;
  }
}

export type FromStartOptions = Readonly<{
  taps?: DecoderTaps;
  /** int32 (B, R): the positions of each sequence whose last hidden state is wanted. Default: all. */
  wanted?: Tensor;
}>;

/** All layers over whole sequences that begin at position 0: embeddings (B, T, D), each position attends to those before. */
export function decoderFromStart(
  config: DecoderConfig,
  weights: ModelWeights,
  embeddings: Tensor,
  prefix: string,
  { taps = {}, wanted }: FromStartOptions = {},
) {
  const { graph } = weights;
  const [B, T] = embeddings.shape as [number, number, number];
  const isFed = config.mrope_section !== undefined;
  const places = Int32Array.from({ length: B * T }, (_, i) => (isFed ? i : i % T));
  const positions = graph.constant(places, [B, T], "int32");
  const rotary = isFed
    ? fedRotary(graph, config, B * T)
    : rotaryTables(graph, config.head_dim, { theta: config.rope_theta, positions: T });
  const chosen = wanted && chosenRows(wanted, T);
  const last = chosen && { ...chosen, positions: isFed ? chosen.places : (wanted as Tensor) };
  return llamaLayers(config, weights, { embeddings, positions, rotary, mask: "causal", last, taps }, prefix);
}

/** Cosines and sines of so many places, fed at each run by mrope.ts. */
export function fedRotary(graph: Graph, config: DecoderConfig, rows: number): RotaryTables {
  const shape = [rows, config.head_dim / 2];
  return { cosines: graph.input("rotary_cosines", shape), sines: graph.input("rotary_sines", shape) };
}

export {
  llamaBlocks as decoderBlocks,
  llamaLayers as decoderLayers,
  llamaLogits as decoderLogits,
  llamaNorm as decoderNorm,
} from "./llama.ts";
