/**
 * `zoetrope train`: run a recipe of recipes/, or one of its stages; fine-tuning of any checkpoint is in train-sft.ts.
 */
import type { Command } from "commander";
import { type Recipe, recipes } from "../../recipes/index.ts";
import { devices } from "../nn/runtime/index.ts";
import { type CommandContext, printText } from "./context.ts";
import { oneOf, positiveNumber, seedNumber } from "./flags.ts";
import { deviceHelp } from "./model-flags.ts";
import { printResult } from "./print-result.ts";
import { registerTrainSft } from "./train-sft.ts";

const examples = (known: readonly Recipe[]) => `
Recipes:
${known.map(({ name, summary, stages }) => `  ${name.padEnd(12)}${summary}\n${" ".repeat(14)}stages: ${stages.join(", ")}`).join("\n")}

Examples:
  $ zoetrope train                           the list of recipes
  $ zoetrope train micro --out runs/mine     every stage, one after the other
  $ zoetrope train micro --out runs/mine --resume
  $ zoetrope train micro --stage align --steps-scale 0.01
  $ zoetrope train sft --help                fine-tune any checkpoint on rows of your own

Ctrl-C stops after the step in progress and leaves a checkpoint; --resume goes on from it.
`;

type TrainFlags = Readonly<{
  stage?: string;
  resume?: boolean;
  out?: string;
  seed: string;
  stepsScale: string;
  device?: string;
  json?: boolean;
}>;

export function registerTrain(command: Command, context: CommandContext): void {
  registerTrainSft(command, context);
  command
    .argument("[recipe]", "its name; without one, the list")
    .option("--stage <name>", "this stage only")
    .option("--resume", "go on from what the output folder holds")
    .option("-o, --out <folder>", "where everything is written (default: runs/RECIPE)")
    .option("--seed <n>", "seed of every random draw", "0")
    .option("--steps-scale <x>", "steps of every stage times this", "1")
    .option("--device <name>", deviceHelp)
    .option("--json", "print one JSON object on stdout")
    .addHelpText("after", () => examples(recipes))
    .action((name: string | undefined, flags: TrainFlags) => runTrain(name, flags, context));
}

async function runTrain(name: string | undefined, flags: TrainFlags, context: CommandContext): Promise<void> {
  if (name === undefined) {
    printText(recipes.map((each) => `${each.name}: ${each.summary}`).join("\n"));
    return;
  }
  const recipe = recipeNamed(name);
  const { stage, resume = false, out, json = false } = flags;
  if (stage !== undefined && !recipe.stages.includes(stage)) {
    throw new RangeError(`Expected --stage to be one of ${recipe.stages.join(", ")} of ${name}, got "${stage}".`);
  }
  const options = {
    resume,
    seed: seedNumber("--seed", flags.seed),
    stepsScale: positiveNumber("--steps-scale", flags.stepsScale),
    ...(flags.device !== undefined && { device: oneOf("--device", devices, flags.device) }),
    ...(stage !== undefined && { stage }),
    ...(out !== undefined && { folder: out }),
  };
  const note =
    "Stopping after this step; run the same command again with --resume to go on. (Ctrl-C again to stop now.)";
  const result = await recipe.run(options, { progress: context.progress(), signal: context.interruptible(note) });
  printResult(`train ${name}`, result, { json });
}

function recipeNamed(name: string): Recipe {
  const recipe = recipes.find((each) => each.name === name);
  if (recipe) return recipe;
  throw new RangeError(`Expected a recipe (${recipes.map((each) => each.name).join(", ")}), got "${name}".`);
}
