/** Models whose replies are computed by the test, and errors of servers. */
import type { ChatModel, Reply } from "../chat-model.ts";
import { type Message, userMessage } from "../message.ts";
import { RequestError } from "../request-error.ts";
import { scriptedModel } from "../scripted-model.ts";
import { poolMany } from "./pool.ts";

export const question = [userMessage("?")];
export const reply = (text: string, tokens: number | null = 10): Reply => {
  return { text, finish: "stop", promptTokens: tokens, newTokens: tokens, logProbabilities: null };
};
export const busy = (retryAfter: number | null = null) =>
  new RequestError("busy", { fault: "busy", status: 429, retryAfter });
export const failed = () => new RequestError("failed", { fault: "failed", status: 500 });

/** A model whose replies are computed by a function, counting its questions. */
export function computed(
  answer: (messages: readonly Message[], call: number) => Promise<Reply> | Reply,
): ChatModel & { calls: number } {
  const base = scriptedModel(["unused"]);
  const model = {
    ...base,
    calls: 0,
    generate: async (messages: readonly Message[]) => answer(messages, model.calls++),
    generateMany: (list: readonly (readonly Message[])[], options = {}) =>
      poolMany(model.generate, { most: 1 })(list, options),
    scoreOptions: async (_: readonly Message[], texts: readonly string[]) => {
      model.calls++;
      return texts.map(() => -1);
    },
  };
  return model;
}
