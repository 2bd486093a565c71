/**
 * Rotary position tables as transformers' Llama and Qwen2 compute them (default rope type).
 */
import type { Graph, Tensor } from "../graph/index.ts";

export type RotaryTables = Readonly<{ cosines: Tensor; sines: Tensor }>;

/** Cosines and sines of position x theta^(-2i/dh) for positions 0 to `positions` - 1: (positions, dh/2) each. */
export function rotaryTables(
  graph: Graph,
  headWidth: number,
  options: { theta: number; positions: number },
): RotaryTables {
  const half = headWidth / 2;
  const { theta, positions } = options;
  // transformers computes frequencies and angles in float32; their rounding shows at positions in the thousands.
  const frequencies = Array.from({ length: half }, (_, i) =>
    Math.fround(1 / Math.fround(theta ** ((2 * i) / headWidth))),
  );
  const table = (f: (angle: number) => number) =>
    graph.constant(
      Float32Array.from({ length: positions * half }, (_, n) =>
        f(Math.fround(Math.floor(n / half) * (frequencies[n % half] as number))),
      ),
      [positions, half],
    );
  return { cosines: table(Math.cos), sines: table(Math.sin) };
}
