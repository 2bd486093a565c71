/**
 * Many conversations by a model that has no faster way than one after the other.
 */
import type { ChatModel, ManyOptions, Reply } from "./chat-model.ts";

/** generateMany over `generate`. */
export function oneByOne(generate: ChatModel["generate"]): ChatModel["generateMany"] {
  return async (
    conversations,
    { onReply, onProgress, onText, isWanted = () => true, ...options }: ManyOptions = {},
  ) => {
    const replies: Reply[] = [];
    for (const [i, messages] of conversations.entries()) {
      options.signal?.throwIfAborted();
      const reply = isWanted(i) ? await generate(messages, options) : unasked;
      replies.push(reply);
      if (reply.text !== "") onText?.(reply.text, i);
      onReply?.(reply, i);
      onProgress?.(replies.length);
    }
    return replies;
  };
}

const unasked: Reply = { text: "", finish: "stop", promptTokens: null, newTokens: null, logProbabilities: null };
