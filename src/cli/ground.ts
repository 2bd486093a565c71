/**
 * `zoetrope ground`: when something happens in a video, in seconds, by any model; or which frames are its highlights.
 */
import type { Command } from "commander";
import {
  type ChatModel,
  Estimator,
  type GroundingHabits,
  groundingHabits,
  type Message,
  shippedModels,
  userMessage,
} from "../chat/index.ts";
import { writeAtomically } from "../core/files/index.ts";
import { encodePng } from "../media/image/index.ts";
import { overlayColors, overlayPositions } from "../media/overlay/index.ts";
import { atRate, linspace, sampleFrames } from "../media/sampling/index.ts";
import { openVideo } from "../media/video/index.ts";
import {
  askGrounding,
  askHighlights,
  denseCaptioningText,
  type GroundingPrompt,
  groundingPrompts,
  groundingSchema,
  highlightPrompts,
  type ShownFrames,
  showFrames,
  shownVideo,
} from "../tasks/index.ts";
import type { CommandContext } from "./context.ts";
import { oneOf, positiveNumber, seedNumber, wholeNumber } from "./flags.ts";
import { reportEvents, reportHighlights, reportMoments } from "./ground-report.ts";
import { addModelFlags, type ModelFlags, modelReferences, openFlaggedModel } from "./model-flags.ts";
import { colorOf } from "./overlay.ts";
import { printEstimate } from "./print-estimate.ts";
import { sideBySide } from "./side-by-side.ts";

const examples = `
Examples:
  $ zoetrope ground clip.mp4 "a red circle grows"
  $ zoetrope ground clip.mp4 "a red circle grows" --no-numbers
  $ zoetrope ground clip.mp4 "the dog jumps" "the dog lies down" --model ~/llava-1.5-7b-hf --fps 1 --json
  $ zoetrope ground clip.mp4 "the dog jumps" --highlights --fps 0.5
  $ zoetrope ground clip.mp4 "the dog jumps" --prompt vtimellm --model ~/vtimellm
  $ zoetrope ground clip.mp4 --events --model ~/vtimellm
  $ zoetrope ground clip.mp4 "the dog jumps" --no-numbers --structured --model http://127.0.0.1:8000/v1

Frames get red numbers (NumPro) and the model is asked for numbers, which become the seconds of those very frames. With
--no-numbers it is asked for seconds and gets the frames' times as text instead. --prompt vtimellm shows 100 frames without
numbers and reads hundredths of the video; so does --events, which asks for every event with its time.
Prompts: ${groundingPrompts.join(", ")}; with --highlights ${highlightPrompts.join(", ")}.
--structured holds endpoints to a JSON Schema of moments; those that know none answer freely and are read all the same.

${modelReferences}`;

type GroundFlags = ModelFlags &
  Readonly<{
    model: string;
    prompt?: string;
    numbers: boolean;
    highlights?: boolean;
    events?: boolean;
    fps?: string;
    frames?: string;
    startIndex: string;
    fontSize?: string;
    color: string;
    position: string;
    maxTokens: string;
    showFrames?: string;
    structured?: boolean;
    dryRun?: boolean;
    json?: boolean;
  }>;

export function registerGround(command: Command, context: CommandContext): void {
  command
    .argument("<video>", "a video file")
    .argument("[query...]", "what to look for, in quotes; several are asked one after the other")
    .option("-m, --model <reference>", "who answers", defaultModel())
    .option("--no-numbers", "frames as they are; their times stand in the text")
    .option("--prompt <name>", "wording of the question (default: numpro, or times without numbers)")
    .option("--highlights", "ask for highlight frames and their scores instead of a moment")
    .option("--events", "ask for all events with their times instead, in VTimeLLM's words")
    .option("--fps <n>", "frames a second (default: 1, or 0.5 with --highlights)")
    .option("-f, --frames <n>", "frames at most, evenly spread where there are more (default: 64)")
    .option("--start-index <n>", "number of the first frame", "0")
    .option("--font-size <px>", "of the numbers (default: 40 for every 336 px of the shorter side)")
    .option("--color <color>", `of the numbers: ${overlayColors.join(", ")} or #rrggbb`, "red")
    .option("--position <place>", overlayPositions.join(", "), "bottom-right")
    .option("--max-tokens <n>", "longest answer", "128")
    .option("--show-frames <file>", "write the frames that the model sees, side by side, as a PNG")
    .option("--structured", "ask for moments as JSON, where the model can be held to it")
    .option("--dry-run", "what it would take; nothing is asked")
    .option("--json", "print one JSON object on stdout");
  addModelFlags(command)
    .addHelpText("after", examples)
    .action((video: string, queries: string[], flags: GroundFlags) => runGround({ video, queries, flags }, context));
}

type Asked = Readonly<{ video: string; queries: readonly string[]; flags: GroundFlags }>;

async function runGround({ video: path, queries, flags }: Asked, context: CommandContext): Promise<void> {
  const habits = groundingHabits(flags.model);
  const plan = planOf(flags, habits);
  const maxNewTokens = wholeNumber("--max-tokens", flags.maxTokens);
  checkQueries(queries, plan.kind);
  if (flags.structured && plan.kind !== "moments")
    throw new RangeError(`Expected no --structured with --${plan.kind}, got both. Leave one of them out.`);
  await using video = await openVideo(path);
  const flagged = await openFlaggedModel(flags.model, flags, context, { isDryRun: flags.dryRun ?? false });
  const { model, price } = flagged;
  try {
    const signal = context.interruptible("Stopping.");
    const frames = await sampleFrames(video, plan.sampler, plan.budget);
    const { numbers, style, startIndex, fps } = plan;
    // A video of more frames than may be shown is spread, not taken at its rate.
    const rate = fps !== undefined && frames.length < plan.budget ? { fps } : {};
    const file = { path, frameCount: video.frameCount, ...rate };
    const numberScale = habits?.numberScale;
    const shown = showFrames(frames, { duration: video.duration, numbers, style, numberScale, startIndex, file });
    if (flags.showFrames !== undefined) writeAtomically(flags.showFrames, [await encodePng(sideBySide(shown.frames))]);
    const conversations = plan.kind === "events" ? [plan.ask(shown)] : queries.map((query) => plan.ask(shown, query));
    warnOfUnknownWords(model, conversations);
    if (flags.dryRun) {
      const estimator = new Estimator(model, price);
      for (const messages of conversations) estimator.add({ messages, maxNewTokens });
      const planned = { command: "ground", model: model.name, isPaid: flagged.isEndpoint, json: flags.json ?? false };
      printEstimate(estimator.result(), planned);
      return;
    }
    const schema = flags.structured ? { schema: groundingSchema } : {};
    const started = performance.now();
    const replies = await model.generateMany(conversations, { maxNewTokens, signal, ...schema });
    const seconds = (performance.now() - started) / 1000;
    const run = { path, queries, model, prompt: plan.prompt, seconds, maxNewTokens, json: flags.json ?? false };
    if (plan.kind === "events") reportEvents(shown, replies, run);
    else if (plan.kind === "highlights") reportHighlights(shown, replies, run);
    else reportMoments(shown, replies, run);
    const usage = flagged.usageLine();
    if (usage !== null) process.stderr.write(`${usage}\n`);
  } finally {
    await model.dispose();
  }
}

/** What is shown and asked, from the flags. */
function planOf(flags: GroundFlags, habits: GroundingHabits | null) {
  const { numbers: wanted, highlights = false } = flags;
  const style = {
    color: colorOf(flags.color),
    position: oneOf("--position", overlayPositions, flags.position),
    ...(flags.fontSize !== undefined && { fontSize: positiveNumber("--font-size", flags.fontSize) }),
  };
  const startIndex = seedNumber("--start-index", flags.startIndex);
  const fps = flags.fps === undefined ? (habits?.fps ?? (highlights ? 0.5 : 1)) : positiveNumber("--fps", flags.fps);
  const most = flags.frames === undefined ? undefined : wholeNumber("--frames", flags.frames);
  if (flags.events) {
    const other = (["highlights", "prompt", "fps"] as const).find((name) => flags[name] !== undefined);
    if (other) throw new RangeError(`Expected no --${other} with --events, got one. Leave it out.`);
    const ask = (shown: ShownFrames) => [userMessage(denseCaptioningText, shownVideo(shown))];
    const shownBare = { style, startIndex, numbers: false, sampler: linspace, budget: most ?? 100, fps: undefined };
    return { kind: "events" as const, prompt: "vtimellm" as const, ask, ...shownBare };
  }
  if (highlights) {
    if (!wanted) throw new RangeError("Expected numbers with --highlights, got --no-numbers. Leave one of them out.");
    const prompt = oneOf("--prompt", highlightPrompts, flags.prompt ?? "numpro");
    const ask = (shown: ShownFrames, query: string) => askHighlights(shown, query, prompt);
    return {
      kind: "highlights" as const,
      prompt,
      ask,
      style,
      startIndex,
      numbers: true,
      sampler: atRate(fps),
      budget: most ?? 64,
      fps,
    };
  }
  const prompt = oneOf("--prompt", groundingPrompts, flags.prompt ?? (wanted ? (habits?.prompt ?? "numpro") : "times"));
  const isVtimellm = prompt === "vtimellm";
  if (isVtimellm && flags.fps !== undefined)
    throw new RangeError("Expected no --fps with --prompt vtimellm, which spreads 100 frames evenly. Pass --frames.");
  const ask = (shown: ShownFrames, query: string) => askGrounding(shown, query, prompt);
  return {
    kind: "moments" as const,
    prompt: prompt as GroundingPrompt,
    ask,
    style,
    startIndex,
    numbers: wanted && !isVtimellm && prompt !== "times",
    sampler: isVtimellm ? linspace : atRate(fps),
    fps: isVtimellm ? undefined : fps,
    budget: most ?? (isVtimellm ? 100 : 64),
  };
}

function checkQueries(queries: readonly string[], kind: "moments" | "highlights" | "events"): void {
  if (queries.some((query) => query.trim() === "")) throw new RangeError("Expected a query, got an empty one.");
  if (kind === "events" && queries.length > 0)
    throw new RangeError(`Expected no query with --events, got "${queries[0]}". Leave one of them out.`);
  if (kind !== "events" && queries.length === 0)
    throw new RangeError("Expected a query, got none. Say what to look for, or pass --events for all there is.");
}

/** A shipped model made for this, where there is one. */
function defaultModel(): string {
  return shippedModels().includes("micro-grounding") ? "micro-grounding" : "micro";
}

function warnOfUnknownWords(model: ChatModel, conversations: readonly (readonly Message[])[]): void {
  const texts = conversations
    .flat()
    .flatMap(({ content }) => content.map((part) => (part.type === "text" ? part.text : "")));
  const unknown = model.unknownWords(texts.join(" "));
  if (unknown.length === 0) return;
  const list = unknown.map((word) => `"${word}"`).join(", ");
  process.stderr.write(`${model.name} does not know ${list}; expect nonsense.\n`);
}
