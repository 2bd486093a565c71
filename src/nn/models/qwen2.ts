/**
 * The Qwen2 decoder (Yang et al. 2024, arXiv:2407.10671): Llama's computation with biases on queries, keys and values.
 *
 * Its larger rope_theta is a matter of configuration. Sliding windows, which no released checkpoint uses, are refused.
 */
import type { Qwen2Config } from "./decoder-config.ts";
import { llamaShapes } from "./llama.ts";

/** Names and shapes of the parameters. `prefix` is "language_model." inside LLaVA. */
export function qwen2Shapes(config: Qwen2Config, prefix = ""): Map<string, readonly number[]> {
  const plain = llamaShapes({ ...config, model_type: "llama", attention_bias: false, mlp_bias: false }, prefix);
  return new Map(
    [...plain].flatMap(([name, shape]): [string, readonly number[]][] => {
      const biased = /\.[qkv]_proj\.weight$/.test(name);
      return biased
        ? [
            [name, shape],
            [name.replace(/weight$/, "bias"), shape.slice(0, 1)],
          ]
        : [[name, shape]];
    }),
  );
}
