/**
 * Many questions at a time: a pool of so many, refilled as answers come.
 */
import { setMaxListeners } from "node:events";
import type { ChatModel, ManyOptions, Reply } from "../chat-model.ts";
import { stopsRun } from "../stops-run.ts";

export type PoolOptions = Readonly<{ most?: number }>;

export const defaultMost = 8;

/**
 * generateMany over `generate`, `most` (default 8) at a time. Where a question fails, the others are asked all the same and the
 * first error is thrown in the end; an error that no other question would escape stops it after those under way.
 */
export function poolMany(
  generate: ChatModel["generate"],
  { most = defaultMost }: PoolOptions,
): ChatModel["generateMany"] {
  return async (conversations, { onReply, onProgress, onText, isWanted, ...options }: ManyOptions = {}) => {
    // Each request listens to the signal, and Node warns of more than ten listeners.
    if (options.signal) setMaxListeners(0, options.signal);
    const replies = new Array<Reply>(conversations.length);
    const errors: unknown[] = [];
    let [next, answered, isOver] = [0, 0, false];
    const work = async () => {
      while (next < conversations.length && !isOver) {
        const i = next++;
        try {
          options.signal?.throwIfAborted();
          const reply = isWanted?.(i) === false ? unasked : await generate(conversations[i] ?? [], options);
          replies[i] = reply;
          if (reply.text !== "") onText?.(reply.text, i);
          onReply?.(reply, i);
          onProgress?.(++answered);
        } catch (error) {
          errors.push(error);
          isOver ||= options.signal?.aborted === true || stopsRun(error);
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(most, conversations.length) }, work));
    // The error that ended it says more than one that it met on the way.
    if (errors.length > 0) throw errors.find(stopsRun) ?? errors[0];
    return replies;
  };
}

const unasked: Reply = { text: "", finish: "stop", promptTokens: null, newTokens: null, logProbabilities: null };
