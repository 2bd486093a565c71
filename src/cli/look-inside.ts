/**
 * `zoetrope look-inside`: attention, words of every layer, skipped modules and cut edges of one question; or cuts over many.
 */
import type { Command } from "commander";
import { isEndpointReference, localParts, promptReader } from "../chat/index.ts";
import { WhiteBox } from "../nn/models/index.ts";
import { knockOutIds, usualWidth } from "../probes/index.ts";
import type { CommandContext } from "./context.ts";
import { type LookFlags, numbersOf, samplerNames } from "./look-inside-flags.ts";
import { lookAtOne } from "./look-inside-one.ts";
import { runStudy } from "./look-inside-study.ts";

const examples = `
Examples:
  $ zoetrope look-inside clip.mp4 "Which item is shown first?" --options "red star|blue heart" --answer "red star"
  $ zoetrope look-inside clip.mp4 "What is shown?" --answer "a dog" --model ~/LLaVA-Video-7B-Qwen2 --frames 8 --every 4
  $ zoetrope look-inside clip.mp4 "What is shown?" --export hidden,attention     features.safetensors in the folder
  $ zoetrope look-inside --world 20 --seeds 3                                    knock-outs over questions about the world
  $ zoetrope look-inside --samples questions.jsonl --model DIR --knock-outs frames-to-last,frames-to-question

With a video and a question: which positions are frames, question, options and end; how much attention goes from one to
another in every layer and head; which word every layer would say; the answer without each module; the answer with one kind
of edge cut in a window of layers. With --world or --samples: modules and cuts over many questions, with intervals.
Without --options and --answer, the model's own reply is followed.
A line of --samples: {"video": "a.mp4", "question": "...", "options": ["x", "y"], "answer": "y", "task": "order"}

Knock-outs: ${knockOutIds.join(", ")}.
Models: micro and other shipped ones, a Hugging Face checkpoint folder. An endpoint cannot be looked into.
docs/white-box.md
`;

export function registerLookInside(command: Command, context: CommandContext): void {
  command
    .argument("[video]", "a video file")
    .argument("[question]", "what to ask, in quotes")
    .option("-m, --model <reference>", "who is looked into", "micro")
    .option("-f, --frames <n>", "how many frames the model sees at most", "8")
    .option("-s, --sampler <name>", samplerNames.join(", "), "linspace")
    .option("--options <texts>", 'make it a choice: "red|green|blue"')
    .option("--answer <text>", "the right option; or the answer that is followed where there are none")
    .option("--world <n>", "n questions of each task of the synthetic world, instead of a video")
    .option("--samples <file>", "questions about videos as JSON Lines, instead of a video")
    .option("--seeds <n>", "draw the world with so many seeds", "1")
    .option("--seed <n>", "the first of them", "0")
    .option("--limit <n>", "so many of the questions, spread evenly")
    .option("--knock-outs <names>", "comma-separated (default: all)")
    .option("--window <n>", "layers that a knock-out covers (default: 9 of 32, as Map the Flow)")
    .option("--every <n>", "distance of the windows in layers (default: 1, or 16 windows of a deep model)")
    .option("--heads", "leave out every head by itself, too")
    .option("--words <n>", "words of every layer", "5")
    .option("--export <what>", "hidden, attention or both: write them whole as features.safetensors")
    .option("-o, --out <folder>", "where everything is written (default: a folder under runs/)")
    .option("--json", "print one JSON object on stdout")
    .addHelpText("after", examples)
    .action((video: string | undefined, question: string | undefined, flags: LookFlags) =>
      runLookInside({ video, question, flags }, context),
    );
}

type Typed = Readonly<{ video: string | undefined; question: string | undefined; flags: LookFlags }>;

async function runLookInside({ video, question, flags }: Typed, context: CommandContext): Promise<void> {
  const isStudy = flags.world !== undefined || flags.samples !== undefined;
  if (isStudy === (video !== undefined) || (!isStudy && question === undefined) || (flags.world && flags.samples)) {
    throw new RangeError(
      'Expected a video and a question, or --world N, or --samples FILE; got none of them or more than one. Try zoetrope look-inside clip.mp4 "What is shown?"',
    );
  }
  if (isEndpointReference(flags.model) || /^(?:replay|scripted):/.test(flags.model)) {
    throw new Error(`Expected a checkpoint on this machine, got "${flags.model}", whose layers cannot be seen.`);
  }
  const numbers = numbersOf(flags);
  const parts = localParts(flags.model);
  const reader = promptReader(parts);
  const box = new WhiteBox(parts.config, parts.weights, parts);
  const width = numbers.width ?? usualWidth(box.layers);
  if (width > box.layers) throw new RangeError(`Expected --window of at most ${box.layers} layers, got ${width}.`);
  const every = numbers.every ?? Math.max(1, Math.ceil(box.layers / 16));
  const opened = { ...numbers, parts, reader, box, width, every };
  try {
    if (isStudy) await runStudy(opened, flags, context);
    else await lookAtOne(opened, { video: video as string, question: question as string, flags }, context);
  } finally {
    await reader.dispose();
    await box.dispose();
  }
}
