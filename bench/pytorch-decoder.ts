/** The same decoder in eager PyTorch, in a process of its own: bench/yardsticks/decoder.py. */
import { execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type Figures, median } from "./bench.ts";

const steps = 16;

/** `decoder` has the sizes as config.json names them. */
export function pytorchDecoder(
  python: string,
  decoder: Readonly<Record<string, unknown>>,
  promptTokens: number,
): Figures {
  const sizes = ["hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads"];
  const script = join(import.meta.dirname, "yardsticks", "decoder.py");
  const args = [...sizes.map((name) => decoder[name]), promptTokens, steps, availableParallelism()].map(String);
  const told = execFileSync(python, [script, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  const times = JSON.parse(told) as { prefill: number; steps: readonly number[] };
  return {
    pytorchPrefillTokensPerSecond: Number((promptTokens / times.prefill).toFixed(1)),
    pytorchDecodeTokensPerSecond: Number((1 / median(times.steps)).toFixed(2)),
  };
}
