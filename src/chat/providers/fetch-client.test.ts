/** Oracle: a server that says what the test tells it to, and the client of the command line beside it. */
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { fetchClient } from "./fetch-client.ts";
import { openAiClient } from "./openai-client.ts";

const open: (() => void)[] = [];
afterEach(() => {
  for (const close of open.splice(0)) close();
});

async function clients(answer: (response: ServerResponse) => void) {
  const server = createServer((request, response) => {
    request.resume().on("end", () => answer(response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  open.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const options = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    ...{ model: "m", key: "secret" },
  };
  return [fetchClient(options), openAiClient(options)] as const;
}

const fields = { messages: [{ role: "user", content: "when?" }] };
const events = (response: ServerResponse) => response.writeHead(200, { "content-type": "text/event-stream" });
const piece = (content: string, finish: string | null = null) =>
  `data: ${JSON.stringify({ choices: [{ delta: { content }, finish_reason: finish }] })}\n\n`;

async function read(client: ReturnType<typeof fetchClient>) {
  const pieces: string[] = [];
  const stream = client.stream(fields, {});
  for (;;) {
    const step = await stream.next();
    if (step.done) return { pieces, reply: step.value };
    pieces.push(step.value);
  }
}

test("a stream comes piece by piece, as the other client has it; an answer at once is one piece", async () => {
  const streaming = await clients((response) =>
    events(response).end(`${piece("From 4")}${piece(" to 8.", "stop")}data: [DONE]\n\n`),
  );
  const [own, other] = await Promise.all(streaming.map(read));
  expect(own).toEqual(other);
  expect(own?.pieces.join("")).toBe("From 4 to 8.");
  const [atOnce] = await clients((response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ choices: [{ message: { content: "From 4" }, finish_reason: "length" }] }));
  });
  expect(await read(atOnce)).toMatchObject({ pieces: ["From 4"], reply: { text: "From 4", finish: "length" } });
});

test("faults are sentences with the same kind as the other client's, and never hold the key", async () => {
  const cases = [
    [
      (r: ServerResponse) => r.writeHead(401).end('{"error":{"message":"bad key secret"}}'),
      /status 401: bad key \*\*\*\. Check the key/,
    ],
    [(r: ServerResponse) => r.writeHead(429).end("later"), /status 429: later\. Try again later/],
    [
      (r: ServerResponse) => events(r).write(piece("From")) && setImmediate(() => r.destroy()),
      /went away while it answered/,
    ],
    [(r: ServerResponse) => events(r).end(piece("From")), /broke off before the answer was complete/],
    [(r: ServerResponse) => r.writeHead(200).end("<html>"), /Is it an OpenAI-compatible address\?/],
  ] as const;
  for (const [answer, told] of cases) {
    const [own, other] = await clients(answer);
    const error = await read(own).catch((reason: unknown) => reason);
    expect(String(error)).toMatch(told);
    expect(String(error)).not.toContain("secret");
    const twin = await read(other).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ fault: (twin as { fault: string }).fault });
  }
});

test("a signal ends a stream with its reason", async () => {
  const [own] = await clients((response) => events(response).write(piece("From")));
  const controller = new AbortController();
  const stream = own.stream(fields, { signal: controller.signal });
  expect(await stream.next()).toMatchObject({ value: "From" });
  controller.abort(new Error("stopped"));
  await expect(stream.next()).rejects.toThrow("stopped");
});
