/**
 * A recipe's files in a folder, with the plan of the run: global batch, steps, and rows that are too long for it.
 */
import { chmodSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { writeAtomically } from "../../core/files/index.ts";
import { readConversations } from "../conversation-file.ts";
import { detectFormat } from "../detect-format.ts";
import type { RecipeSettings } from "./generated-file.ts";
import { llamaFactoryFiles } from "./llama-factory.ts";
import { longvaFiles } from "./longva.ts";
import { type Batch, batchOf, type RecipeName, stepsOf, TRAINING_RECIPES, type TrainingRecipe } from "./recipe.ts";
import { swiftFiles } from "./swift.ts";

export type RecipeOptions = Readonly<{
  /** Training file; it is read to count rows and to find long ones. Without it its place is named after the format. */
  data?: string;
  mediaFolder?: string;
  model?: string;
  gpus?: number;
  onOffset?: (offset: number) => void;
}>;

export type RecipePlan = Readonly<{
  recipe: RecipeName;
  trainer: string;
  batch: Batch;
  files: readonly string[];
  /** Of the training file; null where none is given. */
  rows: number | null;
  steps: number | null;
  maxLength: number;
  /** Rows of more characters than maxLength tokens usually have; null where no file is given. */
  longRows: number | null;
}>;

/** Characters of English captions a token: T3's longest row has 76,500 characters and about 17,000 tokens. */
const CHARACTERS_A_TOKEN = 4.5;

/** Write the files. Throws where the GPUs do not divide the batch or the training file has another layout than the trainer reads. */
export async function writeRecipe(name: RecipeName, folder: string, options: RecipeOptions = {}): Promise<RecipePlan> {
  const recipe = TRAINING_RECIPES[name];
  const batch = batchOf(recipe, options.gpus ?? recipe.gpus);
  const { data, model = recipe.model, mediaFolder = "." } = options;
  const found = data === undefined ? undefined : await countRows(data, recipe, options);
  const settings: RecipeSettings = {
    recipe,
    batch,
    model,
    mediaFolder,
    data:
      data === undefined ? `t3.${recipe.format === "swift" ? "jsonl" : "json"}` : placeOf(data, folder, recipe.format),
    output: `checkpoints/${name}-t3`,
  };
  const files = { longva: longvaFiles, "qwen2-vl-7b": llamaFactoryFiles, "qwen2-vl-72b": swiftFiles }[name](settings);
  const plan: RecipePlan = {
    recipe: name,
    trainer: recipe.trainer,
    batch,
    files: [...files.map((file) => file.name), "plan.json"],
    rows: found?.rows ?? null,
    steps: recipe.maxSteps ?? (found ? stepsOf(recipe, found.rows) : null),
    maxLength: recipe.maxLength,
    longRows: found?.longRows ?? null,
  };
  for (const file of files) {
    writeAtomically(join(folder, file.name), [file.text]);
    if (file.isScript) chmodSync(join(folder, file.name), 0o755);
  }
  writeAtomically(join(folder, "plan.json"), [`${JSON.stringify({ ...plan, settings: recipe }, null, 2)}\n`]);
  return plan;
}

/** LLaMA-Factory looks from its registry's folder; the scripts run elsewhere and need the whole path. */
function placeOf(data: string, folder: string, format: string): string {
  return format === "llama-factory" ? relative(resolve(folder), resolve(data)) : resolve(data);
}

/** Rows of the file, and those that are probably longer than the trainer takes. */
async function countRows(
  data: string,
  { format: wanted, maxLength }: TrainingRecipe,
  { onOffset }: RecipeOptions,
): Promise<{ rows: number; longRows: number }> {
  const format = await detectFormat(data);
  // Rows of text alone look the same in llava and sharegpt.
  if (format !== wanted && !(wanted === "llava" && format === "sharegpt")) {
    throw new RangeError(
      `Expected ${data} in the layout ${wanted}, got ${format}. Run "zoetrope convert ${data} --to ${wanted} -o OUT" first.`,
    );
  }
  let [rows, longRows] = [0, 0];
  for await (const { turns } of readConversations(data, format, onOffset ? { onOffset } : {})) {
    rows++;
    if (turns.reduce((sum, { value }) => sum + value.length, 0) > maxLength * CHARACTERS_A_TOKEN) longRows++;
  }
  return { rows, longRows };
}
