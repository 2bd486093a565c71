/**
 * What a checkpoint folder is, from its configuration and the headers of its weights; no weight is read.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { adapterFile, adapterParameterName, weightFaults } from "../checkpoint/index.ts";
import { openCheckpoint } from "./open-checkpoint.ts";

export type CheckpointDescription = Readonly<{
  /** model_type of config.json, or "lora" for a PEFT adapter. */
  model: string;
  /** Numbers in the weight files. */
  parameters: number;
  tensors: number;
  /** Types of the stored numbers, F32 or BF16 say. */
  dtypes: readonly string[];
  tokenizer: boolean;
  /** Can `models verify` compare it with golden tensors? */
  golden: boolean;
  /** A clause for each tensor that is missing or misshapen. */
  faults: readonly string[];
  /** Tensors that the model does not use. */
  unused: readonly string[];
}>;

/** Look at a checkpoint or adapter folder. Throws when it is neither or its files are damaged. */
export function describeCheckpoint(folder: string): CheckpointDescription {
  const has = (name: string) => existsSync(join(folder, name));
  const extras = { tokenizer: has("tokenizer.json"), golden: has("golden.safetensors") };
  if (has("adapter_config.json")) {
    const { tensors } = adapterFile(folder);
    const lone = [...tensors.keys()].map(adapterParameterName).filter((name) => !/\.lora_[AB]\.weight$/.test(name));
    return { model: "lora", ...count([...tensors.values()]), ...extras, faults: [], unused: lone };
  }
  const { config, sources, shapes: expected } = openCheckpoint(folder);
  const stored = [...sources.values()].map(({ file, name, shape }) => ({
    shape,
    dtype: file.tensors.get(name)?.dtype ?? "",
  }));
  return {
    model: config.model_type,
    ...count(stored),
    ...extras,
    faults: weightFaults(sources, expected),
    unused: [...sources.keys()].filter((name) => !expected.has(name)),
  };
}

function count(stored: readonly Readonly<{ shape: readonly number[]; dtype: string }>[]) {
  const sizes = stored.map(({ shape }) => shape.reduce((a, b) => a * b, 1));
  return {
    parameters: sizes.reduce((a, b) => a + b, 0),
    tensors: stored.length,
    dtypes: [...new Set(stored.map(({ dtype }) => dtype))],
  };
}
