/**
 * Gemini's own API (generateContent), which takes videos with a rate and a part; its chat completions endpoint takes pictures
 * only. ai.google.dev/api/generate-content
 */
import { z } from "zod";
import type { Reply, ReplyOptions, TokenLogProbability } from "../chat-model.ts";
import { GrowingText } from "../growing-text.ts";
import { faultOf, RequestError, retryAfterSeconds } from "../request-error.ts";
import { type ClientOptions, type EndpointClient, type MessageFields, seedNumber, withoutKey } from "./client.ts";
import { mostAlternatives } from "./completion.ts";
import { eventData } from "./event-data.ts";

/** A client of one server and model. */
export function geminiClient(options: ClientOptions): EndpointClient {
  const { baseUrl, model, key, timeout = 600 } = options;
  const request = async (
    path: string,
    { body, signal }: Readonly<{ body?: unknown; signal?: AbortSignal | undefined }>,
  ) => {
    const limit = AbortSignal.timeout(timeout * 1000);
    try {
      const response = await fetch(`${baseUrl}${path}`, {
        method: body === undefined ? "GET" : "POST",
        headers: { "content-type": "application/json", ...(key !== null && { "x-goog-api-key": key }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: signal ? AbortSignal.any([signal, limit]) : limit,
      });
      if (!response.ok) throw await httpError(response, options);
      return response;
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof RequestError) throw error;
      const isSlow = limit.aborted;
      throw new RequestError(
        isSlow
          ? `${baseUrl} did not answer within ${timeout} s.`
          : `Cannot reach ${baseUrl} (${reasonOf(error, key)}).`,
        { fault: isSlow ? "failed" : "unreachable" },
      );
    }
  };
  const name = encodeURIComponent(model.replace(/^models\//, ""));
  const bodyOf = (fields: MessageFields, replyOptions: ReplyOptions) => ({
    ...fields,
    generationConfig: generationConfig(replyOptions),
  });
  return {
    async ask(fields, replyOptions) {
      const { signal } = replyOptions;
      const response = await request(`/models/${name}:generateContent`, { body: bodyOf(fields, replyOptions), signal });
      const read = new GeminiReply();
      read.add(await json(response, { baseUrl, key, signal }));
      return read.reply();
    },
    async *stream(fields, replyOptions) {
      const { signal } = replyOptions;
      const path = `/models/${name}:streamGenerateContent?alt=sse`;
      const response = await request(path, { body: bodyOf(fields, replyOptions), signal });
      const read = new GeminiReply();
      const text = new GrowingText();
      try {
        for await (const data of eventData(response.body)) {
          read.add(JSON.parse(data));
          const piece = text.grow(read.text);
          if (piece !== "") yield piece;
        }
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof RequestError) throw error;
        throw new RequestError(`${baseUrl} sent a broken answer (${reasonOf(error, key)}).`, { fault: "failed" });
      }
      return read.reply();
    },
    async models(signal) {
      const response = await request("/models?pageSize=1000", { signal });
      const parsed = modelList.safeParse(await json(response, { baseUrl, key, signal }));
      return (parsed.data?.models ?? []).map(({ name, inputTokenLimit }) => ({
        id: name.replace(/^models\//, ""),
        owner: "google",
        context: inputTokenLimit ?? null,
      }));
    },
  };
}

function generationConfig(options: ReplyOptions): Record<string, unknown> {
  const { maxNewTokens = 32, temperature = 0, topP, seed = 0, stop, schema, logProbabilities } = options;
  return {
    maxOutputTokens: maxNewTokens,
    temperature,
    ...(topP !== undefined && { topP }),
    ...(temperature > 0 && { seed: seedNumber(seed) }),
    ...(stop && stop.length > 0 && { stopSequences: stop }),
    ...(schema && { responseMimeType: "application/json", responseJsonSchema: schema.schema }),
    ...(logProbabilities !== undefined && {
      responseLogprobs: true,
      ...(logProbabilities > 0 && { logprobs: Math.min(logProbabilities, mostAlternatives) }),
    }),
  };
}

const candidate = z.looseObject({ token: z.string(), logProbability: z.number() });
const answer = z.looseObject({
  candidates: z
    .array(
      z.looseObject({
        content: z
          .looseObject({
            parts: z.array(z.looseObject({ text: z.string().nullish(), thought: z.boolean().nullish() })).nullish(),
          })
          .nullish(),
        finishReason: z.string().nullish(),
        logprobsResult: z
          .looseObject({
            chosenCandidates: z.array(candidate),
            topCandidates: z.array(z.looseObject({ candidates: z.array(candidate) })).nullish(),
          })
          .nullish(),
      }),
    )
    .nullish(),
  promptFeedback: z.looseObject({ blockReason: z.string().nullish() }).nullish(),
  usageMetadata: z
    .looseObject({ promptTokenCount: z.int().nullish(), candidatesTokenCount: z.int().nullish() })
    .nullish(),
});
const modelList = z.looseObject({
  models: z.array(z.looseObject({ name: z.string(), inputTokenLimit: z.int().nullish() })),
});

/** An answer put together of one or many parts. */
class GeminiReply {
  text = "";
  #finish: string | null = null;
  #usage: z.infer<typeof answer>["usageMetadata"];
  #told: TokenLogProbability[] | null = null;

  add(value: unknown): void {
    const parsed = answer.safeParse(value);
    if (!parsed.success)
      throw new RequestError("Expected an answer of Gemini's API, got another.", { fault: "failed" });
    const { candidates, promptFeedback, usageMetadata } = parsed.data;
    if (promptFeedback?.blockReason)
      throw new RequestError(`Gemini blocked the question (${promptFeedback.blockReason}).`, { fault: "refused" });
    this.#usage = usageMetadata ?? this.#usage;
    const [first] = candidates ?? [];
    if (!first) return;
    const parts = first.content?.parts ?? [];
    this.text += parts.map(({ text, thought }) => (thought ? "" : (text ?? ""))).join("");
    this.#finish = first.finishReason ?? this.#finish;
    const { chosenCandidates: chosen, topCandidates: top } = first.logprobsResult ?? {};
    if (!chosen) return;
    const tokens = chosen.map(({ token, logProbability }, i) => ({
      token,
      logProbability,
      alternatives: (top?.[i]?.candidates ?? []).map((each) => ({
        token: each.token,
        logProbability: each.logProbability,
      })),
    }));
    this.#told = [...(this.#told ?? []), ...tokens];
  }

  reply(): Reply {
    const finish = this.#finish;
    if (finish === null) throw new RequestError("The answer broke off before it was complete.", { fault: "failed" });
    if (finish !== "STOP" && finish !== "MAX_TOKENS" && this.text.trim() === "")
      throw new RequestError(`Gemini held the answer back (${finish}).`, { fault: "refused" });
    return {
      text: this.text.trim(),
      finish: finish === "MAX_TOKENS" ? "length" : "stop",
      promptTokens: this.#usage?.promptTokenCount ?? null,
      newTokens: this.#usage?.candidatesTokenCount ?? null,
      logProbabilities: this.#told,
    };
  }
}

const errorBody = z.looseObject({ error: z.looseObject({ message: z.string() }) });

async function httpError(response: Response, { baseUrl, key, model }: ClientOptions): Promise<RequestError> {
  const text = await response.text().catch(() => "");
  let said = text.slice(0, 300);
  try {
    said = errorBody.parse(JSON.parse(text)).error.message;
  } catch {
    // Not JSON, or not Gemini's: the text itself is shown.
  }
  const fault = faultOf(response.status, null);
  const remedy = fault === "forbidden" ? ` Check GEMINI_API_KEY and the model "${model}".` : "";
  return new RequestError(`${baseUrl} answered ${response.status} ${withoutKey(said, key)}${remedy}`, {
    fault,
    status: response.status,
    retryAfter: retryAfterSeconds(response.headers, Date.now()),
  });
}

type Reading = Readonly<{ baseUrl: string; key: string | null; signal: AbortSignal | undefined }>;

async function json(response: Response, { baseUrl, key, signal }: Reading): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    signal?.throwIfAborted();
    throw new RequestError(`${baseUrl} sent a broken answer (${reasonOf(error, key)}).`, { fault: "failed" });
  }
}

function reasonOf(error: unknown, key: string | null): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return withoutKey(cause instanceof Error ? cause.message : String(cause), key);
}
