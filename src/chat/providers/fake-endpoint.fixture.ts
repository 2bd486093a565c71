/**
 * A server on this machine that answers as it is told: well, late, broken, or not at all.
 */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Call = Readonly<{
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Readonly<Record<string, unknown>>;
}>;
export type Answer = (response: ServerResponse, call: Call) => void | Promise<void>;

export type FakeEndpoint = AsyncDisposable &
  Readonly<{
    /** "http://127.0.0.1:PORT/v1". */
    url: string;
    /** Questions, in the order in which they came; lists of models are not among them. */
    calls: Call[];
    /** Requests whose sender went away before the end. */
    broken: () => number;
    close(): Promise<void>;
  }>;

/** Questions are answered by the answers in turn, the last one for good; `models` is what GET /models lists. */
export async function fakeEndpoint(
  answers: Answer | readonly Answer[],
  { models = [{ id: "m", owned_by: "vllm", max_model_len: 4096 }] }: Readonly<{ models?: readonly object[] }> = {},
): Promise<FakeEndpoint> {
  const list = typeof answers === "function" ? [answers] : answers;
  const calls: Call[] = [];
  let broken = 0;
  const server = createServer(async (request, response) => {
    response.on("close", () => {
      if (!response.writableEnded) broken++;
    });
    let text = "";
    for await (const chunk of request) text += chunk;
    const { method = "", url: path = "", headers } = request;
    if (method === "GET" && path.endsWith("/models"))
      return json(200, { object: "list", data: models })(response, {} as Call);
    const call = { method, path, headers, body: JSON.parse(text === "" ? "{}" : text) as Call["body"] };
    calls.push(call);
    await list[Math.min(calls.length, list.length) - 1]?.(response, call);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
  };
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, calls, broken: () => broken, close, [Symbol.asyncDispose]: close };
}

export function json(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  };
}

/** A chat completion with this text. */
export function says(text: string, more: Readonly<Record<string, unknown>> = {}): Answer {
  const choice = { index: 0, message: { role: "assistant", content: text }, finish_reason: "stop", ...more };
  return json(200, {
    id: "1",
    object: "chat.completion",
    choices: [choice],
    usage: { prompt_tokens: 7, completion_tokens: 2 },
  });
}

export function fails(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
  code?: string,
): Answer {
  return json(status, { error: { message, code } }, headers);
}

/** Server-sent events: pieces of a completion, then its end and its usage; or, `broken`, an end in the middle. */
export function streams(pieces: readonly string[], { broken = false }: Readonly<{ broken?: boolean }> = {}): Answer {
  return (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const send = (chunk: unknown) => response.write(`data: ${JSON.stringify(chunk)}\n\n`);
    for (const content of pieces) send({ choices: [{ index: 0, delta: { content } }] });
    if (broken) return void response.socket?.destroySoon();
    send({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] });
    send({ choices: [], usage: { prompt_tokens: 7, completion_tokens: pieces.length } });
    response.end("data: [DONE]\n\n");
  };
}
