/**
 * `zoetrope reproduce overlay-study`: NumPro's study of sizes, colours and places of numbers, with any CLIP checkpoint.
 */
import type { Command } from "commander";
import { overlayStudy } from "../../recipes/index.ts";
import type { CommandContext } from "./context.ts";
import { seedNumber, wholeNumber } from "./flags.ts";
import { printResult } from "./print-result.ts";

const examples = `
Examples:
  $ zoetrope reproduce overlay-study
  $ zoetrope reproduce overlay-study --model ~/clip-vit-base-patch32 --grid
  $ zoetrope reproduce overlay-study --model ~/clip-vit-base-patch32 --captions captions_val2017.json --images val2017 --pictures 1000

Without --grid one dial is turned at a time, from the paper's design (40 px, red, bottom right): 11 designs instead of 80.
Models: a CLIP folder (config.json, tokenizer.json, preprocessor_config.json, *.safetensors), or a LLaVA one whose pictures and
words share a space, such as micro, which has never seen a digit in a picture.
`;

type StudyFlags = Readonly<{
  model: string;
  captions?: string;
  images?: string;
  pictures: string;
  grid?: boolean;
  seed: string;
  out?: string;
  json?: boolean;
}>;

export function registerOverlayStudy(reproduce: Command, context: CommandContext): void {
  reproduce
    .command("overlay-study")
    .description("how numbers on frames are told, by size, colour and place (arXiv 2411.10332)")
    .option("-m, --model <reference>", "a CLIP checkpoint folder", "micro")
    .option("--captions <file>", "captions of pictures (COCO, LLaVA, ...; default: scenes of the synthetic world)")
    .option("--images <folder>", "the pictures of --captions")
    .option("--pictures <n>", "how many", "200")
    .option("--grid", "all 80 designs")
    .option("--seed <n>", "which pictures", "0")
    .option("-o, --out <folder>", "where everything is written (default: runs/overlay-study)")
    .option("--json", "print one JSON object on stdout")
    .addHelpText("after", examples)
    .action((flags: StudyFlags) => runOverlayStudy(flags, context));
}

async function runOverlayStudy(flags: StudyFlags, context: CommandContext): Promise<void> {
  const { model, captions, images, grid = false, out, json = false } = flags;
  if ((captions === undefined) !== (images === undefined))
    throw new RangeError("Expected --captions and --images together, got one of them. Pass both or neither.");
  const options = {
    model,
    pictures: wholeNumber("--pictures", flags.pictures),
    seed: seedNumber("--seed", flags.seed),
    grid,
    ...(captions !== undefined && images !== undefined && { pairs: { captions, images } }),
    ...(out !== undefined && { folder: out }),
  };
  const signal = context.interruptible("Stopping; nothing is written.");
  const result = await overlayStudy(options, { progress: context.progress(), signal });
  printResult("reproduce overlay-study", result, { json });
}
