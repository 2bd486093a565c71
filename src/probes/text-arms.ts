/**
 * The two arms that answer in words: the whole model on frames, and a decoder on captions of the same frames. Any ChatModel
 * will do; answers are recorded, so that a run that was broken off is gone on with.
 */
import type { ChatModel, Reply } from "../chat/index.ts";
import { userMessage } from "../chat/index.ts";
import { Rng } from "../core/math/index.ts";
import { parseChoiceCompat } from "../core/text/index.ts";
import { type Answer, evaluate, partsOfSamples, runConfig } from "../evals/index.ts";
import { decoderName, type Frame } from "../media/video/index.ts";
import { frameCaptionPrompt, type ProbingQuestion, type ProbingTask, probingQuestion } from "../synthesis/index.ts";
import type { Sample, TemporalTask } from "../tasks/index.ts";
import type { ProbingVideo } from "./probing-data.ts";
import type { ProbeMode } from "./settings.ts";
import { type FrameSource, probingFrames } from "./video-frames.ts";

/** One question answered: by our parser, and by T3's with its defects (`compat`). */
export type TextOutcome = Readonly<{
  aspect: string;
  id: string;
  video: string;
  reply: string;
  correct: boolean;
  unparsed: boolean;
  compat: boolean;
}>;

/** How captions stand in for frames: T3's lead and numbered lines, or bare lines as zoetrope-micro was trained on. */
export type CaptionLayout = "t3" | "lines";

export type AskOptions = Readonly<{
  items: readonly ProbingVideo[];
  mode: ProbeMode;
  /** Of the order of options. */
  seed: number;
  /** JSON Lines file of the answers. */
  log: string;
  maxNewTokens: number;
  signal?: AbortSignal;
  onProgress?: (done: number, of: number) => void;
}>;

/** The whole model on the sampled frames. Throws an Error when it takes no images. */
export async function askOnVideo(model: ChatModel, frames: FrameSource, options: AskOptions): Promise<TextOutcome[]> {
  if (!model.accepts.includes("image")) {
    throw new Error(`Expected a model that takes images for the video arm, got ${model.name}. Pass --arms captions.`);
  }
  const paths = new Map(options.items.map(({ id, path }) => [id, path]));
  return ask(model, options, {
    ...{ prompt: "t3", look: "video" },
    textOf: (_, question) => question,
    framesOf: (sample) => frames.of(sample.video, paths.get(sample.id) as string),
  });
}

/** A decoder on captions of those frames; items without captions are left out. */
export async function askOnCaptions(
  model: ChatModel,
  layout: CaptionLayout,
  options: AskOptions,
): Promise<TextOutcome[]> {
  const items = options.items.filter(({ captions }) => captions !== null);
  return ask(
    model,
    { ...options, items },
    {
      ...{ prompt: `captions-${layout}`, look: "captions" },
      textOf: ({ captions }, question) => captionText(layout, captions ?? [], question),
      framesOf: async () => [],
    },
  );
}

/** "t3" for any model that knows its words, "lines" for one of a closed vocabulary that lacks them. */
export function captionLayoutFor(model: ChatModel): CaptionLayout {
  return model.unknownWords(frameCaptionPrompt([""], "")).length === 0 ? "t3" : "lines";
}

/** The text of the user's turn with captions in the place of the frames. */
export function captionText(layout: CaptionLayout, captions: readonly string[], question: string): string {
  if (layout === "t3") return frameCaptionPrompt(captions, question);
  return captions.map((caption) => `${bare(caption)}\n`).join("") + question;
}

/** "This frame shows a cat." -> "A cat." */
function bare(caption: string): string {
  return caption.replace(/^This frame (?:shows|features) (\w)/, (_, first: string) => first.toUpperCase());
}

/** An item's question: T3's letters in parity mode, an order of its own otherwise. */
export function questionOf({ aspect, category, id }: ProbingVideo, mode: ProbeMode, seed: number): ProbingQuestion {
  return probingQuestion(aspect, category, mode === "parity" ? undefined : new Rng(`probe-options/${seed}/${id}`));
}

type Ways = Readonly<{
  prompt: string;
  look: "video" | "captions";
  textOf: (item: ProbingVideo, question: string) => string;
  framesOf: (sample: Sample) => ReturnType<FrameSource["of"]>;
}>;

async function ask(model: ChatModel, options: AskOptions, ways: Ways): Promise<TextOutcome[]> {
  const { items, mode, seed, maxNewTokens, signal, onProgress } = options;
  const asked = new Map(items.map((item) => [item.id, { item, question: questionOf(item, mode, seed) }]));
  const samples = [...asked.values()].map(({ item, question }): Sample => {
    const { options: texts, answerIndex } = question;
    const common = {
      id: item.id,
      task: taskNames[item.aspect.task](item),
      kind: "temporal",
      video: item.video,
    } as const;
    return { ...common, question: ways.textOf(item, question.text), options: texts, answerIndex };
  });
  // Questions about one video stand together, so that it is decoded and encoded once.
  samples.sort((a, b) => (a.video < b.video ? -1 : a.video > b.video ? 1 : 0));
  const config = runConfig({
    ...{ task: "choice", benchmark: "probing", look: ways.look, model: model.name, seed },
    coverage: { samples: samples.length, of: samples.length },
    settings: { maxNewTokens, prompt: ways.prompt, options: mode === "parity" ? "fixed" : "shuffled" },
    parts: {
      ...partsOfSamples(samples),
      ...{ model: model.fingerprint, sampler: `linspace ${probingFrames}`, parser: "choice" },
      decoder: ways.look === "video" ? decoderName() : null,
      shape: ways.look === "video" ? (model.shape ?? null) : null,
      generation: `at most ${maxNewTokens} tokens, temperature 0`,
    },
  });
  const answers = await evaluate({
    samples,
    log: { path: options.log, config },
    batch: 64,
    ...(signal && { signal }),
    onProgress: ({ done, of }) => onProgress?.(done, of),
    ask: async (batch, onReply) => {
      const seen: (readonly Frame[])[] = [];
      for (const sample of batch) seen.push(await ways.framesOf(sample));
      const chats = batch.map(({ question }, i) => [userMessage(question, seen[i] ?? [])]);
      const withFrames = (reply: Reply, i: number) => ({
        ...reply,
        frames: (seen[i] ?? []).map(({ time, index }) => ({ time, index })),
      });
      const replies = await model.generateMany(chats, {
        maxNewTokens,
        onReply: (reply, i) => onReply(withFrames(reply, i), i),
        ...(signal && { signal }),
      });
      return replies.map(withFrames);
    },
  });
  return answers.map((answer) => outcomeOf(answer, asked.get(answer.sample.id)?.question as ProbingQuestion));
}

function outcomeOf(
  { sample, reply, parsed, correct }: Answer,
  { options, alsoSaid, answerIndex }: ProbingQuestion,
): TextOutcome {
  return {
    ...{ aspect: sample.id.slice(0, sample.id.indexOf("/")), id: sample.id, video: sample.video, reply, correct },
    unparsed: parsed.kind === "unparsed",
    compat: parseChoiceCompat(reply, options, alsoSaid) === answerIndex,
  };
}

/** The names of the tasks in run logs. */
const taskNames: Readonly<Record<ProbingTask, (item: ProbingVideo) => TemporalTask>> = {
  order: () => "order of two",
  order_3: () => "order of three",
  referring: ({ aspect }) => `referring ${aspect.id.slice("referring_".length)}` as TemporalTask,
  grounding: () => "grounding",
  blooming: () => "growth",
  brightness: () => "brightness",
};
