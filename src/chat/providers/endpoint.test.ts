import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { rgbaImage } from "../../media/image/index.ts";
import type { Frame } from "../../media/video/index.ts";
import { userMessage } from "../message.ts";
import { Budget } from "../middleware/budget.ts";
import { type OpenModelOptions, openModel } from "../open-model.ts";
import { RequestError } from "../request-error.ts";
import { type Answer, type FakeEndpoint, fails, fakeEndpoint, json, says, streams } from "./fake-endpoint.fixture.ts";

const memory = mkdtempSync(join(tmpdir(), "zoetrope-endpoint-"));
afterAll(() => rmSync(memory, { recursive: true }));

let server: FakeEndpoint | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const key = "sk-a-secret-that-nobody-may-see";
const question = [userMessage("Which item is shown first?")];
const pictures = (count: number) =>
  Array.from({ length: count }, (_, i): Frame => ({ image: rgbaImage(8, 8), time: i, index: i }));

/** A model behind a server that gives these answers, with no real waiting. */
async function open(answers: Answer | readonly Answer[], options: OpenModelOptions = {}) {
  server = await fakeEndpoint(answers);
  const waits: number[] = [];
  const retry = { wait: async (seconds: number) => void waits.push(seconds), ...options.retry };
  const environment = { ZOETROPE_API_KEY: key };
  const shape = options.textOnly ? {} : { shape: "frames" as const };
  const model = await openModel(`${server.url}#m`, { memory, environment, ...shape, ...options, retry });
  return { model, server, waits };
}

test("a question is a chat completion with greedy defaults, and the answer is read with its counts", async () => {
  const { model, server } = await open(says("  (A) the circle\n"));
  const reply = await model.generate(question, { maxNewTokens: 5 });
  expect(reply).toEqual({
    text: "(A) the circle",
    finish: "stop",
    promptTokens: 7,
    newTokens: 2,
    logProbabilities: null,
  });
  const [call] = server.calls;
  expect(call?.path).toBe("/v1/chat/completions");
  expect(call?.headers.authorization).toBe(`Bearer ${key}`);
  expect(call?.body).toEqual({
    model: "m",
    messages: [{ role: "user", content: "Which item is shown first?" }],
    max_tokens: 5,
    temperature: 0,
  });
});

test("every option has its field", async () => {
  const { model, server } = await open(says("{}", { finish_reason: "length" }));
  const schema = { name: "spans", schema: { type: "object" } };
  const options = { temperature: 0.5, topP: 0.9, seed: "a", stop: ["\n"], logProbabilities: 30, schema };
  expect((await model.generate(question, options)).finish).toBe("length");
  expect(server.calls[0]?.body).toMatchObject({
    temperature: 0.5,
    top_p: 0.9,
    stop: ["\n"],
    logprobs: true,
    top_logprobs: 20,
    response_format: { type: "json_schema", json_schema: { name: "spans", schema: { type: "object" }, strict: true } },
  });
  expect(Number.isInteger(server.calls[0]?.body.seed)).toBe(true);
});

test("a stream gives the pieces of the trimmed answer and its counts in the end", async () => {
  const { model, server } = await open(streams([" ", "(A)", " the", " circle", " "]));
  const pieces: string[] = [];
  const stream = model.stream(question);
  let step = await stream.next();
  for (; !step.done; step = await stream.next()) pieces.push(step.value);
  expect(pieces).toEqual(["(A)", " the", " circle"]);
  expect(step.value).toMatchObject({ text: "(A) the circle", finish: "stop", promptTokens: 7, newTokens: 5 });
  expect(server.calls[0]?.body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
});

test("leaving a stream closes the connection", async () => {
  const endless: Answer = async (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    while (!response.destroyed) {
      response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: "more " } }] })}\n\n`);
      await new Promise(setImmediate);
    }
  };
  const { model, server } = await open(endless);
  for await (const piece of model.stream(question)) if (piece.includes("more")) break;
  await expect.poll(() => server.broken()).toBe(1);
});

test("a signal ends a question and a stream with its reason", async () => {
  let arrived = () => {};
  const { model } = await open(() => arrived());
  for (const ask of [
    (signal: AbortSignal) => model.generate(question, { signal }),
    async (signal: AbortSignal) => {
      for await (const piece of model.stream(question, { signal })) expect(piece).toBe("never");
    },
  ]) {
    const control = new AbortController();
    arrived = () => control.abort(new Error("enough"));
    await expect(ask(control.signal)).rejects.toThrow("enough");
  }
});

test("429 waits as long as the server asks for, then the answer is there", async () => {
  const busy = fails(429, "Rate limit reached", { "retry-after": "7" });
  const { model, server, waits } = await open([busy, busy, says("yes")]);
  expect((await model.generate(question)).text).toBe("yes");
  expect(server.calls).toHaveLength(3);
  expect(waits.some((seconds) => seconds >= 7)).toBe(true);
});

test.each<[string, Answer]>([
  ["an error of the server", fails(500, "CUDA error")],
  ["truncated JSON", json(200, '{"choices": [{"message": {"content": "ye')],
  ["an error in the place of an answer", json(200, { error: { message: "engine is dead" } })],
  ["a connection that is cut", (response) => void response.socket?.destroy()],
])("%s is asked about again, and named where it stays", async (_, broken) => {
  const first = await open([broken, says("yes")]);
  expect((await first.model.generate(question)).text).toBe("yes");
  await first.server.close();
  const second = await open(broken, { retry: { attempts: 3 } });
  const error = await second.model.generate(question).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(RequestError);
  expect(second.server.calls).toHaveLength(3);
});

test("a stream that breaks off before its first piece is begun again; behind it the break is an error", async () => {
  const { model, server } = await open([streams([], { broken: true }), streams(["yes"])]);
  const again = model.stream(question);
  expect((await again.next()).value).toBe("yes");
  await again.next();
  await server.close();
  const broken = await open(streams(["ye"], { broken: true }));
  const stream = broken.model.stream(question);
  expect((await stream.next()).value).toBe("ye");
  await expect(stream.next()).rejects.toBeInstanceOf(RequestError);
  expect(broken.server.calls).toHaveLength(1);
});

test("an answer that takes too long is an error that says so", async () => {
  const { model } = await open(() => {}, { timeout: 0.05, retry: { attempts: 1 } });
  await expect(model.generate(question)).rejects.toThrow(/did not answer within 0.05 s/);
});

test.each([
  [401, "forbidden", undefined],
  [404, "forbidden", undefined],
  [400, "refused", undefined],
  [413, "refused", undefined],
  [429, "forbidden", "insufficient_quota"],
] as const)("%d is no matter of patience", async (status, fault, code) => {
  const { model, server } = await open(fails(status, "The maximum context length is 4096 tokens", {}, code));
  const error = (await model.generate(question).catch((reason: unknown) => reason)) as RequestError;
  expect(error).toMatchObject({ fault, status });
  expect(error.message).toContain("maximum context length");
  expect(server.calls).toHaveLength(1);
});

test("the key is nowhere to be seen: not in errors, causes, names or what is remembered", async () => {
  const echo: Answer = (response, call) =>
    fails(401, `Incorrect API key provided: ${call.headers.authorization}`)(response, call);
  const { model, server } = await open([echo, json(200, `{"key": "${key}`), fails(400, key)], {
    retry: { attempts: 1 },
  });
  const shown: string[] = [model.name, model.fingerprint, JSON.stringify(model)];
  for (let i = 0; i < 3; i++) {
    for (let error: unknown = await model.generate(question).catch((reason: unknown) => reason); error; ) {
      const { message, stack, cause } = error as Error;
      shown.push(message, stack ?? "", JSON.stringify(error));
      error = cause;
    }
  }
  await openModel(`${server.url}#m`, { memory, environment: { ZOETROPE_API_KEY: key } }).catch(() => {});
  await server.close();
  const gone = await openModel(`${server.url}#m`, { memory, environment: { ZOETROPE_API_KEY: key } }).catch(String);
  expect(server.calls.length).toBeGreaterThan(3);
  expect([...shown, String(gone)].join("\n")).not.toContain(key);
  expect(shown.join("\n")).toContain("***");
});

test("a key is sent only where it belongs", async () => {
  server = await fakeEndpoint(says("yes"));
  const reference = `${server.url}#m`;
  const ask = async (environment: Record<string, string>, keyName?: string) => {
    const options = { memory, environment, textOnly: true, ...(keyName !== undefined && { keyName }) };
    await (await openModel(reference, options)).generate(question);
    return server?.calls.at(-1)?.headers.authorization;
  };
  expect(await ask({ OPENAI_API_KEY: "for-openai", GEMINI_API_KEY: "for-google" })).toBe("Bearer none");
  expect(await ask({ MINE: "mine" }, "MINE")).toBe("Bearer mine");
  await expect(ask({}, "MINE")).rejects.toThrow(/MINE/);
  const environment = { OPENAI_API_KEY: "for-openai", OPENAI_BASE_URL: server.url };
  await (await openModel("openai:m", { memory, environment, textOnly: true })).generate(question);
  expect(server.calls.at(-1)?.headers.authorization).toBe("Bearer for-openai");
});

test.each([
  ["http://user:hunter2@127.0.0.1:1/v1#m", /without user name/],
  ["http://127.0.0.1:1/v1?key=hunter2#m", /without user name, password and query/],
  ["openai:gpt-4o-mini", /OPENAI_API_KEY/],
  ["gemini:gemini-2.5-flash", /GEMINI_API_KEY or GOOGLE_API_KEY/],
  ["http://127.0.0.1:9/v1#m", /Cannot reach http:\/\/127\.0\.0\.1:9\/v1/],
])("%s is refused in a sentence without secrets", async (reference, message) => {
  const error = await openModel(reference, { environment: {}, memory }).catch((reason: unknown) => reason);
  expect((error as Error).message).toMatch(message);
  expect((error as Error).message).not.toContain("hunter2");
});

test("a model that the server does not serve is refused with those that it does; an only one needs no name", async () => {
  server = await fakeEndpoint(says("yes"));
  await expect(openModel(`${server.url}#other`, { memory })).rejects.toThrow(/serves \(m\), got "other"/);
  const model = await openModel(server.url, { memory, textOnly: true });
  await model.generate(question);
  expect(server.calls[0]?.body.model).toBe("m");
});

test("the shape is found out once: the first that is not refused is taken and remembered", async () => {
  const picky: Answer = (response, call) => {
    const isVideo = JSON.stringify(call.body).includes("video/jpeg");
    (isVideo ? says("red") : fails(400, "At most 1 image(s) may be provided in one request."))(response, call);
  };
  server = await fakeEndpoint(picky);
  const notes: string[] = [];
  const options = { memory, onNote: (note: string) => void notes.push(note) };
  const first = await openModel(`${server.url}#m`, options);
  expect(server.calls).toHaveLength(2);
  expect(first.shape).toBe("frames-metadata");
  expect(notes.join()).toMatch(/frames-metadata.*doctor/);
  const again = await openModel(`${server.url}#m`, options);
  expect(server.calls).toHaveLength(2);
  expect(again.fingerprint).toBe(first.fingerprint);
  await again.generate([userMessage("?", pictures(3))]);
  expect(server.calls.at(-1)?.body).toHaveProperty("media_io_kwargs.video.frames_indices");
});

test("a model that refuses every shape takes texts only; a server that fails is an error and nothing is remembered", async () => {
  const { model, server } = await open(fails(400, "no pictures"), { textOnly: true });
  expect(model.accepts).toEqual(["text"]);
  const asked = openModel(`${server.url}#m`, { memory });
  expect((await asked).accepts).toEqual(["text"]);
  await expect((await asked).generate([userMessage("?", pictures(1))])).rejects.toThrow(/takes no pictures/);
  await server.close();
  const failing = await fakeEndpoint(fails(500, "out of memory"));
  const wait = async () => {};
  await expect(openModel(`${failing.url}#m`, { memory, retry: { wait } })).rejects.toThrow(/out of memory/);
  expect(readFileSync(join(memory, "endpoints.json"), "utf8")).not.toContain(failing.url);
  await failing.close();
});

test("a field that the server does not take is left out, with a note, and not tried again", async () => {
  const strict: Answer = (response, call) => {
    if ("temperature" in call.body) return fails(400, "Unsupported value: 'temperature'")(response, call);
    if ("max_tokens" in call.body) return fails(400, "Use 'max_completion_tokens' instead.")(response, call);
    if ("response_format" in call.body) return fails(400, "json_schema is not supported")(response, call);
    return says("yes")(response, call);
  };
  const notes: string[] = [];
  const { model, server } = await open(strict, { onNote: (note) => void notes.push(note) });
  const schema = { name: "s", schema: {} };
  expect((await model.generate(question, { schema })).text).toBe("yes");
  expect(server.calls).toHaveLength(4);
  expect((await model.generate(question, { schema })).text).toBe("yes");
  expect(server.calls).toHaveLength(5);
  expect(server.calls.at(-1)?.body).toEqual({ model: "m", messages: expect.anything(), max_completion_tokens: 32 });
  expect(notes).toHaveLength(2);
  expect(notes.join()).toMatch(/temperature.*response_format/s);
});

const told = (token: string, logprob: number) => ({ token, logprob });

test("log-probabilities are told, and options that are single likely tokens are scored by them (oracle: by hand)", async () => {
  const top = [told("A", -0.5), told(" A", -2), told("B", -1.5)];
  const { model, server } = await open(
    says("A", { logprobs: { content: [{ ...told("A", -0.5), top_logprobs: top }] } }),
  );
  const { logProbabilities } = await model.generate(question, { logProbabilities: 2 });
  expect(logProbabilities?.[0]).toEqual({
    token: "A",
    logProbability: -0.5,
    alternatives: top.map(({ token, logprob }) => ({ token, logProbability: logprob })),
  });
  const scores = await model.scoreOptions(question, ["A", "B"]);
  expect(scores?.[0]).toBeCloseTo(Math.log(Math.exp(-0.5) + Math.exp(-2)), 10);
  expect(scores?.[1]).toBe(-1.5);
  expect(server.calls.at(-1)?.body).toMatchObject({ max_tokens: 1, logprobs: true, top_logprobs: 20 });
  expect(await model.scoreOptions(question, ["A", "the circle"])).toBeNull();
});

test("a server without log-probabilities scores nothing", async () => {
  const { model } = await open(says("A"));
  expect(await model.scoreOptions(question, ["A"])).toBeNull();
});

test("an answer that a filter held back is refused, not empty", async () => {
  const { model } = await open(says("", { finish_reason: "content_filter" }));
  await expect(model.generate(question)).rejects.toMatchObject({ fault: "refused" });
});

test("a shape that cannot carry the question says why and what to do", async () => {
  const { model } = await open(says("yes"), { shape: "video-url" });
  await expect(model.generate([userMessage("?", pictures(2))])).rejects.toThrow(
    /video-url sends files.*--shape frames/,
  );
});

test("a budget stops a run in the middle; what was answered is told", async () => {
  const budget = new Budget({ requests: 3 });
  const { model, server } = await open(says("yes"), { budget, concurrency: 2 });
  const kept: number[] = [];
  const many = model.generateMany(new Array(10).fill(question), { onReply: (_, i) => void kept.push(i) });
  await expect(many).rejects.toThrow(/3 requests are made/);
  expect(server.calls).toHaveLength(3);
  expect(kept).toHaveLength(3);
});

test("one question that is refused does not keep the others from being asked", async () => {
  const { model } = await open((response, call) =>
    (JSON.stringify(call.body).includes("too long") ? fails(400, "too long") : says("yes"))(response, call),
  );
  const kept: number[] = [];
  const asked = ["a", "too long", "b", "c"].map((text) => [userMessage(text)]);
  await expect(model.generateMany(asked, { onReply: (_, i) => void kept.push(i) })).rejects.toThrow(/too long/);
  expect(kept.sort()).toEqual([0, 2, 3]);
});
