/**
 * The body of POST /v1/chat/completions. Fields that nobody here knows are ignored, as other servers do; known fields that
 * would change the answer and cannot be honoured are refused, because an answer that silently lacks them is worse.
 */
import { z } from "zod";
import { type AnswerForm, answerForm } from "./answer-form.ts";
import { invalid } from "./api-error.ts";
import { contentParts, type RequestPart } from "./content-parts.ts";
import type { FrameWish } from "./frame-wish.ts";
import type { ServeLimits } from "./limits.ts";
import { parseFields } from "./parse-fields.ts";
import { videoFields, videoKwargs } from "./video-fields.ts";

export type RequestMessage = Readonly<{ role: "system" | "user" | "assistant"; content: readonly RequestPart[] }>;

/** How an answer is drawn. Requests that share all of it, and name no seed, can be answered together. */
export type AnswerOptions = Readonly<{
  /** null where the request leaves it to the server. */
  maxNewTokens: number | null;
  temperature: number;
  topP: number;
  /** null where the request names none. */
  seed: number | null;
  stop: readonly string[];
  /** Alternatives a token; null where no log-probabilities are asked for. */
  logProbabilities: number | null;
}>;

export type ChatRequest = Readonly<{
  model: string;
  messages: readonly RequestMessage[];
  options: AnswerOptions;
  stream: boolean;
  includeUsage: boolean;
  form: AnswerForm | null;
}>;

const body = z.looseObject({
  model: z.string().min(1).max(500),
  messages: z.array(z.looseObject({ role: z.string(), content: z.unknown().optional() })).min(1),
  max_tokens: z.int().positive().nullish(),
  max_completion_tokens: z.int().positive().nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  n: z.int().nullish(),
  seed: z.int().nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(16)]).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  frequency_penalty: z.number().nullish(),
  presence_penalty: z.number().nullish(),
  logit_bias: z.record(z.string(), z.number()).nullish(),
  tools: z.array(z.unknown()).nullish(),
  functions: z.array(z.unknown()).nullish(),
  modalities: z.array(z.string()).nullish(),
  response_format: z.unknown().optional(),
  ...videoKwargs,
});

export type ParseOptions = Readonly<{ limits: ServeLimits; byDefault: FrameWish }>;

/** Check a body. Throws an ApiError that names the field at fault. */
export function parseChatRequest(value: unknown, { limits, byDefault }: ParseOptions): ChatRequest {
  const fields = parseFields(body, value, "");
  refuseUnsupported(fields);
  const video = videoFields(fields, byDefault);
  const messages = fields.messages.map(({ role, content }, i): RequestMessage => {
    const at = `messages[${i}]`;
    const parts = content == null && role === "assistant" ? [] : contentParts(content, `${at}.content`, video);
    return { role: roleOf(role, at), content: parts };
  });
  const maxNewTokens = fields.max_completion_tokens ?? fields.max_tokens ?? null;
  if (maxNewTokens !== null && maxNewTokens > limits.answerTokens) {
    const field = fields.max_completion_tokens == null ? "max_tokens" : "max_completion_tokens";
    throw invalid(field, `Expected ${field} of at most ${limits.answerTokens}, got ${maxNewTokens}.`);
  }
  if (fields.top_logprobs != null && fields.logprobs !== true)
    throw invalid("top_logprobs", "Expected logprobs to be true where top_logprobs is set.");
  return {
    model: fields.model,
    messages,
    options: {
      maxNewTokens,
      temperature: fields.temperature ?? 0,
      topP: fields.top_p ?? 1,
      seed: fields.seed ?? null,
      stop: [fields.stop ?? []].flat().filter((text) => text !== ""),
      logProbabilities: fields.logprobs ? (fields.top_logprobs ?? 0) : null,
    },
    stream: fields.stream ?? false,
    includeUsage: fields.stream_options?.include_usage ?? false,
    form: answerForm(fields.response_format),
  };
}

function roleOf(role: string, at: string): RequestMessage["role"] {
  if (role === "developer") return "system";
  if (role === "system" || role === "user" || role === "assistant") return role;
  throw invalid(`${at}.role`, `Expected the role system, developer, user or assistant, got "${role.slice(0, 50)}".`);
}

function refuseUnsupported(fields: z.output<typeof body>): void {
  const refuse = (param: string, sentence: string) => invalid(param, sentence, "unsupported_parameter");
  if (fields.n != null && fields.n !== 1)
    throw refuse("n", `Expected n of 1, got ${fields.n}. Ask again for another answer.`);
  for (const name of ["frequency_penalty", "presence_penalty"] as const) {
    if (fields[name]) throw refuse(name, `Expected ${name} of 0, got ${fields[name]}: models here do not support it.`);
  }
  if (Object.keys(fields.logit_bias ?? {}).length > 0)
    throw refuse("logit_bias", "Expected no logit_bias: models here do not support it.");
  for (const name of ["tools", "functions"] as const) {
    if ((fields[name]?.length ?? 0) > 0) throw refuse(name, `Expected no ${name}: models here call none.`);
  }
  if (fields.modalities?.some((name) => name !== "text"))
    throw refuse("modalities", 'Expected modalities of ["text"].');
}
