/**
 * A decoder, with or without eyes, that answers in this process.
 *
 * Conversations become prompts (prompt-reader.ts), and nn/models generates.
 */
import { createHash } from "node:crypto";
import { Rng } from "../core/math/index.ts";
import {
  decoderOf,
  type Generated,
  type GenerateOptions,
  Generator,
  type Prompt,
  type QuantisedWeights,
} from "../nn/models/index.ts";
import type { Tokenizer } from "../nn/tokenizer/index.ts";
import { AnswerText } from "./answer-text.ts";
import type { ChatModel, ManyOptions, Reply, ReplyOptions } from "./chat-model.ts";
import type { Message } from "./message.ts";
import { type PromptParts, promptReader } from "./prompt-reader.ts";
import { cutAtStop } from "./stop-texts.ts";
import { closedVocabulary, unknownWords } from "./vocabulary.ts";

export type LocalModelParts = PromptParts &
  Readonly<{
    name?: string;
    /** Conversations that run together at most. Default 32. */
    batch?: number;
    /** Matrices that `weights` has not. Let go of when the model first answers. */
    quantised?: QuantisedWeights;
  }>;

/** Conversations whose prompts are held at once, in batches: enough that those of one batch are of like length. */
const batchesAtOnce = 8;

/** A chat model over weights in memory. Throws an Error when parts do not fit each other. */
export function localModel(parts: LocalModelParts): ChatModel {
  const { quantised = new Map(), ...plain } = parts;
  const { config, weights, tokenizer, name = "in memory", batch = 32 } = plain;
  const { threads, device = "cpu", loraScaling, shapes } = plain;
  const reader = promptReader(plain);
  const generator = new Generator(config, weights, {
    ...{ batch, device },
    ...(threads !== undefined && { threads }),
    ...(loraScaling !== undefined && { loraScaling }),
    ...(shapes !== undefined && { shapes }),
    quantised,
  });
  const vocabulary = closedVocabulary(tokenizer);
  // Quantised matrices are gone later.
  let fingerprint = quantised.size > 0 ? fingerprintOf(plain, quantised) : undefined;

  const generateMany = async (
    conversations: readonly (readonly Message[])[],
    options: ManyOptions = {},
  ): Promise<Reply[]> => {
    const { onProgress, onReply, onText, isWanted } = options;
    const replies: Reply[] = [];
    for (let start = 0; start < conversations.length; start += batchesAtOnce * batch) {
      const chunk = conversations.slice(start, start + batchesAtOnce * batch);
      const prompts = await reader.read(chunk, options);
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
    accepts: reader.encoder === null ? ["text"] : ["text", "image", "video"],
    get fingerprint() {
      fingerprint ??= fingerprintOf(plain, new Map());
      return fingerprint;
    },
    planner: {
      context: decoderOf(config).decoder.max_position_embeddings,
      basis: "counted by the model's own tokenizer",
      promptTokens: (messages) => reader.ids(messages).length,
    },
    generateMany,
    async generate(messages, options) {
      const [reply] = await generateMany([messages], options);
      return reply as Reply;
    },
    async *stream(messages, options = {}) {
      const [prepared] = (await reader.read([messages], options)) as [Prompt];
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
      const [prepared] = (await reader.read([messages], { maxNewTokens: 1, ...(signal && { signal }) })) as [Prompt];
      const control = signal ? { signal } : {};
      const answers = reader.continuations(messages, options);
      const [scores] = await generator.logProbabilities([prepared], [answers], control);
      return scores as number[];
    },
    vocabulary,
    unknownWords: (text) => (vocabulary === null ? [] : unknownWords(tokenizer, text)),
    async dispose() {
      await reader.dispose();
      await generator.dispose();
    },
  };
}

/** What the generator is told; each batch draws from a stream of its own. */
function generation(options: ReplyOptions, batch: number): GenerateOptions {
  const { maxNewTokens = 32, seed = 0, beams, lengthPenalty, temperature, topP, logProbabilities, signal } = options;
  return {
    maxNewTokens,
    rng: new Rng(seed).fork(batch),
    ...(beams !== undefined && { beams }),
    ...(lengthPenalty !== undefined && { lengthPenalty }),
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
function fingerprintOf(
  { config, weights, tokenizer, preprocessor, loraScaling }: LocalModelParts,
  quantised: QuantisedWeights,
): string {
  const hash = createHash("sha256");
  hash.update(JSON.stringify([config, [...tokenizer.files].sort(), preprocessor ?? null, loraScaling ?? null]));
  for (const [name, { shape, data }] of [...weights].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(JSON.stringify([name, shape]));
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  for (const [name, { shape, bits, packed, scales }] of quantised) {
    hash.update(JSON.stringify([name, shape, bits])).update(packed);
    hash.update(new Uint8Array(scales.buffer, scales.byteOffset, scales.byteLength));
  }
  return `local:${hash.digest("hex").slice(0, 16)}`;
}
