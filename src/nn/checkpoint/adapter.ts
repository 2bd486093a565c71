/**
 * LoRA adapters in the layout of PEFT: adapter_config.json and adapter_model.safetensors (or, before PEFT 0.6, .bin).
 *
 * In the file a weight is named base_model.model.<module>.lora_A.weight; here it is <module>.lora_A.weight, beside the
 * module's own <module>.weight. What LoRA computes is left to nn/models.
 */
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { writeAtomically } from "../../core/files/index.ts";
import type { TensorData } from "./dtype.ts";
import { readWeightFile } from "./load-weights.ts";
import { readJson } from "./read-json.ts";
import { writeSafetensors } from "./safetensors.ts";
import type { WeightFile } from "./weight-file.ts";

const adapterConfigSchema = z.looseObject({
  peft_type: z.literal("LORA"),
  r: z.int().positive(),
  lora_alpha: z.number().positive(),
  /** Names of modules, matched as suffixes; or one regular expression for the whole path. */
  target_modules: z.union([z.array(z.string()).nonempty(), z.string()]),
  base_model_name_or_path: z.string().nullish(),
  use_rslora: z.boolean().default(false),
  use_dora: z.literal(false).default(false),
  bias: z.literal("none").default("none"),
  fan_in_fan_out: z.literal(false).default(false),
  /** Modules that were trained whole; their weights stand in the file beside the pairs. */
  modules_to_save: z.array(z.string()).nullish(),
  rank_pattern: z.record(z.string(), z.never()).default({}),
  alpha_pattern: z.record(z.string(), z.never()).default({}),
});

/** What PEFT's file must say at least; other fields are kept as they are. */
export type AdapterConfig = Readonly<z.input<typeof adapterConfigSchema>>;
export type Adapter = Readonly<{ config: AdapterConfig; weights: ReadonlyMap<string, TensorData> }>;

const prefix = "base_model.model.";

/** Read a PEFT folder. Throws when the adapter uses a feature beyond LoRA and modules_to_save (DoRA, biases, per-module ranks). */
export function readAdapter(folder: string): Adapter {
  const path = join(folder, "adapter_config.json");
  const config = adapterConfigSchema.safeParse(readJson(path, z.looseObject({})));
  if (!config.success) {
    throw new Error(
      `Expected a plain LoRA adapter in ${path}: ${z.prettifyError(config.error)}. Merge it with PEFT first.`,
    );
  }
  const file = adapterFile(folder);
  return {
    config: config.data,
    weights: new Map([...file.tensors.keys()].map((name) => [adapterParameterName(name), file.read(name)])),
  };
}

/** The file of an adapter folder's weights. */
export function adapterFile(folder: string): WeightFile {
  const older = join(folder, "adapter_model.bin");
  return readWeightFile(existsSync(older) ? older : join(folder, "adapter_model.safetensors"));
}

/** Write a PEFT folder that `PeftModel.from_pretrained` loads. Names in `weights` are ours, without the prefix. */
export function writeAdapter(folder: string, adapter: Adapter): void {
  mkdirSync(folder, { recursive: true });
  const config = {
    task_type: "CAUSAL_LM",
    inference_mode: true,
    lora_dropout: 0,
    init_lora_weights: true,
    ...adapter.config,
  };
  writeAtomically(join(folder, "adapter_config.json"), [`${JSON.stringify(config, null, 2)}\n`]);
  const weights = new Map([...adapter.weights].map(([name, tensor]) => [prefix + name, tensor]));
  writeSafetensors(join(folder, "adapter_model.safetensors"), weights);
}

/** PEFT's name of an adapter weight -> ours; the adapter's own name ("default") is dropped as PEFT does in files. */
export function adapterParameterName(name: string): string {
  const bare = name.startsWith(prefix) ? name.slice(prefix.length) : name;
  return bare.replace(/\.lora_([AB])\.[^.]+\.weight$/, ".lora_$1.weight").replace(/\.modules_to_save\.[^.]+\./, ".");
}

/** Is it half of a low-rank pair, and not the weight of a module that was trained whole? */
export function isLoraName(name: string): boolean {
  return /\.lora_[AB]\.weight$/.test(name);
}
