/**
 * `zoetrope data recipe`: the training configurations of T3's models, for the trainers that they were trained with.
 */
import { join } from "node:path";
import type { Command } from "commander";
import { RECIPE_NAMES, type RecipePlan, writeRecipe } from "../data/index.ts";
import { type CommandContext, printJson, printText } from "./context.ts";
import { oneOf, wholeNumber } from "./flags.ts";
import { readingProgress } from "./reading-progress.ts";

const examples = `
Examples:
  $ zoetrope data recipe longva -o train/longva --data mix.json --media images/
  $ zoetrope data recipe qwen2-vl-7b -o train/7b --data t3.json --gpus 4
  $ zoetrope data recipe qwen2-vl-72b -o train/72b --data mix.jsonl --model /models/Qwen2-VL-72B-Instruct --json

longva: LongVA's trainer, a bash script and DeepSpeed ZeRO-3; reads llava rows.
qwen2-vl-7b: LLaMA-Factory, a YAML file with its registry and ZeRO-2; reads llama-factory rows.
qwen2-vl-72b: ms-swift, LoRA, a script for version 2 and one for version 4; reads swift rows.
The global batch stays what it was on any number of GPUs that divides it. What the released configurations leave out or
get wrong is put right and said in the comments of the files. Training itself is the trainers' business.
`;

type RecipeFlags = Readonly<{
  output: string;
  data?: string;
  media?: string;
  model?: string;
  gpus?: string;
  json?: boolean;
}>;

export function registerDataRecipe(data: Command, context: CommandContext): void {
  data
    .command("recipe")
    .description("training configurations of LongVA, LLaMA-Factory and ms-swift")
    .argument("<recipe>", RECIPE_NAMES.join(", "))
    .requiredOption("-o, --output <folder>", "where to write them")
    .option("--data <file>", "the training file; it is read to count rows and to find long ones")
    .option("--media <folder>", "where its images and videos lie")
    .option("--model <name>", "hub name or folder of the base model (default: the recipe's)")
    .option("--gpus <n>", "GPUs over all nodes (default: the recipe's)")
    .option("--json", "print one JSON object on stdout")
    .addHelpText("after", examples)
    .action((recipe: string, flags: RecipeFlags) => runRecipe(recipe, flags, context));
}

async function runRecipe(name: string, flags: RecipeFlags, context: CommandContext): Promise<void> {
  const { output, data, media, model, json = false } = flags;
  const recipe = oneOf("the recipe", RECIPE_NAMES, name);
  const gpus = flags.gpus === undefined ? undefined : wholeNumber("--gpus", flags.gpus);
  const signal = context.interruptible("Stopping; nothing is written.");
  const reading = data === undefined ? undefined : readingProgress(context, "read", { path: data, signal });
  const plan = await writeRecipe(recipe, output, {
    ...(data !== undefined && { data }),
    ...(media !== undefined && { mediaFolder: media }),
    ...(model !== undefined && { model }),
    ...(gpus !== undefined && { gpus }),
    ...(reading && { onOffset: reading.onOffset }),
  });
  reading?.finish();
  if (json) {
    const { batch, rows, steps, longRows, maxLength } = plan;
    const { global, accumulation, perDevice } = batch;
    const summary = {
      globalBatch: global,
      gpus: batch.gpus,
      perDevice,
      accumulation,
      rows,
      steps,
      longRows,
      maxLength,
    };
    printJson({ command: "data recipe", recipe, trainer: plan.trainer, folder: output, files: plan.files, summary });
    return;
  }
  printText(asText(plan, output));
}

function asText({ trainer, batch, files, rows, steps, maxLength, longRows }: RecipePlan, folder: string): string {
  const { global, gpus, perDevice, accumulation } = batch;
  const length = `longer than its ${maxLength} tokens (judged by 4.5 characters a token)`;
  return [
    `${trainer}: ${files.map((file) => join(folder, file)).join(", ")}`,
    `global batch ${global} = ${gpus} GPUs x ${perDevice} row${perDevice === 1 ? "" : "s"} x ${accumulation} accumulation steps`,
    ...(rows === null
      ? ["no --data given: rows and steps are not known"]
      : [
          `${rows} rows, ${steps} step${steps === 1 ? "" : "s"}${steps === 0 ? ": fewer rows than one batch, nothing would be trained" : ""}`,
        ]),
    ...(longRows ? [`${longRows} rows are probably ${length}: they will be cut or dropped`] : []),
  ].join("\n");
}
