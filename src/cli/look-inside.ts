/**
 * `zoetrope look-inside`: attention, words of every layer, skipped modules and cut edges of one question; or cuts over many.
 */
import { join } from "node:path";
import type { Command } from "commander";
import {
  isEndpointReference,
  type LocalModelParts,
  localModel,
  localParts,
  promptReader,
  userMessage,
} from "../chat/index.ts";
import { writeAtomically } from "../core/files/index.ts";
import { type SamplerName, sampleFrames, samplers } from "../media/sampling/index.ts";
import { type Frame, openVideo } from "../media/video/index.ts";
import { WhiteBox } from "../nn/models/index.ts";
import {
  exportFeatures,
  type KnockOutId,
  knockOutIds,
  knockOutStudy,
  type LookQuestion,
  type LookRecord,
  likeliestAnswer,
  lookInside,
  questionsOfFile,
  type StudyQuestion,
  type StudyRecord,
  usualWidth,
  worldQuestions,
} from "../probes/index.ts";
import { frameStrip, writeLookReport, writeStudyReport } from "../report/index.ts";
import { probingText } from "../tasks/index.ts";
import { type CommandContext, printJson, printText } from "./context.ts";
import { oneOf, seedNumber, wholeNumber } from "./flags.ts";
import { formatLook, formatStudy, lookSummary, studySummary } from "./look-inside-text.ts";
import { optionTexts } from "./option-flag.ts";

const samplerNames = Object.keys(samplers) as SamplerName[];
const exportable = ["hidden", "attention"] as const;

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

type LookFlags = Readonly<{
  model: string;
  frames: string;
  sampler: string;
  options?: string;
  answer?: string;
  world?: string;
  samples?: string;
  seeds: string;
  seed: string;
  limit?: string;
  knockOuts?: string;
  window?: string;
  every?: string;
  heads?: boolean;
  words: string;
  export?: string;
  out?: string;
  json?: boolean;
}>;

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

type Opened = ReturnType<typeof numbersOf> &
  Readonly<{
    parts: LocalModelParts;
    reader: ReturnType<typeof promptReader>;
    box: WhiteBox;
    width: number;
    every: number;
  }>;

async function lookAtOne(
  opened: Opened,
  { video, question, flags }: Readonly<{ video: string; question: string; flags: LookFlags }>,
  context: CommandContext,
): Promise<void> {
  const { parts, reader, box, width, every, knockOuts, frames: budget, sampler, words, kept } = opened;
  const began = performance.now();
  const signal = context.interruptible("Stopping.");
  await using file = await openVideo(video);
  const frames = await sampleFrames(file, sampler, budget);
  const asked = await askedOf({ video, question, flags, frames, duration: file.duration }, opened, signal);
  const folder = flags.out ?? join("runs", `look-inside-${nameOf(flags.model)}-${nameOf(video)}`);
  const task = context.progress().task("interventions", { total: 1, unit: "runs" });
  const { result, prepared, observation } = await lookInside({ tokenizer: parts.tokenizer, reader, box }, asked, {
    ...{ knockOuts, width, every, words, heads: flags.heads ?? false, rowsOfFrame: 4, signal },
    hidden: kept.includes("hidden"),
    attention: kept.includes("attention"),
    onProgress: (done, of) => task.update(done / of, `${done} of ${of}`),
  });
  task.finish();
  const features = join(folder, "features.safetensors");
  const shapes = kept.length === 0 ? null : exportFeatures(features, observation, prepared.view.prompt.ids.length);
  const model = localModel(parts);
  const record: LookRecord = {
    ...{ format: "zoetrope-look-inside", version: 1, model: flags.model, fingerprint: model.fingerprint },
    question: {
      ...{ video, text: asked.text, options: asked.options, sampler },
      frames: frames.map(({ time, index }) => ({ time, index })),
    },
    ...{ width, every, ...result },
    features: shapes === null ? null : { file: "features.safetensors", shapes },
  };
  await model.dispose();
  const report = join(folder, "report.html");
  const seconds = (performance.now() - began) / 1000;
  writeAtomically(join(folder, "look-inside.json"), [`${JSON.stringify(record)}\n`]);
  writeLookReport(report, { record, strip: await frameStrip(frames), command: commandOf(flags), seconds });
  if (flags.json)
    printJson({ command: "look-inside", summary: lookSummary(record, seconds), report, folder, ...record });
  else printText(`${formatLook(record)}\n\nReport: ${report}`);
}

type Asking = Readonly<{
  video: string;
  question: string;
  flags: LookFlags;
  frames: readonly Frame[];
  duration: number;
}>;

/** The question with its right answer: an option, a text, or what the model itself says. */
async function askedOf(
  { video, question, flags, frames, duration }: Asking,
  opened: Opened,
  signal: AbortSignal,
): Promise<LookQuestion> {
  const stem = question.trim();
  if (stem === "") throw new RangeError(`Expected a question about "${video}", got an empty one.`);
  const options = flags.options === undefined ? [] : optionTexts(flags.options);
  const text = options.length === 0 ? stem : probingText({ stem, options, answerIndex: 0 });
  const shown = { type: "video", path: video, frames, duration } as const;
  const base = { id: video, video, shown, text, options };
  if (options.length > 0) {
    if (flags.answer === undefined) {
      const question = { ...base, answer: 0 };
      return { ...question, answer: await likeliestAnswer(opened, question, signal) };
    }
    const answer = options.indexOf(flags.answer.trim());
    if (answer >= 0) return { ...base, answer };
    throw new RangeError(`Expected --answer to be one of ${options.join(", ")}, got "${flags.answer}".`);
  }
  if (flags.answer !== undefined && flags.answer.trim() !== "") return { ...base, answer: flags.answer.trim() };
  const model = localModel(opened.parts);
  const reply = await model.generate([userMessage(text, shown)], {
    maxNewTokens: 8,
    signal,
  });
  await model.dispose();
  if (reply.text !== "") return { ...base, answer: reply.text };
  throw new Error(`Expected an answer of ${flags.model} to follow, got an empty one. Say which with --answer.`);
}

async function runStudy(opened: Opened, flags: LookFlags, context: CommandContext): Promise<void> {
  const { parts, reader, box, width, every, knockOuts, frames, sampler, seed, seeds } = opened;
  const began = performance.now();
  const signal = context.interruptible();
  const run = Array.from({ length: seeds }, (_, i) => seed + i);
  const all =
    flags.samples === undefined
      ? worldQuestions(run, { perTask: wholeNumber("--world", flags.world ?? "") })
      : questionsOfFile(flags.samples, { frames, sampler });
  const questions = evenly(all, opened.limit ?? all.length);
  const source =
    flags.samples ?? `world, ${flags.world} a task, ${seeds === 1 ? `seed ${seed}` : `seeds ${run.join(", ")}`}`;
  const folder =
    flags.out ?? join("runs", `look-inside-${nameOf(flags.model)}-${flags.samples ? nameOf(flags.samples) : "world"}`);
  const model = localModel(parts);
  const { fingerprint } = model;
  await model.dispose();
  const task = context.progress().task("questions", { total: questions.length, unit: "questions" });
  const result = await knockOutStudy(
    { reader, box },
    {
      ...{ questions, knockOuts, width, every, log: join(folder, "questions.jsonl"), signal },
      settings: { fingerprint, source, limit: opened.limit, ...(flags.samples && { frames, sampler }) },
      onProgress: (done) => task.update(done),
    },
  );
  task.finish();
  const seconds = (performance.now() - began) / 1000;
  const record: StudyRecord = {
    ...{ format: "zoetrope-knock-out", version: 1, model: flags.model, fingerprint, source, seeds: run },
    ...{ questions: questions.length, videos: new Set(questions.map(({ video }) => video)).size, ...result },
  };
  const report = join(folder, "report.html");
  writeAtomically(join(folder, "knock-out.json"), [`${JSON.stringify(record, rounded)}\n`]);
  writeStudyReport(report, { record, command: commandOf(flags), seconds });
  if (flags.json)
    printJson({ command: "look-inside", summary: studySummary(record, seconds), report, folder, ...record });
  else printText(`${formatStudy(record)}\n\nReport: ${report}`);
}

function evenly(questions: readonly StudyQuestion[], count: number): StudyQuestion[] {
  const step = questions.length / Math.min(count, questions.length);
  return Array.from(
    { length: Math.min(count, questions.length) },
    (_, i) => questions[Math.floor(i * step)] as StudyQuestion,
  );
}

function numbersOf(flags: LookFlags) {
  const list = (value: string) => value.split(",").map((name) => name.trim());
  const optional = (flag: string, value: string | undefined) =>
    value === undefined ? undefined : wholeNumber(flag, value);
  return {
    frames: wholeNumber("--frames", flags.frames),
    sampler: oneOf("--sampler", samplerNames, flags.sampler),
    knockOuts:
      flags.knockOuts === undefined
        ? knockOutIds
        : list(flags.knockOuts).map((name): KnockOutId => oneOf("--knock-outs", knockOutIds, name)),
    kept: flags.export === undefined ? [] : list(flags.export).map((name) => oneOf("--export", exportable, name)),
    words: wholeNumber("--words", flags.words),
    seeds: wholeNumber("--seeds", flags.seeds),
    seed: seedNumber("--seed", flags.seed),
    limit: optional("--limit", flags.limit),
    width: optional("--window", flags.window),
    every: optional("--every", flags.every),
  };
}

function nameOf(path: string): string {
  return path
    .replace(/^.*[/\\](?=.)/, "")
    .replace(/\.\w{2,5}$/, "")
    .replace(/[^\w.-]+/g, "");
}

function commandOf({ model, world, samples, seeds }: LookFlags): string {
  const what = samples ? ` --samples ${samples}` : world ? ` --world ${world} --seeds ${seeds}` : " VIDEO QUESTION";
  return `zoetrope look-inside${what} --model ${model}`;
}

/** Figures in percent say nothing behind the third decimal. */
function rounded(_: string, value: unknown): unknown {
  return typeof value === "number" ? Number(value.toFixed(3)) : value;
}
