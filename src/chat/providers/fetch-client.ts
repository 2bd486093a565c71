/**
 * The chat completions API by fetch alone: the client of pages, which need neither the library's weight nor its retries. What is
 * sent and how answers are read is the same as everywhere.
 */
import { z } from "zod";
import type { ReplyOptions } from "../chat-model.ts";
import { faultOf, RequestError, retryAfterSeconds } from "../request-error.ts";
import { type ClientOptions, type EndpointClient, type MessageFields, withoutKey } from "./client.ts";
import { completionParameters, readCompletion } from "./completion.ts";
import { readChunks } from "./completion-stream.ts";
import { eventData } from "./event-data.ts";
import { readModels } from "./served-models.ts";
import { refusedField, withoutField } from "./unsupported-field.ts";

type Request = Readonly<{ body?: Readonly<Record<string, unknown>>; signal: AbortSignal | undefined }>;

/** A client of one server and model; it waits as long as its signal lets it. */
export function fetchClient({ baseUrl, model, key, onNote = () => {} }: ClientOptions): EndpointClient {
  const isOpenAi = new URL(baseUrl).hostname === "api.openai.com";
  const request = async (path: string, { body, signal }: Request): Promise<Response> => {
    const url = `${baseUrl}${path}`;
    const response = await fetch(url, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(key !== null && { authorization: `Bearer ${key}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    }).catch((cause: unknown) => {
      signal?.throwIfAborted();
      throw new RequestError(
        `Expected a server at ${url}, got no answer. Is it running, and does it allow this page to ask (CORS)?`,
        { fault: "unreachable", cause },
      );
    });
    if (!response.ok) throw await refusal(url, response, key);
    return response;
  };
  /** Fields that the server has refused are not sent again. */
  const refused = new Set<string>();
  const ask = async (fields: MessageFields, options: ReplyOptions, more: Readonly<Record<string, unknown>> = {}) => {
    const all = { model, ...fields, ...completionParameters(options, { isOpenAi }), ...more };
    for (;;) {
      const body = [...refused].reduce(withoutField, all as Record<string, unknown>);
      try {
        return await request("/chat/completions", { body, signal: options.signal });
      } catch (error) {
        const field = refusedField(body, error);
        if (field === null) throw error;
        if (field !== "max_tokens" && !refused.has(field))
          onNote(`${baseUrl} does not take "${field}" for ${model}: asked without it.`);
        refused.add(field);
      }
    }
  };
  const whole = async (response: Response, signal: AbortSignal | undefined) =>
    readCompletion(jsonOf(await guarded(() => response.text(), { url: response.url, signal }), baseUrl));
  return {
    ask: async (fields, options) => whole(await ask(fields, options), options.signal),
    async *stream(fields, options) {
      const { signal } = options;
      const response = await ask(fields, options, { stream: true, stream_options: { include_usage: true } });
      if (!response.headers.get("content-type")?.includes("event-stream")) {
        // The server does not stream: the answer comes at once.
        const reply = await whole(response, signal);
        if (reply.text !== "") yield reply.text;
        return reply;
      }
      const events = eventData(bytesOf(response.body));
      const next = async (): Promise<IteratorResult<unknown>> => {
        const step = await guarded(() => events.next(), { url: response.url, signal });
        return step.done || step.value === "[DONE]"
          ? { done: true, value: undefined }
          : { done: false, value: jsonOf(step.value, baseUrl) };
      };
      try {
        return yield* readChunks(next, signal);
      } finally {
        // Leaving early closes the connection, which tells the server to stop.
        await events.return(undefined).catch(() => {});
      }
    },
    models: async (signal) => {
      const response = await request("/models", { signal });
      return readModels(jsonOf(await response.text(), baseUrl));
    },
  };
}

/** Pages cannot all walk over a stream; its reader can everywhere. */
async function* bytesOf(stream: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array, void, undefined> {
  if (stream === null) return;
  const reader = stream.getReader();
  try {
    for (let step = await reader.read(); !step.done; step = await reader.read()) yield step.value;
  } finally {
    await reader.cancel().catch(() => {});
  }
}

async function guarded<T>(
  work: () => Promise<T>,
  { url, signal }: Readonly<{ url: string; signal: AbortSignal | undefined }>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    signal?.throwIfAborted();
    throw new RequestError(`Expected an answer from ${url}, but the server went away while it answered. Ask again.`, {
      fault: "failed",
      cause,
    });
  }
}

function jsonOf(text: string, baseUrl: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RequestError(
      `Expected a chat completion from ${baseUrl}, got ${JSON.stringify(text.slice(0, 120))}. Is it an OpenAI-compatible address?`,
      { fault: "failed", cause },
    );
  }
}

const said = z.looseObject({ error: z.looseObject({ message: z.string(), code: z.unknown().optional() }) });

async function refusal(url: string, response: Response, key: string | null): Promise<RequestError> {
  const { status, headers } = response;
  const raw = await response.text().catch(() => "");
  const error = said.safeParse(tryJson(raw)).data?.error;
  const reason = withoutKey(error?.message ?? raw.slice(0, 160), key).replace(/[.\s]+$/, "");
  const remedy =
    status === 401 || status === 403
      ? "Check the key."
      : status === 404
        ? "Check the address and the model's name."
        : status === 413 || status === 400
          ? "Show fewer frames, or ask a model that takes pictures."
          : "Try again later.";
  return new RequestError(`Expected an answer from ${url}, got status ${status}: ${reason}. ${remedy}`, {
    fault: faultOf(status, typeof error?.code === "string" ? error.code : null),
    status,
    retryAfter: retryAfterSeconds(headers, Date.now()),
  });
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
