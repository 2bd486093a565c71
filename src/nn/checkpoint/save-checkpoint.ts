/**
 * Checkpoints in the Hugging Face layout, so that transformers loads what we train.
 *
 * The weights go last: a folder with model.safetensors is complete.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { writeAtomically } from "../../core/files/index.ts";
import type { TensorData } from "./dtype.ts";
import { type FloatType, writeSafetensors } from "./safetensors.ts";

export type CheckpointContent = Readonly<{
  /** The content of config.json, upstream field names. */
  config: Readonly<Record<string, unknown>>;
  /** File name -> content: tokenizer.json, tokenizer_config.json, chat_template.jinja, preprocessor_config.json. */
  files?: ReadonlyMap<string, string>;
  weights: ReadonlyMap<string, TensorData>;
  metadata?: Readonly<Record<string, string>>;
  /** How floats are stored; default F32. */
  floats?: FloatType;
}>;

/** Write config.json, generation_config.json, the tokenizer's files and model.safetensors; each appears whole. */
export function saveCheckpoint(folder: string, content: CheckpointContent): void {
  mkdirSync(folder, { recursive: true });
  const writeJson = (name: string, value: unknown) =>
    writeAtomically(join(folder, name), [`${JSON.stringify(value, null, 2)}\n`]);
  for (const [name, text] of content.files ?? []) writeAtomically(join(folder, name), [text]);
  writeJson("config.json", content.config);
  writeJson("generation_config.json", generationConfig(content.config));
  writeSafetensors(
    join(folder, "model.safetensors"),
    content.weights,
    { format: "pt", ...content.metadata },
    content.floats,
  );
}

function generationConfig(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const text = (typeof config.text_config === "object" ? config.text_config : null) as Record<string, unknown> | null;
  const keys = ["bos_token_id", "eos_token_id", "pad_token_id"];
  const ids = keys.map((key) => [key, config[key] ?? text?.[key]]).filter(([, id]) => id !== undefined && id !== null);
  return { _from_model_config: true, ...Object.fromEntries(ids) };
}
