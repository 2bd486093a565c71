/**
 * What runs in a model's thread: one model, asked in batches. ONNX Runtime keeps the thread busy while it computes, which is
 * why this is not the server's.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { MessagePort } from "node:worker_threads";
import {
  type ChatModel,
  checkpointFolder,
  type ImageProcessor,
  type ManyOptions,
  type Message,
  type MessagePart,
  openModel,
  type Reply,
  readImageProcessor,
} from "../chat/index.ts";
import {
  answerCalls,
  type CallContext,
  type PlainError,
  portLine,
  toPlainError,
  type WorkerContext,
} from "../core/threads/index.ts";
import type { RgbaImage } from "../media/image/index.ts";
import type { Frame } from "../media/video/index.ts";
import type { WeightType } from "../nn/models/index.ts";
import { eyesOf, openCheckpoint, writesText } from "../nn/models/index.ts";
import type { Device } from "../nn/runtime/index.ts";
import { ByteLru } from "./byte-lru.ts";
import type { AnswerOptions } from "./chat-request.ts";
import type { NamedFrame, PreparedMessage } from "./media-reader.ts";

export type ThreadOptions = Readonly<{
  /** `micro`, a checkpoint folder or scripted:FILE. */
  reference: string;
  batch: number;
  threads: number;
  weights?: WeightType;
  device?: Device;
  port: MessagePort;
}>;

/** What the thread tells once its model is open. */
export type ModelFacts = Readonly<{
  fingerprint: string;
  accepts: ChatModel["accepts"];
  /** How its pictures are resized; null where it takes none, or pictures of any size. */
  processor: ImageProcessor | null;
  /** Tokens of prompt and answer together at most; null where nobody knows. */
  context: number | null;
}>;

/** Conversations with one set of options. `wanted` has a 1 for each as long as somebody waits for it. */
export type Batch = Readonly<{
  conversations: readonly (readonly PreparedMessage[])[];
  options: AnswerOptions;
  /** Whose pieces somebody listens to. */
  isStreamed: readonly boolean[];
  wanted: Int32Array<SharedArrayBuffer>;
}>;

export type BatchEvent =
  | Readonly<{ type: "text"; index: number; piece: string }>
  | Readonly<{ type: "reply"; index: number; reply: Reply }>
  | Readonly<{ type: "error"; index: number; error: PlainError }>;

/** Answers where a request does not say how long they may be; shorter where that does not fit beside the prompt. */
const defaultAnswerTokens = 256;
const picturesKept = 256 * 2 ** 20;

/** Open the model, tell its facts, answer batches one after the other until the signal. */
export async function runModelThread(
  options: ThreadOptions,
  { emit, signal }: WorkerContext<ModelFacts>,
): Promise<void> {
  const { reference, port, batch, threads, weights, device } = options;
  const model = await openModel(reference, { batch, threads, ...(weights && { weights }), ...(device && { device }) });
  emit(factsOf(model, reference));
  const pictures = new ByteLru<RgbaImage>(picturesKept);
  let last: Promise<void> = Promise.resolve();
  answerCalls<Batch, void, BatchEvent>(portLine(port), (call, context) => {
    last = last.then(() => answerBatch(model, call, { pictures, ...context }));
    return last;
  });
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
  port.close();
  await last;
  await model.dispose();
}

type BatchContext = CallContext<BatchEvent> & Readonly<{ pictures: ByteLru<RgbaImage> }>;

/** Never rejects: what is wrong with a conversation is told of it alone. */
async function answerBatch(
  model: ChatModel,
  { conversations, options, isStreamed, wanted }: Batch,
  context: BatchContext,
): Promise<void> {
  const messages = conversations.map((conversation) =>
    conversation.map((message) => messageOf(message, context.pictures)),
  );
  const isWanted = (index: number) => Atomics.load(wanted, index) === 1;
  /** Halves and halves again, so that one conversation that a model refuses does not spoil the batch for long. */
  const answer = async (indices: readonly number[], maxNewTokens: number): Promise<void> => {
    const open = indices.filter(isWanted);
    if (open.length === 0) return;
    try {
      const replies = await model.generateMany(
        open.map((index) => messages[index] as Message[]),
        {
          ...manyOptions(options, maxNewTokens),
          isWanted: (i) => isWanted(open[i] as number),
          ...(open.some((index) => isStreamed[index]) && {
            onText(piece: string, i: number) {
              const index = open[i] as number;
              if (isStreamed[index]) context.emit({ type: "text", index, piece });
            },
          }),
        },
      );
      for (const [i, reply] of replies.entries()) context.emit({ type: "reply", index: open[i] as number, reply });
    } catch (error) {
      if (open.length > 1) {
        await answer(open.slice(0, open.length >> 1), maxNewTokens);
        await answer(open.slice(open.length >> 1), maxNewTokens);
      } else if (error instanceof RangeError && options.maxNewTokens === null && maxNewTokens > 1) {
        await answer(open, maxNewTokens >> 1);
      } else context.emit({ type: "error", index: open[0] as number, error: toPlainError(error) });
    }
  };
  await answer(
    conversations.map((_, index) => index),
    options.maxNewTokens ?? defaultAnswerTokens,
  );
}

function manyOptions(options: AnswerOptions, maxNewTokens: number): ManyOptions {
  const { temperature, topP, seed, stop, logProbabilities } = options;
  return {
    maxNewTokens,
    temperature,
    topP,
    // Without a seed every batch is drawn anew.
    seed: seed ?? (temperature === 0 ? 0 : Math.floor(Math.random() * 2 ** 31)),
    ...(stop.length > 0 && { stop }),
    ...(logProbabilities !== null && { logProbabilities }),
  };
}

/** The same picture is the same object, so that the model finds what it made of it. */
function messageOf({ role, content }: PreparedMessage, pictures: ByteLru<RgbaImage>): Message {
  const imageOf = ({ id, width, height, data }: NamedFrame): RgbaImage => {
    const known = pictures.get(id);
    if (known) return known;
    const made = { width, height, data };
    pictures.set(id, made, data.length);
    return made;
  };
  const frameOf = (frame: NamedFrame): Frame => ({ image: imageOf(frame), time: frame.time, index: frame.index });
  return {
    role,
    content: content.map((part): MessagePart => {
      if (part.type === "text") return part;
      if (part.type === "image") return { type: "image", frame: frameOf(part.frame) };
      const { duration } = part;
      return { type: "video", frames: part.frames.map(frameOf), ...(duration !== null && { duration }) };
    }),
  };
}

function factsOf({ fingerprint, accepts, planner }: ChatModel, reference: string): ModelFacts {
  return { fingerprint, accepts, processor: processorOf(reference), context: planner?.context ?? null };
}

/** Of models whose eyes take pictures of one size; others are shown frames as they are. */
function processorOf(reference: string): ImageProcessor | null {
  if (reference.startsWith("scripted:")) return null;
  const folder = checkpointFolder(reference);
  // An adapter's folder names its base model elsewhere.
  if (existsSync(join(folder, "adapter_config.json"))) return null;
  const { config, processorFolder } = openCheckpoint(folder);
  const eyes = writesText(config) ? eyesOf(config) : null;
  if (eyes === null || eyes.imageSize === null || processorFolder === null) return null;
  return readImageProcessor(processorFolder);
}
