/**
 * Replies on disk, so that the same question is paid for once. A file a reply, which appears whole under the hash of everything
 * that the reply depends on: processes may write at the same time into one folder.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { openPendingFile } from "../../core/files/index.ts";
import { decoderName } from "../../media/video/index.ts";
import type { ChatModel, ManyOptions, Reply, ReplyOptions } from "../chat-model.ts";
import type { Message } from "../message.ts";
import { messageHash } from "../message-hash.ts";
import { layer } from "./layer.ts";

const alternative = z.object({ token: z.string(), logProbability: z.number() });
const entry = z.object({
  /** For whoever looks into the folder. */
  model: z.string(),
  reply: z.object({
    text: z.string(),
    finish: z.enum(["stop", "length"]),
    promptTokens: z.number().nullable(),
    newTokens: z.number().nullable(),
    logProbabilities: z.array(alternative.extend({ alternatives: z.array(alternative) })).nullable(),
  }),
});
const scoreEntry = z.object({ model: z.string(), scores: z.array(z.number()).nullable() });

export type CacheOptions = Readonly<{
  folder: string;
  /** Told of each question whose answer was there. */
  onHit?: () => void;
}>;

/**
 * The model with a memory. Empty answers are not kept: they are more often a hiccup than an answer. A file that does not hold a
 * reply counts as none and is written anew.
 */
export function withCache(model: ChatModel, { folder, onHit }: CacheOptions): ChatModel {
  const pathOf = (kind: string, messages: readonly Message[], rest: unknown) => {
    const key = keyOf([kind, model.fingerprint, decoderName(), messageHash(messages), rest]);
    return join(folder, key.slice(0, 2), `${key}.json`);
  };
  const replyPath = (messages: readonly Message[], options: ReplyOptions | undefined) =>
    pathOf("reply", messages, settingsOf(options));
  const find = (path: string): Reply | null => {
    const reply = read(path, entry)?.reply ?? null;
    if (reply) onHit?.();
    return reply;
  };
  const keep = (path: string, reply: Reply) => {
    if (reply.text !== "") write(path, { model: model.name, reply });
  };
  return layer(model, {
    async generate(messages, options) {
      options?.signal?.throwIfAborted();
      const path = replyPath(messages, options);
      const known = find(path);
      if (known) return known;
      const reply = await model.generate(messages, options);
      keep(path, reply);
      return reply;
    },
    async *stream(messages, options) {
      const path = replyPath(messages, options);
      const known = find(path);
      if (known) {
        yield known.text;
        return known;
      }
      const reply = yield* model.stream(messages, options);
      keep(path, reply);
      return reply;
    },
    async generateMany(conversations, options: ManyOptions = {}) {
      const { onReply, onProgress, onText, isWanted, ...asked } = options;
      asked.signal?.throwIfAborted();
      const paths = conversations.map((messages) => replyPath(messages, asked));
      const replies = paths.map(find);
      let answered = 0;
      const tell = (reply: Reply, i: number) => {
        onReply?.(reply, i);
        onProgress?.(++answered);
      };
      replies.forEach((reply, i) => {
        if (reply === null) return;
        onText?.(reply.text, i);
        tell(reply, i);
      });
      const open = [...replies.keys()].filter((i) => replies[i] === null);
      if (open.length === 0) return replies as Reply[];
      const place = (i: number) => open[i] as number;
      const fresh = await model.generateMany(
        open.map((i) => conversations[i] as readonly Message[]),
        {
          ...asked,
          ...(onText && { onText: (piece: string, i: number) => onText(piece, place(i)) }),
          ...(isWanted && { isWanted: (i: number) => isWanted(place(i)) }),
          onReply(reply, i) {
            // One that nobody wanted any more may have broken off.
            if (isWanted?.(place(i)) !== false) keep(paths[place(i)] as string, reply);
            tell(reply, place(i));
          },
        },
      );
      for (const [i, reply] of fresh.entries()) replies[place(i)] = reply;
      return replies as Reply[];
    },
    async scoreOptions(messages, texts, control) {
      const path = pathOf("scores", messages, texts);
      const known = read(path, scoreEntry);
      if (known) {
        onHit?.();
        return known.scores;
      }
      const scores = await model.scoreOptions(messages, texts, control);
      write(path, { model: model.name, scores });
      return scores;
    },
  });
}

/** What of the options decides about the reply, with defaults filled in: the seed only where there is something to draw. */
function settingsOf(options: ReplyOptions = {}): unknown {
  const { maxNewTokens = 32, temperature = 0, topP = 1, seed = 0, stop = [], schema, logProbabilities } = options;
  const drawn = temperature > 0 ? [topP, String(seed)] : [];
  return [maxNewTokens, temperature, drawn, stop, schema ?? null, logProbabilities ?? null];
}

function keyOf(parts: readonly unknown[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex");
}

function read<T>(path: string, schema: z.ZodType<T>): T | null {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return null;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

function write(path: string, value: unknown): void {
  const file = openPendingFile(path);
  try {
    file.write(JSON.stringify(value));
    // Not brought to the disk one by one: a reply lost with the power is asked for again.
    file.commit({ durable: false });
  } finally {
    file.discard();
  }
}
