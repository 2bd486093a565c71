import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { Generator, llavaEyes, modelShapes, VisualEncoder } from "../nn/models/index.ts";
import type { Reply } from "./chat-model.ts";
import { chatPrompt } from "./chat-prompt.ts";
import { imagePixels } from "./image-processor.ts";
import { localModel } from "./local-model.ts";
import { type Message, userMessage } from "./message.ts";
import { openLocalModel } from "./open-local-model.ts";
import { noiseFrames, tinyEncoder, tinyParts, writeTinyLlava } from "./tiny-llava.fixture.ts";

const parts = tinyParts();
const model = localModel({ ...parts, batch: 2 });
afterAll(() => model.dispose());
afterEach(() => vi.restoreAllMocks());

const videos = [noiseFrames(2, "a"), noiseFrames(3, "b"), noiseFrames(1, "c")];
const conversations: Message[][] = videos.flatMap((frames) => [
  [userMessage("What is shown first?", frames)],
  [userMessage("What colour?", frames)],
]);

test("replies are what the generator gives for the same ids and pixels", async () => {
  const generator = new Generator(parts.config, parts.weights, { threads: 1 });
  const encoder = new VisualEncoder(llavaEyes(parts.config), { ...parts, shapes: modelShapes(parts.config) });
  const prompt = chatPrompt(parts.tokenizer, tinyEncoder(parts));
  for (const messages of conversations) {
    const frames = messages[0]?.content.flatMap((part) => (part.type === "image" ? [part.frame] : [])) ?? [];
    const pixels = frames.map(({ image }) => imagePixels(image, parts.preprocessor));
    const images = await encoder.encode(pixels, { width: 8, height: 8 });
    const [expected] = await generator.generate([{ ids: prompt.ids(messages), images }], { maxNewTokens: 6 });
    const reply = await model.generate(messages, { maxNewTokens: 6 });
    expect(reply.text).toBe(parts.tokenizer.decode(expected?.ids ?? [], { skipSpecialTokens: true }).trim());
    expect(reply.finish).toBe(expected?.stopped ? "stop" : "length");
    expect(reply.newTokens).toBe(expected?.ids.length);
  }
  await generator.dispose();
  await encoder.dispose();
});

test("many conversations give the replies of one by one, in order, and report progress", async () => {
  const many = Array.from({ length: 20 }, (_, i) => conversations[(i * 5) % conversations.length] as Message[]);
  const told: number[] = [];
  const replies = await model.generateMany(many, { maxNewTokens: 4, onProgress: (count) => told.push(count) });
  const single = await Promise.all(conversations.map((messages) => model.generate(messages, { maxNewTokens: 4 })));
  expect(replies).toEqual(many.map((messages) => single[conversations.indexOf(messages)]));
  expect(told).toEqual([...told].sort((a, b) => a - b));
  expect(told.at(-1)).toBe(20);
});

test("a frame is encoded once, however often it is asked about", async () => {
  const encode = vi.spyOn(VisualEncoder.prototype, "encode");
  const frames = noiseFrames(3, "once");
  const repeated = [...frames, frames[2] as (typeof frames)[number]];
  await model.generateMany([[userMessage("a", repeated)], [userMessage("red", frames)]], { maxNewTokens: 1 });
  await model.generate([userMessage("circle", frames)], { maxNewTokens: 1 });
  expect(encode.mock.calls.map(([images]) => images.length)).toEqual([3]);
});

test("answering leaves the weights as they are, and the fingerprint names them", async () => {
  const changed = tinyParts();
  const [first] = [...changed.weights.values()];
  (first?.data as Float32Array)[0] = 7;
  const other = localModel(changed);
  expect(model.fingerprint).toBe(localModel(tinyParts()).fingerprint);
  expect(other.fingerprint).not.toBe(model.fingerprint);
  await other.dispose();
});

test("an aborted signal stops it with the signal's reason", async () => {
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(model.generateMany(conversations, { signal })).rejects.toThrow("enough");
});

/** The pieces of a stream, and what it returns. */
async function collect(stream: AsyncGenerator<string, Reply, undefined>): Promise<{ pieces: string[]; reply: Reply }> {
  const pieces: string[] = [];
  for (;;) {
    const { done, value } = await stream.next();
    if (done) return { pieces, reply: value };
    pieces.push(value);
  }
}

test("a stream gives the reply of generate in pieces, sampled ones too", async () => {
  for (const messages of conversations) {
    for (const options of [{ maxNewTokens: 6 }, { maxNewTokens: 6, temperature: 1.5, seed: 3, logProbabilities: 2 }]) {
      const { pieces, reply } = await collect(model.stream(messages, options));
      expect(reply).toEqual(await model.generate(messages, options));
      expect(pieces.join("")).toBe(reply.text);
    }
  }
});

test("a stop text ends the answer before it, whichever way it is asked for", async () => {
  let met = 0;
  for (const messages of conversations) {
    const free = await model.generate(messages, { maxNewTokens: 8 });
    const stop = [free.text.slice(3, 6)];
    if (stop[0] === "") continue;
    met++;
    const expected = free.text.slice(0, free.text.indexOf(stop[0] as string)).trim();
    const options = { maxNewTokens: 8, stop };
    const [stopped] = await model.generateMany([messages], options);
    expect(stopped).toMatchObject({ text: expected, finish: "stop" });
    expect((await collect(model.stream(messages, options))).reply).toEqual(stopped);
    expect(stopped?.newTokens).toBeLessThanOrEqual(free.newTokens as number);
  }
  expect(met).toBeGreaterThan(0);
});

test("a signal stops a stream between two tokens", async () => {
  const control = new AbortController();
  const long = { maxNewTokens: 20, temperature: 3, seed: 1 };
  const messages = conversations[0] as Message[];
  expect((await collect(model.stream(messages, long))).pieces.length).toBeGreaterThan(2);
  const stream = model.stream(messages, { ...long, signal: control.signal });
  let count = 0;
  const reading = (async () => {
    for await (const _ of stream) {
      count++;
      control.abort(new Error("enough"));
    }
  })();
  await expect(reading).rejects.toThrow("enough");
  expect(count).toBe(1);
});

test("tokens are told with their log-probabilities, where asked for", async () => {
  const messages = conversations[0] as Message[];
  const asked = await model.generate(messages, { maxNewTokens: 4, logProbabilities: 3 });
  expect((await model.generate(messages, { maxNewTokens: 4 })).logProbabilities).toBeNull();
  expect(asked.logProbabilities).toHaveLength(asked.newTokens as number);
  for (const { token, logProbability, alternatives } of asked.logProbabilities ?? []) {
    // Greedy: the token is the likeliest of all.
    expect(alternatives[0]).toEqual({ token, logProbability });
    expect(alternatives).toHaveLength(3);
  }
  expect(
    asked.logProbabilities
      ?.map(({ token }) => token)
      .join("")
      .trim(),
  ).toBe(asked.text);
});

test("an option's score is the sum over its tokens of what the model would have told (oracle: the chosen token's own)", async () => {
  let met = 0;
  for (const messages of conversations) {
    const reply = await model.generate(messages, { maxNewTokens: 1, logProbabilities: 0 });
    const [token] = reply.logProbabilities ?? [];
    // A part of a character is no text that could be scored.
    if (token === undefined || parts.tokenizer.encode(token.token).length !== 1) continue;
    met++;
    const scores = await model.scoreOptions(messages, [token.token, "red circle", "red"]);
    expect(scores?.[0]).toBeCloseTo(token.logProbability, 4);
    // Two tokens are less likely than the first of them alone.
    expect(scores?.[1]).toBeLessThan(scores?.[2] as number);
  }
  expect(met).toBeGreaterThan(0);
  await expect(model.scoreOptions(conversations[0] as Message[], [""])).rejects.toThrow(/at least one character/);
  const signal = AbortSignal.abort(new Error("enough"));
  await expect(model.scoreOptions(conversations[0] as Message[], ["a"], { signal })).rejects.toThrow("enough");
});

test("a video is shown as its frames", async () => {
  const frames = noiseFrames(3, "video");
  const pictures = await model.generate([userMessage("What is shown?", frames)], { maxNewTokens: 4 });
  const video = { type: "video", path: "unread.mp4", frames, duration: 1.5 } as const;
  expect(await model.generate([userMessage("What is shown?", video)], { maxNewTokens: 4 })).toEqual(pictures);
});

test("sampling is repeatable by seed", async () => {
  const draw = (seed: number) => model.generateMany(conversations, { maxNewTokens: 5, temperature: 1, seed });
  expect(await draw(1)).toEqual(await draw(1));
  expect(await draw(1)).not.toEqual(await draw(2));
});

test("a saved folder answers as the model in memory does", async () => {
  const folder = mkdtempSync(join(tmpdir(), "zoetrope-chat-"));
  writeTinyLlava(folder);
  const opened = openLocalModel(folder, { threads: 1 });
  expect(await opened.generateMany(conversations, { maxNewTokens: 4 })).toEqual(
    await model.generateMany(conversations, { maxNewTokens: 4 }),
  );
  expect(opened.accepts).toEqual(["text", "image", "video"]);
  rmSync(join(folder, "preprocessor_config.json"));
  expect(() => openLocalModel(folder)).toThrow(/preprocessor_config\.json/);
  await opened.dispose();
  rmSync(folder, { recursive: true });
});

test("a preprocessor that makes other sizes than the vision tower takes is refused with both", () => {
  const preprocessor = { ...parts.preprocessor, size: { height: 9, width: 8 } };
  expect(() => localModel({ ...parts, preprocessor })).toThrow(/8x8.*8x9/);
});

test("a prompt beyond the model's positions is refused with the number of frames", async () => {
  const ask = model.generate([userMessage("What?", noiseFrames(40, "long"))]);
  await expect(ask).rejects.toThrow(/at most 128 tokens.*40 frames of 4 tokens/);
});

test("words that the vocabulary lacks are named once, marks and known words are not", () => {
  expect(model.unknownWords("What pancake is a red pancake 7?")).toEqual(["pancake"]);
  expect(model.vocabulary).toEqual(["ASSISTANT", "circle", "colour", "first", "is", "red", "shown", "USER", "What"]);
});

test("beams give the same answer whole, in pieces and beside others, and stop texts cut it", async () => {
  const model = localModel(tinyParts());
  const messages = [userMessage("What is shown first")];
  const options = { maxNewTokens: 6, beams: 3 };
  const whole = await model.generate(messages, options);
  const pieces: string[] = [];
  for await (const piece of model.stream(messages, options)) pieces.push(piece);
  expect(pieces.join("").trim()).toBe(whole.text);
  const [beside] = await model.generateMany([messages, [userMessage("red circle")]], options);
  expect(beside).toEqual(whole);
  const cut = await model.generate(messages, { ...options, stop: [whole.text.charAt(1)] });
  expect(cut).toMatchObject({ text: whole.text.charAt(0), finish: "stop" });
  await model.dispose();
});
