/**
 * LongVA-7B with T3: full fine-tuning by LongVA's own trainer, a bash script and a DeepSpeed configuration.
 */
import {
  batchGuard,
  comments,
  deepSpeedConfig,
  type GeneratedFile,
  type RecipeSettings,
  shellFlags,
  shellWord,
} from "./generated-file.ts";

const NOTES = [
  "LongVA-7B + T3, made by zoetrope data recipe longva. Run inside the LongVA repository, in its environment.",
  "",
  "--image_grid_pinpoints is here although the released script leaves it out: LongVA's own fine-tuning sets it, and image rows need it",
  "  wherever the checkpoint's config.json does not say the same.",
  "Text rows send no gradient to vision tower and projector, and weight decay is 0: on pure T3 only the language model changes.",
  "LongVA masks the user's words, but not <|im_start|> and the closing <|im_end|> of any turn: these tokens are trained on.",
  "--dataloader_drop_last drops the rows that fill no whole batch.",
  "The released script names a SLURM partition and absolute paths; this one needs neither. Several nodes: NNODES, NODE_RANK, MASTER_ADDR.",
] as const;

/** The script and its DeepSpeed file. */
export function longvaFiles(settings: RecipeSettings): GeneratedFile[] {
  const { recipe, batch, data, mediaFolder, model, output } = settings;
  const flags = shellFlags([
    ["--deepspeed", '"$HERE/zero3.json"'],
    ["--model_name_or_path", shellWord(model)],
    ["--version", "qwen_1_5"],
    ["--data_path", shellWord(data)],
    ["--image_folder", shellWord(mediaFolder)],
    ["--mm_tunable_parts", "mm_vision_tower,mm_mlp_adapter,mm_language_model"],
    ["--mm_vision_tower_lr", recipe.visionLearningRate ?? recipe.learningRate],
    ["--vision_tower", "openai/clip-vit-large-patch14-336"],
    ["--mm_projector_type", "mlp2x_gelu"],
    ["--mm_vision_select_layer", -2],
    ["--mm_use_im_start_end", "False"],
    ["--mm_use_im_patch_token", "False"],
    ["--group_by_modality_length", "True"],
    ["--image_aspect_ratio", "anyres"],
    ["--image_grid_pinpoints", `"${gridPinpoints()}"`],
    ["--mm_patch_merge_type", "unires"],
    ["--bf16", "True"],
    ["--tf32", "True"],
    ["--output_dir", shellWord(output)],
    ["--num_train_epochs", recipe.epochs ?? 1],
    ["--per_device_train_batch_size", '"$PER_DEVICE"'],
    ["--gradient_accumulation_steps", '"$ACCUMULATION"'],
    ["--evaluation_strategy", "no"],
    ["--save_strategy", "steps"],
    ["--save_steps", recipe.saveSteps],
    ["--save_total_limit", 1],
    ["--learning_rate", recipe.learningRate],
    ["--weight_decay", recipe.weightDecay],
    ["--warmup_ratio", recipe.warmupRatio],
    ["--lr_scheduler_type", "cosine"],
    ["--logging_steps", 1],
    ["--model_max_length", recipe.maxLength],
    ["--gradient_checkpointing", "True"],
    ["--dataloader_num_workers", 16],
    ["--lazy_preprocess", "True"],
    ["--torch_compile", "True"],
    ["--torch_compile_backend", "inductor"],
    ["--dataloader_drop_last", "True"],
    ["--attn_implementation", "sdpa"],
    ["--report_to", '"$REPORT_TO"'],
  ]);
  const text = `#!/usr/bin/env bash
${comments(NOTES)}set -euo pipefail
HERE="$(cd "$(dirname "$0")" && pwd)"
NNODES="\${NNODES:-1}"
REPORT_TO="\${REPORT_TO:-none}"
# GPUS counts those of all nodes.
${batchGuard(batch)}
torchrun --nnodes "$NNODES" --nproc_per_node "$((GPUS / NNODES))" --node_rank "\${NODE_RANK:-0}" \\
  --master_addr "\${MASTER_ADDR:-127.0.0.1}" --master_port "\${MASTER_PORT:-32456}" \\
  longva/train/train_mem.py \\
${flags}
`;
  return [{ name: "train.sh", text, isScript: true }, deepSpeedConfig(recipe.zeroStage)];
}

/** Every grid of at most 49 tiles of 336 pixels but the single tile, as LongVA's fine-tuning lists them. */
export function gridPinpoints(): string {
  const [tile, most] = [336, 49];
  const sides = Array.from({ length: most }, (_, i) => i + 1);
  const grids = sides.flatMap((a) =>
    sides.filter((b) => a * b <= most && a * b > 1).map((b) => `(${a * tile}, ${b * tile})`),
  );
  return `[${grids.join(", ")}]`;
}
