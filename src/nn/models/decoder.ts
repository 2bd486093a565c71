/**
 * Either decoder by its configuration, so that LLaVA, training and generation do not ask which one it is.
 */
import type { DecoderConfig } from "./decoder-config.ts";
import { llamaShapes } from "./llama.ts";
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

export { llamaLayers as decoderLayers, llamaLogits as decoderLogits } from "./llama.ts";
