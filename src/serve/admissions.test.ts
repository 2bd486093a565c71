/**
 * Who gets in, who waits and who is turned out, with a model that never comes to an end of its own and a server whose queue is
 * short.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import OpenAI from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ServeLimits } from "./limits.ts";
import { type RunningServer, startServer } from "./server.ts";
import { writeSlowCheckpoint } from "./slow-checkpoint.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-slow-"));
const model = basename(folder);
beforeAll(() => writeSlowCheckpoint(folder));
afterAll(() => rmSync(folder, { recursive: true }));

type Health = {
  stats: { underWay: number; cancelled: number; heldBytes: number; models: Record<string, { waiting: number }> };
};

async function withServer(
  limits: Partial<ServeLimits>,
  work: (server: RunningServer, client: OpenAI) => Promise<void>,
) {
  const server = await startServer({
    models: [folder],
    limits: { answerTokens: 32_000, ...limits },
    batch: 1,
    threads: 1,
  });
  const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "none", maxRetries: 0 });
  try {
    await work(server, client);
  } finally {
    await server.close();
  }
}
const body = (more: object = {}) => ({
  model,
  messages: [{ role: "user" as const, content: "tick tock" }],
  max_tokens: 30_000,
  ...more,
});
const streamed: OpenAI.ChatCompletionCreateParamsStreaming = { ...body(), stream: true };
const endless = (client: OpenAI, signal?: AbortSignal) =>
  client.chat.completions.create(body(), { ...(signal && { signal }) });
const short = (client: OpenAI) => client.chat.completions.create(body({ max_tokens: 2 }));
const health = async ({ url }: RunningServer) => (await (await fetch(`${url}/healthz`)).json()) as Health;

/** Ask until it is so; the test's own time limit ends it otherwise. */
async function until(server: RunningServer, isSo: (stats: Health["stats"]) => boolean): Promise<void> {
  while (!isSo((await health(server)).stats)) await new Promise((resolve) => setTimeout(resolve, 5));
}
const waiting = (stats: Health["stats"]) => stats.models[model]?.waiting;

test("a full queue says when to come back, and takes requests again when clients have hung up", async () => {
  await withServer({ waiting: 3 }, async (server, client) => {
    const stops = Array.from({ length: 3 }, () => new AbortController());
    const asked = stops.map(({ signal }) => endless(client, signal).catch((error: unknown) => error));
    await until(server, ({ underWay }) => underWay === 3);
    const full = await short(client).catch((error: unknown) => error);
    expect(full).toBeInstanceOf(OpenAI.RateLimitError);
    expect(full).toMatchObject({ status: 429, code: "queue_full" });
    expect(Number((full as InstanceType<typeof OpenAI.APIError>).headers?.get("retry-after"))).toBeGreaterThanOrEqual(
      1,
    );
    for (const stop of stops) stop.abort();
    for (const error of await Promise.all(asked)) expect(error).toBeInstanceOf(OpenAI.APIUserAbortError);
    await until(server, ({ underWay, cancelled }) => underWay === 0 && cancelled === 3);
    expect((await short(client)).usage?.completion_tokens).toBe(2);
    expect((await health(server)).stats.heldBytes).toBe(0);
  });
});

test("whoever hangs up while waiting leaves the queue; who is computed for goes on", async () => {
  await withServer({}, async (server, client) => {
    const [first, second] = [new AbortController(), new AbortController()];
    const running = endless(client, first.signal).catch(() => "stopped");
    await until(server, ({ underWay }) => underWay === 1);
    const queued = endless(client, second.signal).catch(() => "left");
    await until(server, (stats) => waiting(stats) === 1);
    second.abort();
    expect(await queued).toBe("left");
    await until(server, (stats) => waiting(stats) === 0 && stats.underWay === 1);
    first.abort();
    expect(await running).toBe("stopped");
    expect((await short(client)).choices).toHaveLength(1);
  });
});

test("whoever leaves a stream in the middle is not written for any more", async () => {
  await withServer({}, async (server, client) => {
    const stream = await client.chat.completions.create(streamed);
    let pieces = 0;
    for await (const _ of stream) if (++pieces === 5) break;
    await until(server, ({ underWay, cancelled }) => underWay === 0 && cancelled === 1);
    expect((await short(client)).choices).toHaveLength(1);
  });
});

test("a request that takes too long is told so, whole or in a stream", async () => {
  await withServer({ requestMs: 1000 }, async (server, client) => {
    await expect(endless(client)).rejects.toMatchObject({ status: 504, code: "timeout" });
    const read = async () => {
      for await (const _ of await client.chat.completions.create(streamed));
    };
    await expect(read()).rejects.toMatchObject({ code: "timeout", message: expect.stringMatching(/within 1 s/) });
    await until(server, ({ underWay }) => underWay === 0);
  });
});

test("a closing server answers what is there and lets nobody in", async () => {
  await withServer({}, async (server, client) => {
    const running = client.chat.completions.create(body({ max_tokens: 600 }));
    // A connection that is open already can still carry a request.
    const kept = request(`${server.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
    });
    await new Promise<void>((resolve) => void kept.once("socket", (socket) => socket.once("connect", () => resolve())));
    await until(server, ({ underWay }) => underWay === 1);
    const closed = server.close();
    const late = new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
      kept.once("error", reject).once("response", async (response) => {
        let text = "";
        for await (const chunk of response) text += String(chunk);
        resolve({ status: response.statusCode, text });
      });
    });
    kept.end(JSON.stringify(body({ max_tokens: 1 })));
    expect(await late).toMatchObject({ status: 503, text: expect.stringContaining("shutting_down") });
    await expect(short(client)).rejects.toThrow(OpenAI.APIConnectionError);
    expect((await running).usage?.completion_tokens).toBe(600);
    await closed;
  });
});

test("after the time of grace the rest is turned out", async () => {
  await withServer({ graceMs: 100 }, async (server, client) => {
    const running = [endless(client), endless(client)].map((each) => each.catch((error: unknown) => error));
    await until(server, ({ underWay }) => underWay === 2);
    await server.close();
    for (const error of await Promise.all(running)) expect(error).toMatchObject({ status: 503, code: "shutting_down" });
  });
});

test("what goes wrong inside is told to the server's owner, and nobody else", async () => {
  const script = join(folder, "script.json");
  writeFileSync(script, JSON.stringify({ known: "an answer" }));
  const told: unknown[] = [];
  const server = await startServer({ models: [`scripted:${script}`], onError: (error) => told.push(error) });
  const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: "none", maxRetries: 0 });
  const ask = (content: string, stream: boolean) =>
    client.chat.completions.create({ model: `scripted:${script}`, messages: [{ role: "user", content }], stream });
  for (const stream of [false, true]) {
    const error = await ask("something else", stream).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ status: 500, code: "internal_error" });
    expect((error as Error).message).not.toContain("pattern");
  }
  expect(told.map(String)).toEqual([expect.stringContaining("pattern"), expect.stringContaining("pattern")]);
  expect(await ask("a known question", false)).toMatchObject({ choices: [{ message: { content: "an answer" } }] });
  await server.close();
});

test("text-only models refuse pictures by name", async () => {
  await withServer({}, async (_, client) => {
    const content = [{ type: "image_url" as const, image_url: { url: "data:image/png;base64,AAAA" } }];
    await expect(
      client.chat.completions.create({ model, messages: [{ role: "user", content }] }),
    ).rejects.toMatchObject({
      status: 400,
      param: "messages[0].content[0].image_url.url",
      code: "unsupported_part",
    });
  });
});
