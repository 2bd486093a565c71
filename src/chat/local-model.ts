/**
 * A decoder, with or without eyes, that answers in this process.
 *
 * Conversations become token ids (chat-prompt.ts), frames become embeddings (frame-encoder.ts), and nn/models generates.
 */
import { createHash } from "node:crypto";
import { Rng } from "../core/math/index.ts";
import type { Shapes, Weights } from "../nn/checkpoint/index.ts";
import {
  decoderOf,
  eyesOf,
  type Generated,
  type GenerateOptions,
  type GenerativeConfig,
  Generator,
  modelShapes,
  mropePositions,
  type Prompt,
  VisualEncoder,
} from "../nn/models/index.ts";
import type { Tokenizer } from "../nn/tokenizer/index.ts";
import { AnswerText } from "./answer-text.ts";
import type { ChatModel, ManyOptions, Reply, ReplyOptions } from "./chat-model.ts";
import { chatPrompt } from "./chat-prompt.ts";
import { type FrameEncoder, frameEncoder } from "./frame-encoder.ts";
import type { ImageProcessor } from "./image-processor.ts";
import { framesOf, type Message } from "./message.ts";
import { cutAtStop } from "./stop-texts.ts";
import { visualsOf } from "./visual-parts.ts";
import { closedVocabulary, unknownWords } from "./vocabulary.ts";

export type LocalModelParts = Readonly<{
  config: GenerativeConfig;
  /** Of every parameter, an adapter's included. Read, never written; they must stay as they are until dispose. */
  weights: Weights;
  tokenizer: Tokenizer;
  /** Needed by models with eyes. */
  preprocessor?: ImageProcessor;
  name?: string;
  /** Conversations that run together at most. Default 32. */
  batch?: number;
  threads?: number;
  /** lora_alpha / r and the shapes with the adapter's parameters, when the weights have one. */
  loraScaling?: number;
  shapes?: Shapes;
}>;

/** Conversations whose prompts are held at once, in batches: enough that those of one batch are of like length. */
const batchesAtOnce = 8;

/** A chat model over weights in memory. Throws an Error when parts do not fit each other. */
export function localModel(parts: LocalModelParts): ChatModel {
  const { config, weights, tokenizer, preprocessor, name = "in memory", batch = 32 } = parts;
  const { threads, loraScaling, shapes } = parts;
  const eyes = eyesOf(config);
  if (eyes && !preprocessor) throw new TypeError(`Expected a preprocessor for a ${config.model_type} model, got none.`);
  const visualEncoder = eyes
    ? new VisualEncoder(
        eyes,
        { weights, shapes: shapes ?? modelShapes(config) },
        { ...(threads !== undefined && { threads }), ...(loraScaling !== undefined && { loraScaling }) },
      )
    : null;
  const encoder = visualEncoder && preprocessor ? frameEncoder(visualEncoder, preprocessor) : null;
  const prompt = chatPrompt(tokenizer, encoder);
  const generator = new Generator(config, weights, {
    batch,
    ...(threads !== undefined && { threads }),
    ...(loraScaling !== undefined && { loraScaling }),
    ...(shapes !== undefined && { shapes }),
  });
  const vocabulary = closedVocabulary(tokenizer);
  let fingerprint: string | undefined;

  const prepare = async (
    conversations: readonly (readonly Message[])[],
    { maxNewTokens = 32, signal }: ReplyOptions,
  ): Promise<Prompt[]> => {
    const ids = conversations.map(prompt.ids);
    checkLengths(config, { conversations, ids, maxNewTokens, encoder });
    if (encoder === null) return ids.map((each) => ({ ids: each }));
    const visuals = conversations.map((messages) => visualsOf(messages, encoder.eyes.placeholderFor));
    const rows = await encoder.encode(visuals.flat(), signal);
    return visuals.map((each, i) => {
      const grids = each.map(encoder.grid).filter((grid) => grid !== null);
      const prepared = { ids: ids[i] as number[], images: rows.splice(0, each.length) };
      return grids.length === 0
        ? prepared
        : { ...prepared, positions: mropePositions(prepared.ids, encoder.eyes.tokenId, grids) };
    });
  };

  const generateMany = async (
    conversations: readonly (readonly Message[])[],
    options: ManyOptions = {},
  ): Promise<Reply[]> => {
    const { onProgress, onReply, onText, isWanted } = options;
    const replies: Reply[] = [];
    for (let start = 0; start < conversations.length; start += batchesAtOnce * batch) {
      const chunk = conversations.slice(start, start + batchesAtOnce * batch);
      const prompts = await prepare(chunk, options);
      const texts = chunk.map(() => new AnswerText(tokenizer, options.stop));
      const tell = (piece: string, i: number) => {
        if (piece !== "") onText?.(piece, start + i);
      };
      // Texts are only looked at while they grow where somebody wants to know.
      const isRead = (options.stop ?? []).length > 0 || onText !== undefined;
      const isComplete = (ids: readonly number[], i: number) => {
        if (isWanted?.(start + i) === false) return true;
        if (!isRead) return false;
        const { piece, stopped } = (texts[i] as AnswerText).push(ids.at(-1) as number);
        tell(piece, i);
        return stopped;
      };
      const answers = await generator.generate(prompts, {
        ...generation(options, start),
        ...((isRead || isWanted) && { isComplete }),
      });
      for (const [i, answer] of answers.entries()) {
        if (onText) tell((texts[i] as AnswerText).finish(), i);
        const { ids } = prompts[i] as Prompt;
        const text = tokenizer.decode(answer.ids, { skipSpecialTokens: true });
        const reply = replyOf(tokenizer, answer, { text: cutAtStop(text, options.stop).text.trim(), ids });
        replies.push(reply);
        onReply?.(reply, replies.length - 1);
      }
      onProgress?.(replies.length);
    }
    return replies;
  };

  return {
    name,
    accepts: encoder === null ? ["text"] : ["text", "image", "video"],
    get fingerprint() {
      fingerprint ??= fingerprintOf(parts);
      return fingerprint;
    },
    planner: {
      context: decoderOf(config).decoder.max_position_embeddings,
      basis: "counted by the model's own tokenizer",
      promptTokens: (messages) => prompt.ids(messages).length,
    },
    generateMany,
    async generate(messages, options) {
      const [reply] = await generateMany([messages], options);
      return reply as Reply;
    },
    async *stream(messages, options = {}) {
      const [prepared] = (await prepare([messages], options)) as [Prompt];
      const text = new AnswerText(tokenizer, options.stop);
      let [told, piece] = ["", ""];
      const isComplete = (ids: readonly number[]) => {
        const next = text.push(ids.at(-1) as number);
        piece += next.piece;
        return next.stopped;
      };
      const tokens = generator.stream(prepared, { ...generation(options, 0), isComplete });
      for (;;) {
        const { done, value } = await tokens.next();
        if (done) piece += text.finish();
        told += piece;
        if (piece !== "") yield piece;
        piece = "";
        if (done) return replyOf(tokenizer, value, { text: told, ids: prepared.ids });
      }
    },
    async scoreOptions(messages, options, { signal } = {}) {
      const [prepared] = (await prepare([messages], { maxNewTokens: 1, ...(signal && { signal }) })) as [Prompt];
      const control = signal ? { signal } : {};
      const answers = prompt.continuations(messages, options);
      const [scores] = await generator.logProbabilities([prepared], [answers], control);
      return scores as number[];
    },
    vocabulary,
    unknownWords: (text) => (vocabulary === null ? [] : unknownWords(tokenizer, text)),
    async dispose() {
      await visualEncoder?.dispose();
      await generator.dispose();
    },
  };
}

/** Said here, where frames are known, rather than by the generator. */
function checkLengths(
  config: GenerativeConfig,
  {
    conversations,
    ids,
    maxNewTokens,
    encoder,
  }: Readonly<{
    conversations: readonly (readonly Message[])[];
    ids: readonly number[][];
    maxNewTokens: number;
    encoder: FrameEncoder | null;
  }>,
): void {
  const limit = decoderOf(config).decoder.max_position_embeddings;
  const longest = ids.findIndex(({ length }) => length + maxNewTokens - 1 > limit);
  if (longest < 0) return;
  const { length } = ids[longest] as number[];
  const frames = framesOf(conversations[longest] as readonly Message[]);
  const each =
    encoder && frames.length > 0 ? ` of ${Math.round(encoder.rows(frames) / frames.length)} tokens each` : "";
  throw new RangeError(
    `Expected a prompt and answer of at most ${limit} tokens, got ${length} (${frames.length} frames${each}) and up to ${maxNewTokens}. Pass fewer frames or allow a shorter answer.`,
  );
}

/** What the generator is told; each batch draws from a stream of its own. */
function generation(options: ReplyOptions, batch: number): GenerateOptions {
  const { maxNewTokens = 32, seed = 0, temperature, topP, logProbabilities, signal } = options;
  return {
    maxNewTokens,
    rng: new Rng(seed).fork(batch),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(logProbabilities !== undefined && { logProbabilities }),
    ...(signal && { signal }),
  };
}

function replyOf(
  tokenizer: Tokenizer,
  { ids, stopped, scores }: Generated,
  answer: Readonly<{ text: string; ids: readonly number[] }>,
): Reply {
  const named = ({ id, logProbability }: Readonly<{ id: number; logProbability: number }>) => ({
    token: tokenizer.decode([id]),
    logProbability,
  });
  return {
    text: answer.text,
    finish: stopped ? "stop" : "length",
    promptTokens: answer.ids.length,
    newTokens: ids.length,
    logProbabilities:
      scores === null
        ? null
        : scores.map((score) => ({ ...named(score), alternatives: score.alternatives.map(named) })),
  };
}

/** SHA-256 over configuration, tokenizer, preprocessor and every weight, in order of their names. */
function fingerprintOf({ config, weights, tokenizer, preprocessor, loraScaling }: LocalModelParts): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([config, [...tokenizer.files].sort(), preprocessor ?? null, loraScaling ?? null]));
  for (const [name, { shape, data }] of [...weights].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(JSON.stringify([name, shape]));
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return `local:${hash.digest("hex").slice(0, 16)}`;
}
