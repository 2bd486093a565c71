/** Files that a recipe generates, and how their parts are written. */
import type { Batch, TrainingRecipe } from "./recipe.ts";

/** A file by its name in the output folder. */
export type GeneratedFile = Readonly<{ name: string; text: string; isScript?: boolean }>;

/** What a generator knows beside the recipe. */
export type RecipeSettings = Readonly<{
  recipe: TrainingRecipe;
  batch: Batch;
  /** Training file, as the trainer will find it; its media folder. */
  data: string;
  mediaFolder: string;
  /** Hub name or folder of the base model. */
  model: string;
  output: string;
}>;

/** A word of a shell command, quoted where it needs to be. */
export function shellWord(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Flags one a line, behind a command. */
export function shellFlags(flags: readonly (readonly [string, string | number])[]): string {
  return flags
    .map(([flag, value]) => `  ${flag} ${typeof value === "number" ? plainNumber(value) : value}`)
    .join(" \\\n");
}

/** Comment lines from sentences. */
export function comments(sentences: readonly string[]): string {
  return sentences.map((sentence) => `${`# ${sentence}`.trimEnd()}\n`).join("");
}

/** 1e-5 and 0.00001 alike as "1.0e-5": YAML 1.1 reads 1e-5 without a point as a string. */
export function plainNumber(value: number): string {
  if (value === 0 || Math.abs(value) >= 1e-3) return String(value);
  const [mantissa, exponent] = value.toExponential().split("e") as [string, string];
  return `${mantissa.includes(".") ? mantissa : `${mantissa}.0`}e${exponent}`;
}

/** Lines of bash that stop the run where GPUs and accumulation do not make the global batch. */
export function batchGuard({ global, perDevice, gpus }: Batch): string {
  return `GPUS="\${GPUS:-${gpus}}"
PER_DEVICE=${perDevice}
ACCUMULATION=$((${global} / (GPUS * PER_DEVICE)))
if [ $((GPUS * PER_DEVICE * ACCUMULATION)) -ne ${global} ]; then
  echo "Expected GPUs that divide the global batch of ${global}, got $GPUS." >&2
  exit 1
fi
echo "global batch ${global} = $GPUS GPUs x $PER_DEVICE rows x $ACCUMULATION accumulation steps"
`;
}

/** DeepSpeed without offload; sizes are taken from the trainer. */
export function deepSpeedConfig(stage: 2 | 3): GeneratedFile {
  const common = { stage, overlap_comm: true, contiguous_gradients: true, reduce_bucket_size: "auto" };
  const third = {
    sub_group_size: 1e9,
    stage3_prefetch_bucket_size: "auto",
    stage3_param_persistence_threshold: "auto",
    stage3_max_live_parameters: 1e9,
    stage3_max_reuse_distance: 1e9,
    stage3_gather_16bit_weights_on_model_save: true,
  };
  const config = {
    bf16: { enabled: "auto" },
    zero_optimization: stage === 3 ? { ...common, ...third } : common,
    gradient_accumulation_steps: "auto",
    gradient_clipping: "auto",
    train_batch_size: "auto",
    train_micro_batch_size_per_gpu: "auto",
  };
  return { name: `zero${stage}.json`, text: `${JSON.stringify(config, null, 2)}\n` };
}
