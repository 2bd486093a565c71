/**
 * What PEFT calls the modules of a decoder: their paths in the model that the original program (transformers from 4.52 on, or the
 * model's own repository) holds in memory, by which it finds them again.
 */
import { decoderOf, type GenerativeConfig } from "./generative-config.ts";

/** The path of a decoder's parameter or module; names are ours. */
export function peftModuleName(config: GenerativeConfig): (name: string) => string {
  const inner = innerPath(config);
  const { prefix } = decoderOf(config);
  return (name) => {
    if (!name.startsWith(prefix)) return name;
    const own = name.slice(prefix.length);
    return own.startsWith("model.") ? `${inner}${own.slice("model.".length)}` : own;
  };
}

/**
 * target_modules of an adapter on the decoder alone: the modules' last names, or where eyes have modules of the same names a
 * regular expression of the whole path.
 */
export function peftTargets(config: GenerativeConfig, modules: readonly string[]): [string, ...string[]] | string {
  if (decoderOf(config).prefix === "") return [...modules] as [string, ...string[]];
  const inner = innerPath(config).replaceAll(".", "\\.");
  return `${inner}layers\\.\\d+\\.(?:self_attn|mlp)\\.(?:${modules.join("|")})`;
}

function innerPath(config: GenerativeConfig): string {
  switch (config.model_type) {
    case "llama":
    case "qwen2":
    case "llava_qwen":
    case "llava_llama":
    case "vtimellm":
      return "model.";
    case "llava":
    case "llava_onevision":
    case "qwen2_vl":
    case "qwen2_5_vl":
      return "model.language_model.";
    default:
      return config satisfies never;
  }
}
