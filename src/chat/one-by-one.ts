/**
 * Many conversations by a model that has no faster way than one after the other.
 */
import type { ChatModel, ManyOptions, Reply } from "./chat-model.ts";

/** generateMany over `generate`. */
export function oneByOne(generate: ChatModel["generate"]): ChatModel["generateMany"] {
  return async (conversations, { onReply, onProgress, ...options }: ManyOptions = {}) => {
    const replies: Reply[] = [];
    for (const messages of conversations) {
      options.signal?.throwIfAborted();
      const reply = await generate(messages, options);
      replies.push(reply);
      onReply?.(reply, replies.length - 1);
      onProgress?.(replies.length);
    }
    return replies;
  };
}
