/**
 * Attention over a cache by ONNX Runtime's own operator, which writes new keys and values where it reads the old ones.
 */
import type { Graph, Tensor } from "../graph/index.ts";
import type { DecoderConfig } from "./decoder-config.ts";

/** Names of a layer's outputs; its inputs are the same with "past_" before. */
export function cacheNames(layer: number): readonly [string, string] {
  return [`keys.${layer}`, `values.${layer}`];
}

/** Numbers of a head in the cache: the operator wants a multiple of 8, so other heads are filled up with zeros. */
export function cacheWidth({ head_dim }: DecoderConfig): number {
  return Math.ceil(head_dim / 8) * 8;
}

/**
 * llamaLayers' attendCached. Inputs: last int32 (batch) = the position of each sequence's last key, total int32 = the most
 * keys of any, past_keys.I and past_values.I (batch, key-value heads, capacity, cacheWidth). Outputs: keys.I and values.I,
 * the caches with the new positions, which a run should write into the very arrays of the past.
 */
export function cachedAttention(graph: Graph, decoder: DecoderConfig) {
  const { num_attention_heads: heads, num_key_value_heads: keyHeads, head_dim } = decoder;
  const width = cacheWidth(decoder);
  const shape = ["batch", keyHeads, "capacity", width];
  const last = graph.openInput("last", ["batch"], "int32");
  const total = graph.input("total", [], "int32");
  const attributes = {
    num_heads: { int: heads },
    kv_num_heads: { int: keyHeads },
    scale: { float: 1 / Math.sqrt(head_dim) },
  };
  return (q: Tensor, k: Tensor, v: Tensor, layer: number): Tensor => {
    const names = cacheNames(layer);
    const past = names.map((name) => graph.openInput(`past_${name}`, shape));
    const operands = [widened(q, heads, width), widened(k, keyHeads, width), widened(v, keyHeads, width), ...past];
    const results = [{ shape: [1, 1, heads * width] }, ...past.map((each) => ({ shape: each.shape }))];
    const [y, ...present] = graph.node("GroupQueryAttention", [...operands, last, total], results, attributes);
    for (const [i, name] of names.entries()) graph.openOutput(name, present[i] as Tensor, shape);
    return narrowed(y as Tensor, heads, head_dim);
  };
}

/** Heads with zeros behind them: (batch, length, H w) -> (batch, length, H width). */
function widened(x: Tensor, heads: number, width: number): Tensor {
  const w = (x.shape[2] as number) / heads;
  if (w === width) return x;
  const { graph } = x;
  const pads = graph.constant([0, 0, 0, 0, 0, 0, 0, width - w], [8], "int64");
  const padded = graph.node("Pad", [split(x, heads), pads], [{ shape: [1, 1, heads, width] }])[0] as Tensor;
  return joined(padded);
}

/** The first w numbers of each head: (batch, length, H width) -> (batch, length, H w). */
function narrowed(x: Tensor, heads: number, w: number): Tensor {
  if (x.shape[2] === heads * w) return x;
  const { graph } = x;
  const at = (value: number) => graph.constant([value], [1], "int64");
  const cut = graph.node("Slice", [split(x, heads), at(0), at(w), at(3)], [{ shape: [1, 1, heads, w] }])[0] as Tensor;
  return joined(cut);
}

/** 0 in a shape of ONNX's Reshape keeps the size that is there, open or not. */
function split(x: Tensor, heads: number): Tensor {
  const sizes = [heads, (x.shape[2] as number) / heads];
  const target = x.graph.constant([0, 0, ...sizes], [4], "int64");
  return x.graph.node("Reshape", [x, target], [{ shape: [1, 1, ...sizes] }])[0] as Tensor;
}

function joined(x: Tensor): Tensor {
  const size = (x.shape[2] as number) * (x.shape[3] as number);
  const target = x.graph.constant([0, 0, size], [3], "int64");
  return x.graph.node("Reshape", [x, target], [{ shape: [1, 1, size] }])[0] as Tensor;
}
