/** A model with some of its parts replaced, and the others as they are. */
import type { ChatModel } from "../chat-model.ts";

/** Copies properties without looking at them: a fingerprint that takes seconds is computed when it is asked for, and once. */
export function layer(model: ChatModel, own: Partial<ChatModel>): ChatModel {
  const properties = { ...Object.getOwnPropertyDescriptors(model), ...Object.getOwnPropertyDescriptors(own) };
  return Object.defineProperties({}, properties) as ChatModel;
}
