/**
 * The chat completions API: the parameters of a request and what is read of an answer. Other fields are left alone.
 */
import { z } from "zod";
import type { Reply, ReplyOptions, TokenLogProbability } from "../chat-model.ts";
import { RequestError } from "../request-error.ts";
import { seedNumber } from "./client.ts";

/** The most alternatives a token that OpenAI and vLLM give by default. */
export const mostAlternatives = 20;

/** Everything of a body but model and messages. Newer models of OpenAI know no `max_tokens`, other servers nothing else. */
export function completionParameters(
  { maxNewTokens = 32, temperature = 0, topP, seed = 0, stop, schema, logProbabilities }: ReplyOptions,
  { isOpenAi }: Readonly<{ isOpenAi: boolean }>,
): Record<string, unknown> {
  return {
    [isOpenAi ? "max_completion_tokens" : "max_tokens"]: maxNewTokens,
    temperature,
    ...(topP !== undefined && { top_p: topP }),
    ...(temperature > 0 && { seed: seedNumber(seed) }),
    ...(stop && stop.length > 0 && { stop }),
    ...(logProbabilities !== undefined && {
      logprobs: true,
      top_logprobs: Math.min(logProbabilities, mostAlternatives),
    }),
    ...(schema && {
      response_format: { type: "json_schema", json_schema: { name: schema.name, schema: schema.schema, strict: true } },
    }),
  };
}

const tokenLogProbability = z.looseObject({ token: z.string(), logprob: z.number() });
const logProbabilities = z
  .looseObject({
    content: z.array(tokenLogProbability.extend({ top_logprobs: z.array(tokenLogProbability).nullish() })).nullish(),
  })
  .nullish();
const usage = z.looseObject({ prompt_tokens: z.int().nullish(), completion_tokens: z.int().nullish() }).nullish();
const content = z.union([z.string(), z.array(z.looseObject({ text: z.string().nullish() }))]).nullish();

const completion = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        message: z.looseObject({ content, refusal: z.string().nullish() }),
        finish_reason: z.string().nullish(),
        logprobs: logProbabilities,
      }),
    )
    .min(1),
  usage,
});
export const completionChunk = z.looseObject({
  choices: z
    .array(
      z.looseObject({
        delta: z.looseObject({ content, refusal: z.string().nullish() }).nullish(),
        finish_reason: z.string().nullish(),
        logprobs: logProbabilities,
      }),
    )
    .nullish(),
  usage,
});

/** Read an answer. Throws RequestError where it is none, or where a filter of the server's swallowed it. */
export function readCompletion(value: unknown): Reply {
  const parsed = completion.safeParse(value);
  if (!parsed.success) throw notACompletion(value, parsed.error);
  const [choice] = parsed.data.choices as [(typeof parsed.data.choices)[number]];
  return replyOf({
    text: contentText(choice.message.content) || (choice.message.refusal ?? ""),
    finish: choice.finish_reason ?? "stop",
    usage: parsed.data.usage,
    logProbabilities: readLogProbabilities(choice.logprobs),
  });
}

export type ReadParts = Readonly<{
  text: string;
  finish: string;
  usage: z.infer<typeof usage>;
  logProbabilities: TokenLogProbability[] | null;
}>;

export function replyOf({ text, finish, usage, logProbabilities }: ReadParts): Reply {
  if (finish === "content_filter" && text.trim() === "")
    throw new RequestError("The server's content filter held the answer back.", { fault: "refused" });
  return {
    text: text.trim(),
    finish: finish === "length" ? "length" : "stop",
    promptTokens: usage?.prompt_tokens ?? null,
    newTokens: usage?.completion_tokens ?? null,
    logProbabilities,
  };
}

export function contentText(value: z.infer<typeof content>): string {
  if (typeof value === "string") return value;
  return (value ?? []).map(({ text }) => text ?? "").join("");
}

export function readLogProbabilities(value: z.infer<typeof logProbabilities>): TokenLogProbability[] | null {
  const told = value?.content?.map(({ token, logprob, top_logprobs }) => ({
    token,
    logProbability: logprob,
    alternatives: (top_logprobs ?? []).map((each) => ({ token: each.token, logProbability: each.logprob })),
  }));
  return told ?? null;
}

/** An error in the place of an answer, or something that is no chat completion at all. */
export function notACompletion(value: unknown, cause: z.ZodError): RequestError {
  const error = z
    .looseObject({ error: z.union([z.string(), z.looseObject({ message: z.string() })]) })
    .safeParse(value);
  if (error.success) {
    const said = typeof error.data.error === "string" ? error.data.error : error.data.error.message;
    return new RequestError(`The server answered with an error: ${said}`, { fault: "failed", cause });
  }
  const [issue] = cause.issues;
  return new RequestError(
    `Expected a chat completion, got an answer without ${issue?.path.join(".") || "fields"} (${issue?.message}). Is the address that of a /v1 endpoint?`,
    { fault: "failed", cause },
  );
}
