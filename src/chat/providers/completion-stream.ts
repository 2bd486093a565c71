/** A streamed answer of the chat completions API: chunks in, pieces of text out, and the whole reply in the end. */
import type { Reply, TokenLogProbability } from "../chat-model.ts";
import { GrowingText } from "../growing-text.ts";
import { RequestError } from "../request-error.ts";
import {
  completionChunk,
  contentText,
  notACompletion,
  type ReadParts,
  readLogProbabilities,
  replyOf,
} from "./completion.ts";

/** Chunks as JSON values, from whatever carries them. Throws RequestError where one is none, or where they end too early. */
export async function* readChunks(
  next: () => Promise<IteratorResult<unknown>>,
  signal: AbortSignal | undefined,
): AsyncGenerator<string, Reply, undefined> {
  const text = new GrowingText();
  let [whole, refusal, finish] = ["", "", null as string | null];
  let usage: ReadParts["usage"];
  let told: TokenLogProbability[] | null = null;
  for (let step = await next(); !step.done; step = await next()) {
    const parsed = completionChunk.safeParse(step.value);
    if (!parsed.success) throw notACompletion(step.value, parsed.error);
    usage = parsed.data.usage ?? usage;
    const choice = parsed.data.choices?.[0];
    if (!choice) continue;
    whole += contentText(choice.delta?.content);
    refusal += choice.delta?.refusal ?? "";
    finish = choice.finish_reason ?? finish;
    const tokens = readLogProbabilities(choice.logprobs);
    if (tokens) told = [...(told ?? []), ...tokens];
    const piece = text.grow(whole);
    if (piece !== "") yield piece;
  }
  // The client ends a stream quietly when it is aborted.
  signal?.throwIfAborted();
  if (finish === null)
    throw new RequestError("The stream broke off before the answer was complete.", { fault: "failed" });
  if (whole.trim() === "" && refusal !== "") {
    whole = refusal;
    yield text.grow(whole);
  }
  return replyOf({ text: whole, finish, usage, logProbabilities: told });
}
