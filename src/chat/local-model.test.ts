import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, expect, test, vi } from "vitest";
import { Generator } from "../nn/models/index.ts";
import { chatPrompt } from "./chat-prompt.ts";
import { imagePixels } from "./image-processor.ts";
import { localModel } from "./local-model.ts";
import { type Message, userMessage } from "./message.ts";
import { openLocalModel } from "./open-local-model.ts";
import { noiseFrames, tinyParts, writeTinyLlava } from "./tiny-llava.fixture.ts";

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
  const prompt = chatPrompt(parts.config, parts.tokenizer);
  for (const messages of conversations) {
    const frames = messages[0]?.content.flatMap((part) => (part.type === "image" ? [part.frame] : [])) ?? [];
    const images = await generator.encodeImages(frames.map(({ image }) => imagePixels(image, parts.preprocessor)));
    const [expected] = await generator.generate([{ ids: prompt.ids(messages), images }], { maxNewTokens: 6 });
    const reply = await model.generate(messages, { maxNewTokens: 6 });
    expect(reply.text).toBe(parts.tokenizer.decode(expected?.ids ?? [], { skipSpecialTokens: true }).trim());
    expect(reply.finish).toBe(expected?.stopped ? "stop" : "length");
    expect(reply.newTokens).toBe(expected?.ids.length);
  }
  await generator.dispose();
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
  const encode = vi.spyOn(Generator.prototype, "encodeImages");
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
