/**
 * Answers in the words of the chat completions API: whole, or in chunks. What the API has no field for (which frames were
 * shown) stands under `zoetrope`, which clients ignore.
 */
import { randomUUID } from "node:crypto";
import type { Reply, TokenLogProbability } from "../chat/index.ts";
import type { Content } from "./answer-form.ts";
import type { SeenFrame } from "./media-reader.ts";

/** What all chunks of an answer share. */
export type CompletionHead = Readonly<{ id: string; created: number; model: string; system_fingerprint: string }>;

export function completionHead(model: string, fingerprint: string): CompletionHead {
  const created = Math.floor(Date.now() / 1000);
  return { id: `chatcmpl-${randomUUID()}`, created, model, system_fingerprint: fingerprint };
}

export function completion(
  head: CompletionHead,
  reply: Reply,
  { content, seen }: Readonly<{ content: Content; seen: readonly SeenFrame[] }>,
) {
  const message = { role: "assistant", ...content };
  return {
    ...named(head, "chat.completion"),
    choices: [{ index: 0, message, logprobs: logprobs(reply), finish_reason: reply.finish }],
    usage: usageOf(reply),
    zoetrope: { frames: seen },
  };
}

/** The first chunk: who speaks. */
export function firstChunk(head: CompletionHead) {
  return chunk(head, { role: "assistant", content: "", refusal: null }, null);
}

export function textChunk(head: CompletionHead, content: Partial<Content>) {
  return chunk(head, content, null);
}

/** The last chunk of an answer, with the log-probabilities of its tokens where they were asked for. */
export function lastChunk(head: CompletionHead, reply: Reply, seen: readonly SeenFrame[]) {
  return { ...chunk(head, {}, reply.finish, logprobs(reply)), zoetrope: { frames: seen } };
}

export function usageChunk(head: CompletionHead, reply: Reply) {
  return { ...named(head, "chat.completion.chunk"), choices: [], usage: usageOf(reply) };
}

function chunk(head: CompletionHead, delta: object, finish: Reply["finish"] | null, logprobs: unknown = null) {
  return { ...named(head, "chat.completion.chunk"), choices: [{ index: 0, delta, logprobs, finish_reason: finish }] };
}

function named({ id, created, model, system_fingerprint }: CompletionHead, object: string) {
  return { id, object, created, model, system_fingerprint };
}

function usageOf({ promptTokens, newTokens }: Reply) {
  const [prompt_tokens, completion_tokens] = [promptTokens ?? 0, newTokens ?? 0];
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

function logprobs({ logProbabilities }: Reply) {
  if (logProbabilities === null) return null;
  const token = ({ token, logProbability }: Pick<TokenLogProbability, "token" | "logProbability">) => ({
    token,
    logprob: logProbability,
    bytes: [...Buffer.from(token)],
  });
  return {
    content: logProbabilities.map((each) => ({ ...token(each), top_logprobs: each.alternatives.map(token) })),
    refusal: null,
  };
}
