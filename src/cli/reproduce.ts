/**
 * `zoetrope reproduce t3`: the paper in miniature, from data to report; with --full its analyses as well.
 */
import type { Command } from "commander";
import { analyseT3, reproduceT3 } from "../../recipes/index.ts";
import type { CommandContext } from "./context.ts";
import { seedNumber, wholeNumber } from "./flags.ts";
import { printResult } from "./print-result.ts";
import { registerMomentPapers } from "./reproduce-moments.ts";
import { registerOverlayStudy } from "./reproduce-overlay.ts";

const examples = `
Examples:
  $ zoetrope reproduce t3
  $ zoetrope reproduce t3 --seeds 3 --json
  $ zoetrope reproduce t3 --out runs/mine --steps 200
  $ zoetrope reproduce t3 --full --quick               the paper's analyses in about 5 minutes, to see that they run
  $ zoetrope reproduce t3 --full --json                the same in under an hour

Evaluates zoetrope-micro on held-out videos, fine-tunes it on temporal questions in pure text, fine-tunes a control on
other text for as many steps, evaluates both on the same questions, and writes report.html into the output folder.

With --full: thirteen mixtures of training text, accuracy on held-out text against video, attention or MLPs trained alone,
and more frames, each beside the paper's figures (docs/analyses.md). A command that was stopped goes on where it was.
`;

type T3Flags = Readonly<{
  full?: boolean;
  quick?: boolean;
  seeds?: string;
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
    .option("--full", "the paper's analyses: mixtures, text against video, modules, frames")
    .option("--quick", "with --full: one seed, few steps and questions")
    .option("--seeds <n>", "repeat with so many seeds and aggregate (default: 1; 2 with --full, 1 with --quick)")
    .option("--seed <n>", "the first seed", "0")
    .option("-o, --out <folder>", "where everything is written (default: a folder under runs/)")
    .option("--steps <n>", "training steps of each arm (default: the recipe's)")
    .option("--questions <n>", "questions a task and seed (default: the recipe's)")
    .option("--json", "print one JSON object on stdout")
    .addHelpText("after", examples)
    .action((flags: T3Flags) => runReproduceT3(flags, context));
  registerMomentPapers(command, context);
  registerOverlayStudy(command, context);
}

async function runReproduceT3(flags: T3Flags, context: CommandContext): Promise<void> {
  const { out, steps, questions, seeds, full = false, quick = false, json = false } = flags;
  if (quick && !full) throw new RangeError("Expected --quick together with --full, got it alone. Use --steps instead.");
  const options = {
    ...(seeds !== undefined && { seeds: wholeNumber("--seeds", seeds) }),
    seed: seedNumber("--seed", flags.seed),
    ...(out !== undefined && { folder: out }),
    ...(steps !== undefined && { steps: wholeNumber("--steps", steps) }),
    ...(questions !== undefined && { questions: wholeNumber("--questions", questions) }),
  };
  const running = { progress: context.progress(), signal: context.interruptible() };
  const result = full
    ? await analyseT3({ ...options, quick }, running)
    : await reproduceT3({ seeds: 1, ...options }, running);
  printResult(full ? "reproduce t3 --full" : "reproduce t3", result, { json });
}
