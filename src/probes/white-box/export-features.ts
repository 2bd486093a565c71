/**
 * States and attention maps of one look as a safetensors file: hidden.I (positions, width) behind each layer (0 the embeddings,
 * the last one after the final norm, as transformers' hidden_states are), attention.I (heads, queries, keys) of each layer.
 */
import { type TensorData, writeSafetensors } from "../../nn/checkpoint/index.ts";
import type { Observation } from "../../nn/models/index.ts";

/** Write what the observation kept. Gives the shape of every tensor. */
export function exportFeatures(
  path: string,
  { hidden, attention }: Observation,
  positions: number,
): Readonly<Record<string, readonly number[]>> {
  const tensors = new Map<string, TensorData>([
    ...(hidden ?? []).map((data, i): [string, TensorData] => [
      `hidden.${i}`,
      { shape: [positions, data.length / positions], data },
    ]),
    ...(attention ?? []).map((data, i): [string, TensorData] => [
      `attention.${i}`,
      { shape: [data.length / positions ** 2, positions, positions], data },
    ]),
  ]);
  writeSafetensors(path, tensors);
  return Object.fromEntries([...tensors].map(([name, { shape }]) => [name, shape]));
}
