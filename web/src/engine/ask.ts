/**
 * One question about one video: frames by their real times, numbers drawn on, the prompt, the reply, and the spans read out
 * of it. The steps are those of `zoetrope ground` and `zoetrope ask`, by the same functions.
 */
import {
  type ChatModel,
  groundingHabits,
  type Message,
  openPageEndpoint,
  type Reply,
  userMessage,
} from "zoetrope/chat";
import type { SpanExtraction } from "zoetrope/core/text";
import { atRate, sampleFrames } from "zoetrope/media/sampling";
import type { Frame } from "zoetrope/media/video";
import { askGrounding, readGrounding, type ShownFrames, showFrames } from "zoetrope/tasks";
import { imageData } from "../platform/image-codec.ts";
import type { BrowserVideo } from "../platform/video/browser-video.ts";
import { fitOf, keywordsPrompt, momentsOfFrames, readFrameQuery } from "./frame-words.ts";
import { phraseOf } from "./phrase.ts";
import type { Answer, AskRequest, Progress, SeenFrame } from "./protocol.ts";

/** Frames larger than this are shrunk: models see less, and 64 of them must fit into memory. */
const maxSize = 768;
const maxNewTokens = 128;

export type Context = Readonly<{
  video: BrowserVideo;
  signal: AbortSignal;
  onProgress: (progress: Progress) => void;
  /** Opens the model of a request that names one beside the page. */
  openLocal: (name: string) => Promise<ChatModel>;
}>;

export async function ask(request: AskRequest, context: Context): Promise<Answer> {
  const { video, signal, onProgress } = context;
  const started = performance.now();
  const isLocal = request.model.kind === "local";
  const model =
    request.model.kind === "local" ? await context.openLocal(request.model.name) : openPageEndpoint(request.model);
  signal.throwIfAborted();
  const frames = await framesOf(request, context);
  onProgress({ stage: "answer", text: "Asking the model", part: null });
  const asker: Asker = { model, context };
  const answer =
    request.intent === "question"
      ? await askFreely(request, frames, asker)
      : request.readout === "by frame" && isLocal
        ? await askByFrame(request, frames, asker)
        : await askDirectly(request, frames, asker);
  return {
    request,
    model: request.model.kind === "local" ? request.model.name : request.model.model,
    fingerprint: isLocal ? model.fingerprint : null,
    unknownWords: model.unknownWords(answer.prompt),
    ...answer,
    spans: answer.spans.map(({ start, end }) => ({ start: Math.max(0, start), end: Math.min(video.duration, end) })),
    seconds: (performance.now() - started) / 1000,
  };
}

type Asker = Readonly<{ model: ChatModel; context: Context }>;
type Answered = Pick<Answer, "prompt" | "reply" | "spans" | "reading" | "frames" | "promptTokens" | "newTokens">;

async function framesOf(request: AskRequest, { video, signal, onProgress }: Context): Promise<Frame[]> {
  const frames: Frame[] = [];
  const chosen = atRate(request.fps)(video.timeline(), request.budget);
  const counted = {
    timeline: () => video.timeline(),
    async *framesAtIndices(...args: Parameters<BrowserVideo["framesAtIndices"]>) {
      for await (const frame of video.framesAtIndices(...args)) {
        signal.throwIfAborted();
        frames.push(frame);
        const text = `Reading frame ${frames.length} of ${chosen.length}`;
        onProgress({ stage: "frames", text, part: frames.length / chosen.length });
        yield frame;
      }
    },
  };
  return sampleFrames(counted, () => chosen, request.budget, { maxSize });
}

async function askDirectly(request: AskRequest, frames: readonly Frame[], asker: Asker): Promise<Answered> {
  const numbered = request.prompt !== "times" && request.prompt !== "vtimellm";
  const habits = request.model.kind === "local" ? groundingHabits(request.model.name) : null;
  const { duration } = asker.context.video;
  const file = { frameCount: asker.context.video.timeline().timestamps.length };
  const shown = showFrames(frames, { duration, numbers: numbered, numberScale: habits?.numberScale, file });
  const messages = askGrounding(shown, phraseOf(request.text), request.prompt);
  const prompt = messages.flatMap(({ content }) =>
    content.flatMap((part) => (part.type === "text" ? [part.text] : [])),
  );
  const reply = await generate(asker, messages);
  const read = readGrounding(shown, reply.text, request.prompt);
  return {
    prompt: prompt.join("\n"),
    reply: reply.text,
    spans: read.kind === "unparsed" ? [] : read.spans,
    reading: readingOf(read),
    frames: await seen(shown.frames, shown),
    promptTokens: reply.promptTokens,
    newTokens: reply.newTokens,
  };
}

async function askFreely(request: AskRequest, frames: readonly Frame[], asker: Asker): Promise<Answered> {
  // Trained prompts of the LLaVA family end in a space before the answer.
  const prompt = `${request.text.trim()} `;
  const { duration } = asker.context.video;
  const frameCount = asker.context.video.timeline().timestamps.length;
  const shown = request.model.kind === "local" ? frames : { type: "video" as const, frames, duration, frameCount };
  const reply = await generate(asker, [userMessage(prompt, shown)]);
  return {
    prompt,
    reply: reply.text,
    spans: [],
    reading: { kind: "unread", reason: "a question was asked, not a moment" },
    frames: await seen(frames, null),
    promptTokens: reply.promptTokens,
    newTokens: reply.newTokens,
  };
}

async function askByFrame(request: AskRequest, frames: readonly Frame[], { model, context }: Asker): Promise<Answered> {
  const query = readFrameQuery(request.text);
  const replies = await model.generateMany(
    frames.map((frame) => [userMessage(keywordsPrompt, [frame])]),
    { maxNewTokens: 8, signal: context.signal },
  );
  const words = replies.map(({ text }) => text);
  const read = frames.map(({ time }, i) => ({ time, keywords: words[i] as string }));
  const spans = momentsOfFrames(query, read, context.video.duration);
  const bitmaps = await seen(frames, null);
  return {
    prompt: keywordsPrompt,
    reply: read.map(({ time, keywords }) => `${time.toFixed(2)} s: ${keywords}`).join("\n"),
    spans,
    reading: byFrameReading(query.words, spans.length),
    frames: bitmaps.map((frame, i) => ({ ...frame, words: words[i] as string, fit: fitOf(query, words[i] as string) })),
    promptTokens: sum(replies.map(({ promptTokens }) => promptTokens)),
    newTokens: sum(replies.map(({ newTokens }) => newTokens)),
  };
}

function byFrameReading(words: readonly string[], found: number): Answer["reading"] {
  if (words.length === 0)
    return { kind: "unread", reason: "the query names no colour, shape or size that this model tells" };
  if (found === 0) return { kind: "unread", reason: `no run of frames shows ${words.join(" ")} as asked` };
  return { kind: "read", rule: `runs of frames in which the model says ${words.join(" ")}` };
}

/** The reply, told while it is written. */
async function generate({ model, context }: Asker, messages: readonly Message[]): Promise<Reply> {
  const { signal, onProgress } = context;
  const stream = model.stream(messages, { maxNewTokens, signal });
  let reply = "";
  for (;;) {
    const step = await stream.next();
    if (step.done) return step.value;
    reply += step.value;
    onProgress({ stage: "answer", text: "The model answers", part: null, reply });
  }
}

function readingOf(read: SpanExtraction): Answer["reading"] {
  if (read.kind === "unparsed") return { kind: "unread", reason: read.reason };
  return { kind: "read", rule: read.spans[0]?.rule ?? "spans" };
}

function seen(frames: readonly Frame[], shown: ShownFrames | null): Promise<SeenFrame[]> {
  const first = shown?.startIndex ?? null;
  return Promise.all(
    frames.map(async ({ image, time, index }, i) => ({
      time,
      index,
      number: first === null ? null : String(first + i),
      bitmap: await createImageBitmap(imageData(image)),
      words: null,
      fit: null,
    })),
  );
}

function sum(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((total, value) => (total === null || value === null ? null : total + value), 0);
}
