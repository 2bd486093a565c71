/**
 * `zoetrope reproduce t3`: the paper in miniature, from data to report.
 */
import type { Command } from "commander";
import { reproduceT3 } from "../../recipes/index.ts";
import type { CommandContext } from "./context.ts";
import { seedNumber, wholeNumber } from "./flags.ts";
import { printResult } from "./print-result.ts";

const examples = `
Examples:
  $ zoetrope reproduce t3
  $ zoetrope reproduce t3 --seeds 3 --json
  $ zoetrope reproduce t3 --out runs/mine --steps 200

Evaluates zoetrope-micro on held-out videos, fine-tunes it on temporal questions in pure text, fine-tunes a control on
other text for as many steps, evaluates both on the same questions, and writes report.html into the output folder.
`;

type T3Flags = Readonly<{
  seeds: string;
  seed: string;
  out?: string;
  steps?: string;
  questions?: string;
  json?: boolean;
}>;

export function registerReproduce(command: Command, context: CommandContext): void {
  command
    .command("t3")
    .description("temporal reasoning transfers from text to video (arXiv 2410.06166)")
    .option("--seeds <n>", "repeat with so many seeds and aggregate", "1")
    .option("--seed <n>", "the first seed", "0")
    .option("-o, --out <folder>", "where everything is written (default: a folder under runs/)")
    .option("--steps <n>", "training steps of each arm (default: the recipe's)")
    .option("--questions <n>", "questions a task and seed (default: the recipe's)")
    .option("--json", "print one JSON object on stdout")
    .addHelpText("after", examples)
    .action((flags: T3Flags) => runReproduceT3(flags, context));
}

async function runReproduceT3(flags: T3Flags, context: CommandContext): Promise<void> {
  const { out, steps, questions, json = false } = flags;
  const options = {
    seeds: wholeNumber("--seeds", flags.seeds),
    seed: seedNumber("--seed", flags.seed),
    ...(out !== undefined && { folder: out }),
    ...(steps !== undefined && { steps: wholeNumber("--steps", steps) }),
    ...(questions !== undefined && { questions: wholeNumber("--questions", questions) }),
  };
  const result = await reproduceT3(options, { progress: context.progress(), signal: context.interruptible() });
  printResult("reproduce t3", result, { json });
}
