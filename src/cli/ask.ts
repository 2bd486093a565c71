/**
 * `zoetrope ask`: a question about a video, answered by a model from the frames that a sampler chose.
 */
import type { Command } from "commander";
import {
  type ChatModel,
  Estimator,
  type Message,
  type Reply,
  type ReplyOptions,
  userMessage,
  type VideoPart,
} from "../chat/index.ts";
import { writeAtomically } from "../core/files/index.ts";
import { optionLine, parseChoice } from "../core/text/index.ts";
import { encodePng } from "../media/image/index.ts";
import { type SamplerName, sampleFrames, samplers } from "../media/sampling/index.ts";
import { openVideo } from "../media/video/index.ts";
import { probingText } from "../tasks/index.ts";
import { type CommandContext, printJson, printText } from "./context.ts";
import { oneOf, wholeNumber } from "./flags.ts";
import { addModelFlags, type ModelFlags, modelReferences, openFlaggedModel } from "./model-flags.ts";
import { optionTexts } from "./option-flag.ts";
import { printEstimate } from "./print-estimate.ts";
import { sideBySide } from "./side-by-side.ts";

const samplerNames = Object.keys(samplers) as SamplerName[];
const examples = `
Examples:
  $ zoetrope ask clip.mp4 "Which item is shown first?"
  $ zoetrope ask clip.mp4 "What colour is the circle?" --options "red|green|blue"
  $ zoetrope ask clip.mp4 "What happens?" --model ~/llava-1.5-7b-hf --frames 16 --sampler centres
  $ zoetrope ask clip.mp4 "What is shown?" --show-frames seen.png --json
  $ zoetrope ask clip.mp4 "Describe the video." --model ~/Qwen2-VL-2B-Instruct --weights int4 --beams 3
  $ zoetrope ask clip.mp4 "When does the dog jump?" --model http://127.0.0.1:8000/v1#Qwen/Qwen3-VL-4B-Instruct
  $ zoetrope ask clip.mp4 "What happens?" --model openai:gpt-4o-mini --price 0.15,0.6 --dry-run

Samplers: linspace spreads the frames over the frame indices with both ends, centres takes the middles of equal
segments of time, fps one frame a second.
${modelReferences}`;

type AskFlags = ModelFlags &
  Readonly<{
    model: string;
    frames: string;
    sampler: string;
    options?: string;
    maxTokens: string;
    beams?: string;
    showFrames?: string;
    dryRun?: boolean;
    json?: boolean;
  }>;

export function registerAsk(command: Command, context: CommandContext): void {
  command
    .argument("<video>", "a video file")
    .argument("<question>", "what to ask, in quotes")
    .option("-m, --model <reference>", "who answers", "micro")
    .option("-f, --frames <n>", "how many frames the model sees at most", "8")
    .option("-s, --sampler <name>", samplerNames.join(", "), "linspace")
    .option("--options <texts>", 'make it a choice: "red|green|blue"')
    .option("--max-tokens <n>", "longest answer", "32")
    .option("--beams <n>", "so many answers grow side by side, the likeliest is given (models of this machine)")
    .option("--show-frames <file>", "write the frames side by side as a PNG")
    .option("--dry-run", "what it would take; nothing is asked")
    .option("--json", "print one JSON object on stdout");
  addModelFlags(command)
    .addHelpText("after", examples)
    .action((video: string, question: string, flags: AskFlags) => runAsk({ video, question, flags }, context));
}

type Asked = Readonly<{ video: string; question: string; flags: AskFlags }>;

async function runAsk({ video, question, flags }: Asked, context: CommandContext): Promise<void> {
  const sampler = oneOf("--sampler", samplerNames, flags.sampler);
  const budget = wholeNumber("--frames", flags.frames);
  const maxNewTokens = wholeNumber("--max-tokens", flags.maxTokens);
  const beams = flags.beams === undefined ? {} : { beams: wholeNumber("--beams", flags.beams) };
  const options = flags.options === undefined ? [] : optionTexts(flags.options);
  if (question.trim() === "") throw new RangeError(`Expected a question about "${video}", got an empty one.`);
  const text = options.length === 0 ? question.trim() : probingText({ stem: question.trim(), options, answerIndex: 0 });

  // Both are opened before anything slow, so that a mistyped name is told at once.
  await using opened = await openVideo(video);
  const flagged = await openFlaggedModel(flags.model, flags, context, { isDryRun: flags.dryRun ?? false });
  const { model, price } = flagged;
  if (flags.beams !== undefined && flagged.isEndpoint)
    throw new RangeError(`Expected --beams with a model of this machine, got "${flags.model}". Leave it out.`);
  try {
    const frames = await sampleFrames(opened, sampler, budget);
    if (flags.showFrames !== undefined) writeAtomically(flags.showFrames, [await encodePng(sideBySide(frames))]);
    const signal = context.interruptible("Stopping.");
    const unknown = model.unknownWords(question + options.join(" "));
    if (unknown.length > 0) process.stderr.write(`${vocabularyWarning(model, unknown)}\n`);
    const { duration, frameCount } = opened;
    const rate = sampler === "fps" && frames.length < budget ? { fps: 1 } : {};
    const part: VideoPart = { type: "video", path: video, frames, duration, frameCount, ...rate };
    const messages = [userMessage(text, part)];
    if (flags.dryRun) {
      const estimator = new Estimator(model, price);
      estimator.add({ messages, maxNewTokens });
      const plan = { command: "ask", model: model.name, isPaid: flagged.isEndpoint, json: flags.json ?? false };
      printEstimate(estimator.result(), plan);
      return;
    }
    const started = performance.now();
    const reply = await (flags.json
      ? model.generate(messages, { maxNewTokens, signal, ...beams })
      : told(model, messages, { maxNewTokens, signal, ...beams }));
    const seconds = (performance.now() - started) / 1000;
    const choice = options.length === 0 ? null : parseChoice(reply.text, options);
    const chosen = choice?.kind === "choice" ? choice.index : null;
    const seen = frames.map(({ time, index }) => ({ time, index }));
    if (flags.json) {
      const summary = {
        answer: reply.text,
        choice: chosen === null ? null : (options[chosen] as string),
        finish: reply.finish,
        frames: frames.length,
        firstFrame: frames[0]?.time ?? null,
        lastFrame: frames.at(-1)?.time ?? null,
        seconds,
      };
      const asked = { video, question, options, text };
      const by = { model: model.name, fingerprint: model.fingerprint, sampler };
      const usage = flagged.usage();
      printJson({
        command: "ask",
        summary,
        ...asked,
        ...by,
        frames: seen,
        reply,
        choice,
        unknownWords: unknown,
        usage,
      });
      return;
    }
    if (chosen !== null && reply.text !== optionLine(chosen, options[chosen] as string))
      printText(`read as ${optionLine(chosen, options[chosen] as string)}`);
    if (choice?.kind === "unparsed") printText(`chooses none of the options: ${choice.reason}`);
    if (reply.finish === "length") printText(`(cut off after ${maxNewTokens} tokens; --max-tokens allows more)`);
    const times = seen.map(({ time }) => time.toFixed(2)).join(", ");
    const way = model.shape === undefined ? "" : `, sent as ${model.shape}`;
    printText(`${model.name} saw ${frames.length} frames (${sampler}${way}), at ${times} s`);
    const usage = flagged.usageLine();
    if (usage !== null) process.stderr.write(`${usage}\n`);
  } finally {
    await model.dispose();
  }
}

/** The answer on stdout as it is written. */
async function told(model: ChatModel, messages: readonly Message[], options: ReplyOptions): Promise<Reply> {
  const pieces = model.stream(messages, options);
  for (;;) {
    const { done, value } = await pieces.next();
    if (!done) process.stdout.write(value);
    else {
      printText(value.text === "" ? "(the model said nothing)" : "\n");
      return value;
    }
  }
}

function vocabularyWarning({ name, vocabulary }: ChatModel, unknown: readonly string[]): string {
  const list = unknown.map((word) => `"${word}"`).join(", ");
  return `${name} does not know ${list}; expect nonsense. It knows these words: ${(vocabulary ?? []).join(" ")}`;
}
