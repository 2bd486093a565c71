/**
 * Qwen2-VL-72B with T3: LoRA by ms-swift, one command for version 2 (which T3 used) and one for version 4 (whose flags differ).
 */
import {
  batchGuard,
  comments,
  type GeneratedFile,
  type RecipeSettings,
  shellFlags,
  shellWord,
} from "./generated-file.ts";

const NOTES = [
  "Qwen2-VL-72B + T3, made by zoetrope data recipe qwen2-vl-72b.",
  "",
  "The released script names a file that ends in .videoOnly.jsonl: that is the ablation without T3. Pass the mixture instead.",
  "ms-swift deletes rows longer than max_length (5120 tokens) without a word: T3 rows of 4x and 8x full captions are among them.",
  "Rows whose history repeats the last turn (the reference converter wrote such) train on it twice: zoetrope data validate finds them.",
  "1000 steps of 64 rows see 64,000 rows; a larger file is not seen whole.",
  "NFRAMES, SIZE_FACTOR and MAX_PIXELS (512 * 28 * 28) are read from the environment, by the Qwen2-VL template only.",
] as const;

const ENVIRONMENT = "export NFRAMES=8 SIZE_FACTOR=8 MAX_PIXELS=401408\n";

export function swiftFiles(settings: RecipeSettings): GeneratedFile[] {
  const { recipe, data, model, output } = settings;
  const second = shellFlags([
    ["--model_type", "qwen2-vl-72b-instruct"],
    ["--model_id_or_path", shellWord(model)],
    ["--sft_type", recipe.tuned],
    ["--freeze_vit", String(recipe.freezeVision)],
    ...shared(settings),
    ["--batch_size", '"$PER_DEVICE"'],
    ["--dtype", "bf16"],
    ["--deepspeed", `default-zero${recipe.zeroStage}`],
    ["--dataset", shellWord(data)],
    ["--output_dir", shellWord(output)],
  ]);
  const fourth = shellFlags([
    ["--model", shellWord(model)],
    ["--tuner_type", recipe.tuned],
    ["--freeze_vit", String(recipe.freezeVision)],
    ...shared(settings),
    ["--per_device_train_batch_size", '"$PER_DEVICE"'],
    ["--torch_dtype", "bfloat16"],
    ["--deepspeed", `zero${recipe.zeroStage}`],
    // Version 4 drops rows that it cannot read unless told to stop at them.
    ["--strict", "true"],
    ["--dataset", shellWord(data)],
    ["--output_dir", shellWord(output)],
  ]);
  return [
    script("train-swift2.sh", "ms-swift 2.x", second, settings),
    script("train-swift4.sh", "ms-swift 4.x", fourth, settings),
  ];
}

function shared({ recipe }: RecipeSettings): (readonly [string, string | number])[] {
  return [
    ["--learning_rate", recipe.learningRate],
    ["--weight_decay", recipe.weightDecay],
    ["--warmup_ratio", recipe.warmupRatio],
    ["--max_steps", recipe.maxSteps ?? -1],
    ["--save_steps", recipe.saveSteps],
    ["--max_length", recipe.maxLength],
    ["--gradient_accumulation_steps", '"$ACCUMULATION"'],
    ["--gradient_checkpointing", "true"],
    ["--dataloader_num_workers", 2],
  ];
}

function script(name: string, version: string, flags: string, { batch }: RecipeSettings): GeneratedFile {
  const text = `#!/usr/bin/env bash\n${comments([...NOTES, `Flags of ${version}.`])}set -euo pipefail\n${batchGuard(batch)}${ENVIRONMENT}export NPROC_PER_NODE="$GPUS"\n\nswift sft \\\n${flags}\n`;
  return { name, text, isScript: true };
}
