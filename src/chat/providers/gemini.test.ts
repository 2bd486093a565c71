import { afterEach, expect, test } from "vitest";
import { RequestError } from "../request-error.ts";
import { eventData } from "./event-data.ts";
import { type Answer, type FakeEndpoint, fakeEndpoint, json } from "./fake-endpoint.fixture.ts";
import { geminiClient } from "./gemini-client.ts";

let server: FakeEndpoint | undefined;
afterEach(() => server?.close());

const key = "AIza-secret";
const fields = { contents: [{ role: "user", parts: [{ text: "?" }] }] };
async function client(answer: Answer | Answer[], timeout = 5) {
  server = await fakeEndpoint(answer);
  return geminiClient({ baseUrl: server.url, model: "gemini-2.5-flash", key, timeout });
}
const candidate = (text: string, more: object = {}) => ({ content: { parts: [{ text }] }, ...more });
const usageMetadata = { promptTokenCount: 300, candidatesTokenCount: 4 };

test("a question is generateContent with its configuration, the key in a header (oracle: Google's reference, by hand)", async () => {
  const gemini = await client(
    json(200, { candidates: [candidate(" At 3 s.", { finishReason: "STOP" })], usageMetadata }),
  );
  const schema = { name: "s", schema: { type: "object" } };
  const options = { maxNewTokens: 9, temperature: 1, topP: 0.5, seed: 3, stop: ["x"], schema, logProbabilities: 2 };
  expect(await gemini.ask(fields, options)).toEqual({
    text: "At 3 s.",
    finish: "stop",
    promptTokens: 300,
    newTokens: 4,
    logProbabilities: null,
  });
  const [call] = server?.calls ?? [];
  expect(call?.path).toBe("/v1/models/gemini-2.5-flash:generateContent");
  expect(call?.headers["x-goog-api-key"]).toBe(key);
  expect(call?.body).toEqual({
    ...fields,
    generationConfig: {
      maxOutputTokens: 9,
      temperature: 1,
      topP: 0.5,
      seed: 3,
      stopSequences: ["x"],
      responseMimeType: "application/json",
      responseJsonSchema: { type: "object" },
      responseLogprobs: true,
      logprobs: 2,
    },
  });
});

test("a stream comes in pieces, thoughts are no answer, log-probabilities are joined", async () => {
  const chosen = (token: string) => ({
    chosenCandidates: [{ token, logProbability: -1 }],
    topCandidates: [{ candidates: [{ token, logProbability: -1 }] }],
  });
  const events = [
    { candidates: [{ content: { parts: [{ text: "Let me see", thought: true }] } }] },
    { candidates: [candidate("At ", { logprobsResult: chosen("At ") })] },
    { candidates: [candidate("3 s.", { finishReason: "MAX_TOKENS", logprobsResult: chosen("3 s.") })], usageMetadata },
  ];
  const gemini = await client((response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.end(events.map((event) => `data: ${JSON.stringify(event)}\r\n\r\n`).join(""));
  });
  const stream = gemini.stream(fields, {});
  const pieces: string[] = [];
  let step = await stream.next();
  for (; !step.done; step = await stream.next()) pieces.push(step.value);
  expect(pieces).toEqual(["At", " 3 s."]);
  expect(step.value).toMatchObject({ text: "At 3 s.", finish: "length", promptTokens: 300 });
  expect(step.value.logProbabilities?.map(({ token }) => token)).toEqual(["At ", "3 s."]);
  expect(server?.calls[0]?.path).toContain(":streamGenerateContent?alt=sse");
});

test.each<[string, Answer, object, RegExp]>([
  ["a blocked question", json(200, { promptFeedback: { blockReason: "SAFETY" } }), { fault: "refused" }, /SAFETY/],
  [
    "an answer held back",
    json(200, { candidates: [{ finishReason: "RECITATION" }] }),
    { fault: "refused" },
    /RECITATION/,
  ],
  ["an answer that breaks off", json(200, { candidates: [candidate("At")] }), { fault: "failed" }, /broke off/],
  ["truncated JSON", json(200, '{"candidates": ['), { fault: "failed" }, /broken answer/],
  [
    "too many requests",
    json(429, { error: { message: "quota" } }, { "retry-after": "4" }),
    { fault: "busy", retryAfter: 4 },
    /quota/,
  ],
  [
    "a wrong key",
    json(403, { error: { message: `API key ${key} not valid` } }),
    { fault: "forbidden" },
    /\*\*\* not valid/,
  ],
  ["a server that is gone", (response) => void response.socket?.destroy(), { fault: "unreachable" }, /Cannot reach/],
  ["a slow answer", () => {}, { fault: "failed" }, /did not answer within 0.05 s/],
])("%s is a RequestError that says so, without the key", async (name, answer, details, message) => {
  const gemini = await client(answer, name === "a slow answer" ? 0.05 : 5);
  const error = (await gemini.ask(fields, {}).catch((reason: unknown) => reason)) as RequestError;
  expect(error).toBeInstanceOf(RequestError);
  expect(error).toMatchObject(details);
  expect(error.message).toMatch(message);
  expect(error.message + error.stack).not.toContain(key);
});

test("models are listed with their context", async () => {
  const listed = { models: [{ name: "models/gemini-2.5-flash", inputTokenLimit: 1048576 }, { name: "models/other" }] };
  const gemini = await client([json(200, listed), json(404, {})]);
  expect(await gemini.models()).toEqual([
    { id: "gemini-2.5-flash", owner: "google", context: 1048576 },
    { id: "other", owner: "google", context: null },
  ]);
  await expect(gemini.models()).rejects.toMatchObject({ fault: "forbidden", status: 404 });
});

test("events are told by empty lines, however they are cut; one that is not ended does not count", async () => {
  const cut = ["data: a\n", "\ndata:b\r", "\ndata: c\r\n\r\n: remark\n\ndata: torn"];
  expect(await eventsOf(cut)).toEqual(["a", "b\nc"]);
});

async function eventsOf(chunks: readonly string[]): Promise<string[]> {
  const encode = async function* () {
    for (const chunk of chunks) yield new TextEncoder().encode(chunk);
  };
  const events: string[] = [];
  for await (const data of eventData(encode())) events.push(data);
  return events;
}
