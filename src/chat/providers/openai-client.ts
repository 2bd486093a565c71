/**
 * The chat completions API through the official client, which brings addresses, authorisation and server-sent events.
 *
 * Its own retries are off: when to try again is decided in one place, middleware/retry.ts. Nothing that leaves this file holds
 * the key.
 */
import type OpenAI from "openai";
import type { ReplyOptions } from "../chat-model.ts";
import { faultOf, RequestError, retryAfterSeconds } from "../request-error.ts";
import type { ClientOptions, EndpointClient, MessageFields } from "./client.ts";
import { withoutKey } from "./client.ts";
import { completionParameters, readCompletion } from "./completion.ts";
import { readChunks } from "./completion-stream.ts";
import { readModels } from "./served-models.ts";
import { refusedField, withoutField } from "./unsupported-field.ts";

type Library = typeof import("openai");
type Body = Record<string, unknown>;
type Send<T> = (client: OpenAI, body: Body, signal: AbortSignal | undefined) => Promise<T>;

/** A client of one server and model. The library is loaded with the first request. */
export function openAiClient(options: ClientOptions): EndpointClient {
  const { baseUrl, model, key, timeout = 600, onNote = () => {} } = options;
  const isOpenAi = new URL(baseUrl).hostname === "api.openai.com";
  let opened: Promise<{ library: Library; client: OpenAI }> | undefined;
  const open = () => {
    opened ??= import("openai").then((library) => ({
      library,
      client: new library.OpenAI({
        baseURL: baseUrl,
        // A server without keys gets a word in the place of one, because the client sends the header in any case.
        apiKey: key ?? "none",
        ...(isOpenAi ? {} : { organization: null, project: null }),
        maxRetries: 0,
        timeout: timeout * 1000,
        logLevel: "off",
      }),
    }));
    return opened;
  };
  const guarded = async <T>(signal: AbortSignal | undefined, work: (client: OpenAI) => Promise<T>): Promise<T> => {
    const { library, client } = await open();
    try {
      return await work(client);
    } catch (error) {
      signal?.throwIfAborted();
      throw asRequestError(error, { library, options });
    }
  };
  /** Fields that the server has refused are not sent again. */
  const refused = new Set<string>();
  const send = async <T>(fields: MessageFields, replyOptions: ReplyOptions, work: Send<T>, more: Body = {}) => {
    const { signal } = replyOptions;
    const all: Body = { model, ...fields, ...completionParameters(replyOptions, { isOpenAi }), ...more };
    for (;;) {
      const body = [...refused].reduce(withoutField, all);
      try {
        return await guarded(signal, (client) => work(client, body, signal));
      } catch (error) {
        const field = refusedField(body, error);
        if (field === null) throw error;
        if (field !== "max_tokens" && !refused.has(field))
          onNote(`${baseUrl} does not take "${field}" for ${model}: asked without it.`);
        refused.add(field);
      }
    }
  };
  return {
    ask: (fields, replyOptions) =>
      send(fields, replyOptions, async (client, body, signal) =>
        readCompletion(await client.post<unknown>("/chat/completions", { body, ...(signal && { signal }) })),
      ),
    async *stream(fields, replyOptions) {
      const { signal } = replyOptions;
      const more = { stream: true, stream_options: { include_usage: true } };
      const open: Send<AsyncIterable<unknown>> = async (client, body, signal) =>
        client.post<AsyncIterable<unknown>>("/chat/completions", { body, stream: true, ...(signal && { signal }) });
      const chunks = (await send(fields, replyOptions, open, more))[Symbol.asyncIterator]();
      try {
        return yield* readChunks(() => guarded(signal, () => chunks.next()), signal);
      } finally {
        // Leaving the loop early closes the connection, which tells the server to stop.
        await chunks.return?.();
      }
    },
    models: (signal) =>
      guarded(signal, async (client) =>
        readModels(await client.get<unknown>("/models", { ...(signal && { signal }) })),
      ),
  };
}

/** One sentence about what went wrong, without the key. */
function asRequestError(
  error: unknown,
  { library, options }: Readonly<{ library: Library; options: ClientOptions }>,
): RequestError {
  if (error instanceof RequestError) return error;
  const { baseUrl, key, timeout = 600 } = options;
  const said = (text: string) => withoutKey(text, key);
  if (error instanceof library.APIConnectionTimeoutError)
    return new RequestError(`${baseUrl} did not answer within ${timeout} s.`, { fault: "failed" });
  if (error instanceof library.APIConnectionError) {
    const cause = deepestMessage(error);
    return new RequestError(`Cannot reach ${baseUrl} (${said(cause)}). Is the server up, and the address right?`, {
      fault: "unreachable",
    });
  }
  if (error instanceof library.APIError) {
    const { status, headers, code, message } = error;
    if (typeof status !== "number")
      return new RequestError(`${baseUrl} broke its answer off: ${said(message)}`, { fault: "failed" });
    const fault = faultOf(status, code);
    const remedy = fault === "forbidden" ? ` ${remedyOf(status, options)}` : "";
    return new RequestError(`${baseUrl} answered ${said(message)}.${remedy}`.replace(/\.\.(?= |$)/, "."), {
      fault,
      status,
      retryAfter: retryAfterSeconds(headers instanceof Headers ? headers : undefined, Date.now()),
    });
  }
  // Truncated JSON, or a connection that ended in the middle of an answer.
  return new RequestError(`${baseUrl} sent a broken answer (${said(deepestMessage(error))}).`, { fault: "failed" });
}

function remedyOf(status: number, { model, key }: ClientOptions): string {
  if (status === 404) return `Check the address and the model "${model}".`;
  if (status === 401 || status === 403)
    return key === null ? "Set the environment variable that holds the key." : "Check the key in the environment.";
  return "Check the account.";
}

function deepestMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : deepestMessage(error.cause);
}
