/** The same decoder in eager PyTorch, in a process of its own: bench/yardsticks/decoder.py. */
import { availableParallelism } from "node:os";
import { type Figures, median } from "./bench.ts";
import { runYardstick } from "./pytorch.ts";

const steps = 16;

/** `decoder` has the sizes as config.json names them. */
export function pytorchDecoder(
  python: string,
  decoder: Readonly<Record<string, unknown>>,
  promptTokens: number,
): Figures {
  const sizes = ["hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads"];
  const args = [...sizes.map((name) => Number(decoder[name])), promptTokens, steps, availableParallelism()];
  const times = JSON.parse(runYardstick(python, "decoder.py", args)) as { prefill: number; steps: readonly number[] };
  return {
    pytorchPrefillTokensPerSecond: Number((promptTokens / times.prefill).toFixed(1)),
    pytorchDecodeTokensPerSecond: Number((1 / median(times.steps)).toFixed(2)),
  };
}
