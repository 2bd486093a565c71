/**
 * Endpoints end to end: the shipped model behind `serve`, asked through the client by every command. Oracle: the same model asked
 * directly.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { type ChatModel, type Message, openLocalModel, openModel, userMessage, type VideoPart } from "../chat/index.ts";
import { sampleFrames } from "../media/sampling/index.ts";
import { openVideo } from "../media/video/index.ts";
import { type RunningServer, startServer } from "../serve/index.ts";
import { captureOutput } from "./captured-output.fixture.ts";
import { run } from "./run.ts";

const captured = captureOutput();
const folder = mkdtempSync(join(tmpdir(), "zoetrope-endpoint-cli-"));
const clip = join(import.meta.dirname, "../../examples/red-circle-grows.mp4");
const key = "a-key-that-nobody-may-see";
let server: RunningServer | undefined;
let direct: ChatModel;
let video: VideoPart;

beforeAll(async () => {
  server = await startServer({ models: ["micro"], threads: 1, apiKey: key });
  direct = openLocalModel("micro", { threads: 1 });
  await using opened = await openVideo(clip);
  const frames = await sampleFrames(opened, "linspace", 8);
  video = { type: "video", path: clip, frames, duration: opened.duration, frameCount: opened.frameCount };
}, 60_000);
afterAll(async () => {
  await server?.close();
  await direct?.dispose();
  rmSync(folder, { recursive: true });
});
afterEach(() => vi.unstubAllEnvs());

const questions = [
  "What color is the circle? ",
  "What is shown? ",
  "Question: What color is the circle?\nOptions:(A) red. (B) green.\nAnswer the option only. ",
  "Is the circle large in the first frame? ",
];
const address = () => `${server?.url}/v1#micro`;
const open = (shape: "frames" | "frames-metadata" | "video-url") =>
  openModel(address(), { shape, memory: folder, environment: { ZOETROPE_API_KEY: key } });

test("frames that are cut here are answered through the endpoint as they are directly, one by one and many", async () => {
  for (const shape of ["frames", "frames-metadata"] as const) {
    const through = await open(shape);
    const conversations: Message[][] = questions.map((text) => [userMessage(text, video)]);
    const expected = await direct.generateMany(conversations, { maxNewTokens: 8 });
    const replies = await through.generateMany(conversations, { maxNewTokens: 8 });
    expect(replies.map(({ text }) => text)).toEqual(expected.map(({ text }) => text));
    expect(replies.map(({ promptTokens }) => promptTokens)).toEqual(expected.map(({ promptTokens }) => promptTokens));
    expect(expected.some(({ text }) => text !== "")).toBe(true);
  }
});

test("a file that the server samples gives as many frames as were chosen here", async () => {
  const through = await open("video-url");
  const reply = await through.generate([userMessage(questions[0] as string, video)], { maxNewTokens: 8 });
  const expected = await direct.generate([userMessage(questions[0] as string, video)], { maxNewTokens: 8 });
  expect(reply).toMatchObject({ text: expected.text, promptTokens: expected.promptTokens });
});

test("streams, stop texts, log-probabilities and scores of options come through as they are", async () => {
  const through = await open("frames");
  const text = [userMessage("Which item is shown first: a red circle or a blue square? ")];
  for (const options of [
    { maxNewTokens: 8 },
    { maxNewTokens: 8, stop: ["e"] },
    { maxNewTokens: 4, logProbabilities: 3 },
  ]) {
    const expected = await direct.generate(text, options);
    const pieces: string[] = [];
    const stream = through.stream(text, options);
    let step = await stream.next();
    for (; !step.done; step = await stream.next()) pieces.push(step.value);
    expect(pieces.join("")).toBe(expected.text);
    expect(step.value).toMatchObject({ text: expected.text, finish: expected.finish, newTokens: expected.newTokens });
    const told = step.value.logProbabilities?.map(({ token, logProbability }) => ({ token, logProbability }));
    expect(told?.length).toBe(expected.logProbabilities?.length);
    expected.logProbabilities?.forEach(({ token, logProbability }, i) => {
      expect(told?.[i]).toEqual({ token, logProbability: expect.closeTo(logProbability, 4) });
    });
  }
  const [first] = (await direct.generate(text, { maxNewTokens: 1, logProbabilities: 20 })).logProbabilities ?? [];
  const likely = (first?.alternatives ?? []).slice(0, 3).map(({ token }) => token.trim());
  const expected = likely.map((option) => {
    const same = first?.alternatives.filter(({ token }) => token.trim() === option) ?? [];
    return Math.log(same.reduce((sum, { logProbability }) => sum + Math.exp(logProbability), 0));
  });
  const scores = await through.scoreOptions(text, likely);
  expect(scores).toEqual(expected.map((score) => expect.closeTo(score, 4)));
  expect(await through.scoreOptions(text, [...likely, "a very long answer indeed"])).toBeNull();
});

test("ask answers through the endpoint as directly; the key is in no output", async () => {
  vi.stubEnv("ZOETROPE_API_KEY", key);
  vi.stubEnv("ZOETROPE_CACHE", join(folder, "cache"));
  const answers: string[] = [];
  for (const model of ["micro", address()]) {
    captured.stdout = "";
    expect(await run(["ask", clip, "What color is the circle?", "--model", model, "--json"])).toBe(0);
    answers.push((JSON.parse(captured.stdout) as { summary: { answer: string } }).summary.answer);
  }
  expect(answers[1]).toBe(answers[0]);
  captured.stdout = "";
  expect(await run(["ask", clip, "What color is the circle?", "--model", address()])).toBe(0);
  expect(captured.stdout).toMatch(/^red\n.*sent as frames/);
  expect(captured.stderr).toMatch(/0 requests.*1 replies from the cache/);
  captured.stdout = "";
  expect(await run(["ask", clip, "What color is the circle?", "--model", address(), "--dry-run", "--json"])).toBe(0);
  expect(JSON.parse(captured.stdout)).toMatchObject({
    dryRun: true,
    summary: { questions: 1, frames: 8, context: 2048 },
  });
  vi.stubEnv("ZOETROPE_API_KEY", "wrong");
  expect(await run(["ask", clip, "Again?", "--model", address()])).toBe(1);
  expect(captured.stdout + captured.stderr).not.toContain(key);
  expect(captured.stderr).toMatch(/Check the key in the environment/);
});
