/**
 * `zoetrope reproduce numpro` and `reproduce vtimellm`: both papers on moments in miniature.
 */
import type { Command } from "commander";
import { reproduceNumpro, reproduceVtimellm } from "../../recipes/index.ts";
import type { CommandContext } from "./context.ts";
import { seedNumber, wholeNumber } from "./flags.ts";
import { printResult } from "./print-result.ts";

const papers = {
  numpro: {
    run: reproduceNumpro,
    description: "numbers on frames say when (arXiv 2411.10332)",
    flags: [["--steps <n>", "steps of fine-tuning an arm (default: the recipe's)"]],
    examples: `
Examples:
  $ zoetrope reproduce numpro
  $ zoetrope reproduce numpro --seeds 3 --json
  $ zoetrope reproduce numpro --steps 900              fine-tune twice as long
  $ zoetrope reproduce numpro --quick                  a minute, to see that it runs

Teaches zoetrope-micro-reader to read lists, in text alone; asks it when things happen in films of several events, with the
frames' seconds in the question and with numbers on the frames; then fine-tunes the decoder both ways and asks again. Things
and backgrounds of the test films are in no film that is learnt from. A command that was stopped goes on where it was.
`,
  },
  vtimellm: {
    run: reproduceVtimellm,
    description: "three stages of boundary-aware training (arXiv 2311.18445)",
    flags: [],
    examples: `
Examples:
  $ zoetrope reproduce vtimellm
  $ zoetrope reproduce vtimellm --seeds 3 --json
  $ zoetrope reproduce vtimellm --quick                a minute, to see that it runs

Trains a projector, a LoRA on boundaries and another one on dialogues, and the two ways around that: without the boundary
stage, and with its LoRA trained on. Asks each for moments (R@1, mIoU) and for all events (SODA_c). A command that was
stopped goes on where it was.
`,
  },
} as const;

type MomentsFlags = Readonly<{
  seeds: string;
  seed: string;
  steps?: string;
  quick?: boolean;
  out?: string;
  json?: boolean;
}>;

export function registerMomentPapers(reproduce: Command, context: CommandContext): void {
  for (const [name, { run, description, flags, examples }] of Object.entries(papers)) {
    const command = reproduce
      .command(name)
      .description(description)
      .option("--seeds <n>", "repeat with so many seeds and aggregate", "1")
      .option("--seed <n>", "the first seed", "0");
    for (const [flag, text] of flags) command.option(flag, text);
    command
      .option("--quick", "few steps and films")
      .option("-o, --out <folder>", "where everything is written (default: a folder under runs/)")
      .option("--json", "print one JSON object on stdout")
      .addHelpText("after", examples)
      .action(async ({ seeds, seed, steps, quick = false, out, json = false }: MomentsFlags) => {
        const options = {
          seeds: wholeNumber("--seeds", seeds),
          seed: seedNumber("--seed", seed),
          quick,
          ...(steps !== undefined && { steps: wholeNumber("--steps", steps) }),
          ...(out !== undefined && { folder: out }),
        };
        const running = { progress: context.progress(), signal: context.interruptible() };
        printResult(`reproduce ${name}`, await run(options, running), { json });
      });
  }
}
