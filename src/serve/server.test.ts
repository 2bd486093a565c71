/**
 * The server as OpenAI's own client meets it, with zoetrope-micro behind it. The oracle is the same model asked directly in this
 * process, about frames that local commands would show it.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import OpenAI from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { type ChatModel, openLocalModel, userMessage } from "../chat/index.ts";
import { Rng } from "../core/math/index.ts";
import { encodePng } from "../media/image/index.ts";
import { sampleFrames } from "../media/sampling/index.ts";
import { type Frame, openVideo } from "../media/video/index.ts";
import { orderScript, wholeVocabulary, writeWorldVideo } from "../world/index.ts";
import { type RunningServer, startServer } from "./server.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-serve-test-"));
const clip = join(folder, "clip.mp4");
const question = "Which item is shown first? ";
const key = "a-key-for-tests";
const errors: unknown[] = [];
let server: RunningServer;
let client: OpenAI;
let direct: ChatModel;
let frames: Frame[];

type Part = OpenAI.ChatCompletionContentPart;
type Extended = OpenAI.ChatCompletion & { zoetrope: { frames: { time: number | null; index: number }[] } };

beforeAll(async () => {
  await writeWorldVideo(clip, orderScript(new Rng("serve"), wholeVocabulary), { width: 64, height: 48 });
  server = await startServer({
    models: ["micro"],
    apiKey: key,
    media: { allowFile: [folder] },
    allowOrigin: ["http://127.0.0.1:4173"],
    onError: (error) => errors.push(error),
  });
  client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: key, maxRetries: 0 });
  direct = openLocalModel("micro");
  await using video = await openVideo(clip);
  frames = await sampleFrames(video, "linspace", 8);
});
afterAll(async () => {
  await server.close();
  await direct.dispose();
  rmSync(folder, { recursive: true });
  expect(errors).toEqual([]);
});

const text = (said: string): Part => ({ type: "text", text: said });
async function pngParts(shown: readonly Frame[] = frames): Promise<Part[]> {
  const parts = shown.map(async ({ image, time }): Promise<Part[]> => {
    const url = `data:image/png;base64,${Buffer.from(await encodePng(image)).toString("base64")}`;
    return [text(`<${time.toFixed(3)} seconds>`), { type: "image_url", image_url: { url } }];
  });
  return (await Promise.all(parts)).flat();
}
/** Ask with fields that the client's types do not know. */
const ask = (content: unknown, more: object = {}) =>
  client.post<unknown>("/chat/completions", {
    body: { model: "micro", messages: [{ role: "user", content }], max_tokens: 32, ...more },
  }) as Promise<Extended>;
const asked = (said: string) => direct.generate([userMessage(said, frames)], { maxNewTokens: 32 });
const base64 = () => readFileSync(clip).toString("base64");
const times = (shown: readonly Frame[]) => shown.map(({ time, index }) => ({ time, index }));

test("models are listed, and told one by one", async () => {
  const { data } = await client.models.list();
  expect(data.map(({ id, object, owned_by }) => [id, object, owned_by])).toEqual([["micro", "model", "zoetrope"]]);
  expect(await client.models.retrieve("micro")).toMatchObject({ max_model_len: 2048, fingerprint: direct.fingerprint });
  await expect(client.models.retrieve("a/b")).rejects.toMatchObject({ status: 404, code: "model_not_found" });
});

test("an answer is the model's own, with its tokens counted", async () => {
  const reply = await asked(question);
  const answer = await ask([...(await pngParts()), text(question)]);
  expect(answer.choices).toMatchObject([
    { index: 0, message: { role: "assistant", content: reply.text, refusal: null }, finish_reason: reply.finish },
  ]);
  expect(answer.usage).toEqual({
    prompt_tokens: reply.promptTokens,
    completion_tokens: reply.newTokens,
    total_tokens: (reply.promptTokens ?? 0) + (reply.newTokens ?? 0),
  });
  expect(answer).toMatchObject({ object: "chat.completion", model: "micro", system_fingerprint: direct.fingerprint });
  expect(answer.zoetrope.frames.map(({ time }) => time)).toEqual(frames.map(({ time }) => Number(time.toFixed(3))));
});

test("a video in every shape is seen as local commands see it: the same frames, the container's times, the same answer", async () => {
  const data = `data:video/mp4;base64,${base64()}`;
  const number = { media_io_kwargs: { video: { num_frames: 8 } } };
  const shapes: [unknown, object][] = [
    [{ type: "video_url", video_url: { url: data } }, number],
    [{ type: "video_url", video_url: { url: pathToFileURL(clip).href } }, number],
    [{ type: "video_url", video_url: { url: data } }, {}],
    [{ type: "input_video", input_video: { data: base64() } }, {}],
    [{ type: "video", video: data, nframes: 8 }, {}],
    [{ inlineData: { mimeType: "video/mp4", data: base64() } }, {}],
    [
      { type: "video_url", video_url: { url: data } },
      { media_io_kwargs: { video: { frame_indices: frames.map(({ index }) => index) } } },
    ],
  ];
  const reply = await asked(question);
  for (const [part, more] of shapes) {
    const answer = await ask([part, text(question)], more);
    expect(answer.zoetrope.frames, JSON.stringify(part).slice(0, 80)).toEqual(times(frames));
    expect(answer.choices[0]?.message.content).toBe(reply.text);
    expect(answer.usage?.prompt_tokens).toBe(reply.promptTokens);
  }
});

test("frames that the client cut are one video with the times of its metadata", async () => {
  const pngs = await Promise.all(
    frames.map(async ({ image }) => Buffer.from(await encodePng(image)).toString("base64")),
  );
  const part = { type: "video_url", video_url: { url: `data:video/png;base64,${pngs.join(",")}` } };
  const video = {
    fps: 8,
    frames_indices: frames.map(({ index }) => index),
    total_num_frames: 80,
    duration: 10,
    do_sample_frames: false,
  };
  const answer = await ask([part, text(question)], { media_io_kwargs: { video } });
  expect(answer.choices[0]?.message.content).toBe((await asked(question)).text);
  expect(answer.zoetrope.frames).toEqual(frames.map(({ index }) => ({ time: index / 8, index })));
});

test("a rate and a part of a video choose frames by their times", async () => {
  await using video = await openVideo(clip);
  const { timestamps } = video.timeline();
  const answer = await ask([
    { type: "video", video: pathToFileURL(clip).href, fps: 2, video_start: 1, video_end: 3 },
    text(question),
  ]);
  expect(answer.zoetrope.frames).toHaveLength(4);
  for (const { time, index } of answer.zoetrope.frames) expect(time).toBe(timestamps[index]);
  const start = answer.zoetrope.frames[0]?.time as number;
  expect(answer.zoetrope.frames.every(({ time }, i) => Math.abs((time as number) - start - i / 2) < 0.13)).toBe(true);
});

test("a stream gives the answer in pieces, then why it ended, then what it cost", async () => {
  const content = [...(await pngParts()), text("Describe the video. ")];
  const reply = await asked("Describe the video. ");
  const stream = await client.chat.completions.create({
    model: "micro",
    messages: [{ role: "user", content }],
    max_tokens: 32,
    stream: true,
    stream_options: { include_usage: true },
  });
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  const pieces = chunks.flatMap(({ choices }) => choices[0]?.delta.content || []);
  expect(pieces.join("")).toBe(reply.text);
  expect(pieces.length).toBeGreaterThan(1);
  expect(chunks[0]?.choices[0]?.delta.role).toBe("assistant");
  expect(chunks.flatMap(({ choices }) => choices[0]?.finish_reason ?? [])).toEqual([reply.finish]);
  expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { completion_tokens: reply.newTokens } });
  expect(new Set(chunks.map(({ id }) => id)).size).toBe(1);
});

test("the client's own stream helper agrees with the whole answer", async () => {
  const content = [...(await pngParts()), text(question)];
  const runner = client.chat.completions.stream({
    model: "micro",
    messages: [{ role: "user", content }],
    logprobs: true,
  });
  const { choices } = await runner.finalChatCompletion();
  const whole = await ask(content, { logprobs: true });
  expect(choices[0]?.message.content).toBe(whole.choices[0]?.message.content);
  expect(choices[0]?.logprobs?.content).toEqual(whole.choices[0]?.logprobs?.content);
});

test("tokens are told with their log-probabilities and alternatives", async () => {
  const reply = await direct.generate([userMessage(question, frames)], { maxNewTokens: 32, logProbabilities: 3 });
  const answer = await ask([...(await pngParts()), text(question)], { logprobs: true, top_logprobs: 3 });
  const told = answer.choices[0]?.logprobs?.content?.map(({ token, logprob, top_logprobs }) => ({
    token,
    logProbability: logprob,
    alternatives: top_logprobs.map((each) => ({ token: each.token, logProbability: each.logprob })),
  }));
  expect(told).toHaveLength(reply.newTokens as number);
  expect(told?.map(({ token }) => token)).toEqual(reply.logProbabilities?.map(({ token }) => token));
  told?.forEach(({ logProbability }, i) => {
    expect(logProbability).toBeCloseTo(reply.logProbabilities?.[i]?.logProbability as number, 4);
  });
});

test("stop texts, a limit of tokens and seeds work as in the model", async () => {
  const said = "Describe the video. ";
  const content = [...(await pngParts()), text(said)];
  const whole = await asked(said);
  const stop = whole.text.slice(4, 7);
  expect((await ask(content, { stop: [stop] })).choices[0]).toMatchObject({
    message: { content: whole.text.slice(0, whole.text.indexOf(stop)).trim() },
    finish_reason: "stop",
  });
  const short = await ask(content, { max_tokens: 2 });
  expect([short.choices[0]?.finish_reason, short.usage?.completion_tokens]).toEqual(["length", 2]);
  const sampling = { temperature: 1.5, top_p: 0.95 };
  const drawn = await direct.generate([userMessage(said, frames)], {
    maxNewTokens: 32,
    temperature: 1.5,
    topP: 0.95,
    seed: 11,
  });
  const answers = await Promise.all([11, 11, 12].map((seed) => ask(content, { ...sampling, seed })));
  const contents = answers.map(({ choices }) => choices[0]?.message.content);
  expect(contents.slice(0, 2)).toEqual([drawn.text, drawn.text]);
  expect(contents[2]).not.toBe(drawn.text);
});

test("many at once get each their own answer", async () => {
  const colors = ["red", "green", "blue", "white", "yellow"];
  const said = Array.from(
    { length: 40 },
    (_, i) => `What color is the ${colors[i % 5]} ${i % 2 === 0 ? "circle" : "square"}? `,
  );
  const expected = await Promise.all(
    said.map(async (each) => (await direct.generate([userMessage(each)], { maxNewTokens: 16 })).text),
  );
  const answers = await Promise.all(said.map((each) => ask(each, { max_tokens: 16 })));
  expect(answers.map(({ choices }) => choices[0]?.message.content)).toEqual(expected);
});

test("a schema of spans is answered with JSON that fits it, or refused in words", async () => {
  const spans = z.object({ spans: z.array(z.object({ start: z.number(), end: z.number() })) });
  const response_format = {
    type: "json_schema",
    json_schema: { name: "spans", schema: z.toJSONSchema(spans), strict: true },
  };
  const content = [...(await pngParts()), text(question)];
  const { message } = (await ask(content, { response_format })).choices[0] ?? {};
  // The model names things, not times: the client's field for that is the refusal.
  expect(message?.content).toBeNull();
  expect(message?.refusal).toContain((await asked(question)).text);
  await expect(ask("x", { response_format: { type: "json_object" } })).rejects.toMatchObject({
    status: 400,
    param: "response_format",
  });
});

test.each<[string, () => Promise<unknown>, object]>([
  ["another model", () => ask("x", { model: "gpt-4o" }), { status: 404, code: "model_not_found", param: "model" }],
  [
    "another key",
    () => client.withOptions({ apiKey: "wrong" }).models.list(),
    { status: 401, code: "invalid_api_key" },
  ],
  [
    "a wrong field",
    () => ask("x", { temperature: "warm" }),
    { status: 400, param: "temperature", type: "invalid_request_error" },
  ],
  [
    "a prompt that is too long",
    () => ask("red ".repeat(3000)),
    { status: 400, code: "context_length_exceeded", param: "messages" },
  ],
  [
    "an answer that does not fit",
    () => ask("red ".repeat(1900), { max_tokens: 1000 }),
    { status: 400, code: "context_length_exceeded" },
  ],
  ["the model's own image token", () => ask("<image>"), { status: 400, param: "messages" }],
  ["another path", () => client.post("/completions", { body: {} }), { status: 404, code: "unknown_url" }],
  ["another method", () => client.get("/chat/completions"), { status: 405, code: "method_not_allowed" }],
])("%s is an error of the API's own kind", async (_, request, expected) => {
  const error = await request().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(OpenAI.APIError);
  expect(error).toMatchObject(expected);
  expect((error as InstanceType<typeof OpenAI.APIError>).error).toMatchObject({
    message: expect.stringMatching(/.{10}/),
  });
});

test("one prompt that is too long does not spoil the answers beside it", async () => {
  const long = ask("red ".repeat(3000), { max_tokens: 16 }).catch(({ status }: { status: number }) => status);
  const short = Array.from({ length: 6 }, (_, i) =>
    ask(`What color is the circle? ${"red ".repeat(i)}`, { max_tokens: 16 }),
  );
  expect(await long).toBe(400);
  expect((await Promise.all(short)).every(({ choices }) => choices[0]?.finish_reason === "stop")).toBe(true);
});

test("an answer of no stated length gets what the prompt leaves of the context", async () => {
  const { choices } = await ask("red ".repeat(1990), { max_tokens: undefined });
  expect(choices).toHaveLength(1);
});

test("the same video is decoded once, however often it is asked about", async () => {
  const parts = () =>
    fetch(`${server.url}/healthz`, { headers: { authorization: `Bearer ${key}` } }).then((each) => each.json());
  const before = (await parts()) as { stats: { media: { parts: number; kept: number } } };
  const video = { type: "video_url", video_url: { url: `data:video/mp4;base64,${base64()}` } };
  const wish = { media_io_kwargs: { video: { num_frames: 5 } } };
  for (const said of ["a", "b", "c"]) await ask([video, text(said)], wish);
  const after = (await parts()) as typeof before;
  expect(after.stats.media.parts - before.stats.media.parts).toBe(3);
  expect(after.stats.media.kept - before.stats.media.kept).toBe(2);
});

test("pages of an allowed origin may ask, others may not", async () => {
  const preflight = async (origin: string) => {
    const headers = {
      origin,
      "access-control-request-method": "POST",
      "access-control-request-headers": "content-type",
    };
    const response = await fetch(`${server.url}/v1/chat/completions`, { method: "OPTIONS", headers });
    return response.headers.get("access-control-allow-origin");
  };
  expect(await preflight("http://127.0.0.1:4173")).toBe("http://127.0.0.1:4173");
  expect(await preflight("http://evil.example")).toBeNull();
  const headers = {
    origin: "http://127.0.0.1:4173",
    authorization: `Bearer ${key}`,
    "content-type": "application/json",
  };
  for (const body of [
    "{}",
    JSON.stringify({ model: "micro", messages: [{ role: "user", content: "hi" }], max_tokens: 2 }),
  ]) {
    const response = await fetch(`${server.url}/v1/chat/completions`, { method: "POST", headers, body });
    expect([response.status, response.headers.get("access-control-allow-origin")]).toEqual([
      body === "{}" ? 400 : 200,
      "http://127.0.0.1:4173",
    ]);
  }
});

test("health is told to everybody, counts only to those with the key", async () => {
  const response = await fetch(`${server.url}/healthz`);
  expect(await response.json()).toEqual({ status: "ok", models: ["micro"] });
});
