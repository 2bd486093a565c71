/**
 * How T3's models were trained, as typed values: one recipe a model, from which the files of three trainers are made.
 *
 * Figures are those of the released scripts (video-t3 at c632e4b, t3_sft/). What those scripts leave open or get wrong is settled
 * here and said in the comments of the generated files.
 */
export const RECIPE_NAMES = ["longva", "qwen2-vl-7b", "qwen2-vl-72b"] as const;
export type RecipeName = (typeof RECIPE_NAMES)[number];

export type TrainingRecipe = Readonly<{
  name: RecipeName;
  trainer: "LongVA" | "LLaMA-Factory" | "ms-swift";
  /** Layout that its trainer reads (data/conversation.ts). */
  format: "llava" | "llama-factory" | "swift";
  /** Name on the Hugging Face hub. */
  model: string;
  tuned: "full" | "lora";
  freezeVision: boolean;
  /** Rows an update over all GPUs, rows a GPU at a time, and the GPUs of the released run. */
  globalBatch: number;
  perDevice: number;
  gpus: number;
  learningRate: number;
  /** Where the vision tower has a rate of its own. */
  visionLearningRate?: number;
  weightDecay: number;
  warmupRatio: number;
  /** One of the two ends training. */
  epochs?: number;
  maxSteps?: number;
  /** Longest row in tokens. */
  maxLength: number;
  zeroStage: 2 | 3;
  saveSteps: number;
}>;

export const TRAINING_RECIPES: Readonly<Record<RecipeName, TrainingRecipe>> = {
  longva: {
    name: "longva",
    trainer: "LongVA",
    format: "llava",
    model: "lmms-lab/LongVA-7B",
    tuned: "full",
    freezeVision: false,
    globalBatch: 64,
    perDevice: 1,
    gpus: 8,
    learningRate: 1e-5,
    visionLearningRate: 2e-6,
    weightDecay: 0,
    warmupRatio: 0.03,
    epochs: 1,
    maxLength: 32_768,
    zeroStage: 3,
    saveSteps: 3000,
  },
  "qwen2-vl-7b": {
    name: "qwen2-vl-7b",
    trainer: "LLaMA-Factory",
    format: "llama-factory",
    model: "Qwen/Qwen2-VL-7B-Instruct",
    tuned: "full",
    freezeVision: true,
    globalBatch: 64,
    perDevice: 1,
    gpus: 8,
    learningRate: 1e-5,
    weightDecay: 0.05,
    warmupRatio: 0.03,
    epochs: 1,
    maxLength: 8192,
    zeroStage: 2,
    saveSteps: 200,
  },
  "qwen2-vl-72b": {
    name: "qwen2-vl-72b",
    trainer: "ms-swift",
    format: "swift",
    model: "Qwen/Qwen2-VL-72B-Instruct",
    tuned: "lora",
    freezeVision: true,
    globalBatch: 64,
    perDevice: 1,
    gpus: 8,
    learningRate: 1e-5,
    weightDecay: 0.03,
    warmupRatio: 0.03,
    maxSteps: 1000,
    maxLength: 5120,
    zeroStage: 3,
    saveSteps: 100,
  },
};

/** The factors of the global batch on this many GPUs. */
export type Batch = Readonly<{ global: number; gpus: number; perDevice: number; accumulation: number }>;

/** Hold the recipe's global batch on other GPUs. Throws RangeError where it does not divide. */
export function batchOf({ globalBatch, perDevice, name }: TrainingRecipe, gpus: number): Batch {
  const accumulation = globalBatch / (gpus * perDevice);
  if (Number.isInteger(accumulation) && accumulation >= 1)
    return { global: globalBatch, gpus, perDevice, accumulation };
  const fitting = Array.from({ length: globalBatch / perDevice }, (_, i) => i + 1).filter(
    (count) => (globalBatch / perDevice) % count === 0,
  );
  throw new RangeError(
    `Expected ${name} to keep its global batch of ${globalBatch} on ${fitting.join(", ")} GPUs, got ${gpus}. Another batch is another recipe.`,
  );
}

/** Updates of a run over so many rows: maxSteps, or whole batches an epoch (the last, smaller one is dropped). */
export function stepsOf({ maxSteps, epochs = 1, globalBatch }: TrainingRecipe, rows: number): number {
  return maxSteps ?? epochs * Math.floor(rows / globalBatch);
}
