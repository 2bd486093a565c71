/**
 * Qwen2-VL-7B with T3: full fine-tuning by LLaMA-Factory, a YAML file, the registry of its data set and a DeepSpeed configuration.
 */
import { datasetStanza } from "../dataset-info.ts";
import {
  batchGuard,
  comments,
  deepSpeedConfig,
  type GeneratedFile,
  plainNumber,
  type RecipeSettings,
} from "./generated-file.ts";

const NOTES = [
  "Qwen2-VL-7B + T3, made by zoetrope data recipe qwen2-vl-7b. Start it with run.sh.",
  "",
  "No max_samples: the released file has 75,000, which cuts the *mixed* data set, and with it T3's own rows, to that many.",
  "cutoff_len is the released 8192: T3 rows of 4x and 8x full captions are longer, and what is cut off is the question. Pad less or raise it.",
  "The number of GPUs is not published; 8 make the global batch of 64 that T3's other models have.",
  "Rows must have as many <image> and <video> as files, or loading stops: zoetrope data validate tells which do not.",
  "Videos are read at video_fps 2.0 up to video_maxlen 128 frames by default, which is 64 seconds.",
] as const;

/** The name of the data set in the registry and in the YAML. */
const DATASET = "t3";

export function llamaFactoryFiles(settings: RecipeSettings): GeneratedFile[] {
  const { recipe, batch, data, mediaFolder, model, output } = settings;
  const yaml: readonly (readonly [string, string])[] = [
    ["model_name_or_path", yamlText(model)],
    ["stage", "sft"],
    ["do_train", "true"],
    ["finetuning_type", recipe.tuned],
    ["freeze_vision_tower", String(recipe.freezeVision)],
    ["deepspeed", "zero2.json"],
    ["dataset", DATASET],
    ["dataset_dir", "."],
    ["media_dir", yamlText(mediaFolder)],
    ["template", "qwen2_vl"],
    ["cutoff_len", String(recipe.maxLength)],
    ["overwrite_cache", "true"],
    ["preprocessing_num_workers", "16"],
    ["output_dir", yamlText(output)],
    ["logging_steps", "10"],
    ["save_steps", String(recipe.saveSteps)],
    ["plot_loss", "true"],
    ["per_device_train_batch_size", String(batch.perDevice)],
    ["gradient_accumulation_steps", String(batch.accumulation)],
    ["learning_rate", plainNumber(recipe.learningRate)],
    ["num_train_epochs", plainNumber(recipe.epochs ?? 1)],
    ["lr_scheduler_type", "cosine"],
    ["warmup_ratio", plainNumber(recipe.warmupRatio)],
    ["weight_decay", plainNumber(recipe.weightDecay)],
    ["bf16", "true"],
    ["ddp_timeout", "180000000"],
    ["report_to", "none"],
  ];
  const lines = yaml.map(([key, value]) => `${key}: ${value}\n`).join("");
  const run = `#!/usr/bin/env bash
# The file names in train.yaml are relative to this folder.
set -euo pipefail
cd "$(dirname "$0")"
${batchGuard(batch)}
# What stands behind the YAML file replaces its values: the accumulation follows the GPUs.
FORCE_TORCHRUN=1 NPROC_PER_NODE="$GPUS" llamafactory-cli train train.yaml gradient_accumulation_steps="$ACCUMULATION"
`;
  const registry = { [DATASET]: datasetStanza(data) };
  return [
    { name: "train.yaml", text: comments(NOTES) + lines },
    { name: "run.sh", text: run, isScript: true },
    { name: "dataset_info.json", text: `${JSON.stringify(registry, null, 2)}\n` },
    deepSpeedConfig(recipe.zeroStage),
  ];
}

/** A YAML scalar: plain where it is safe, else in double quotes as JSON has them. */
function yamlText(text: string): string {
  return /^[A-Za-z./~][\w./~-]*$/.test(text) ? text : JSON.stringify(text);
}
