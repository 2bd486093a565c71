/**
 * Fine-tuning of every kind of checkpoint, as a user would: rows about files, an adapter, the same questions again.
 *
 * Oracle: eight rows that are learnt by heart are answered by heart, by the model as `ask` opens it.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLocalModel, userMessage, type VideoPart } from "../chat/index.ts";
import { Rng } from "../core/math/index.ts";
import { sampleFrames } from "../media/sampling/index.ts";
import { openVideo } from "../media/video/index.ts";
import { runSft, type SftEvent, type SftOptions } from "../train/index.ts";
import { orderScript, wholeVocabulary, writeWorldVideo } from "../world/index.ts";
import { captureOutput } from "./captured-output.fixture.ts";
import { run } from "./run.ts";
import { tinyCheckpoints, writeTinyCheckpoint } from "./tiny-checkpoints.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-sft-"));
const video = join(folder, "clip.mp4");
const data = join(folder, "rows.json");
const captured = captureOutput();
const frames = 2;

const questions = ["What is shown", "What is first", "is a circle shown", "is red shown", "What is red"];
const rows = [
  ...questions.map((text, i) => ({
    text,
    answer: ["a red circle", "red", "a circle", "circle", "first"][i] as string,
    seen: true,
  })),
  { text: "What is a circle", answer: "red", seen: false },
  { text: "What is first", answer: "a circle is first", seen: false },
  { text: "is a red circle first", answer: "is red", seen: false },
];

beforeAll(async () => {
  await writeWorldVideo(video, orderScript(new Rng(1), wholeVocabulary), { width: 64, height: 48 });
  const conversations = rows.map(({ text, answer, seen }, id) => ({
    id,
    ...(seen && { video: "clip.mp4" }),
    conversations: [
      { from: "human", value: seen ? `<image>\n${text}` : text },
      { from: "gpt", value: answer },
    ],
  }));
  writeFileSync(data, JSON.stringify(conversations));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true }));

const projections = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];
const options = (model: string, out: string, more: Partial<SftOptions> = {}): SftOptions => ({
  ...{ model, data, media: folder, folder: out, frames, seed: 0, resume: false, threads: 1 },
  lora: { rank: 16, alpha: 32, targets: projections, save: ["embed_tokens", "lm_head"] },
  length: { steps: 120 },
  ...{ batch: 8, accumulate: 1, packedTokens: 512, rate: 1e-2, warmup: 0.05, weightDecay: 0, maxLength: null },
  ...more,
});
const context = (onEvent: (event: SftEvent) => void = () => {}) => {
  const controller = new AbortController();
  return { emit: onEvent, signal: controller.signal, abort: () => controller.abort() };
};

async function answers(model: string): Promise<string[]> {
  const opened = openLocalModel(model, { threads: 1 });
  try {
    await using clip = await openVideo(video);
    const shown = await sampleFrames(clip, "linspace", frames);
    const part: VideoPart = { type: "video", path: video, frames: shown, duration: clip.duration };
    const asked = rows.map(({ text, seen }) => [userMessage(text, seen ? part : [])]);
    return (await opened.generateMany(asked, { maxNewTokens: 8 })).map(({ text }) => text);
  } finally {
    await opened.dispose();
  }
}

test.each(tinyCheckpoints)("%s learns eight rows by heart", { timeout: 300_000 }, async (name) => {
  const [model, out] = [join(folder, name), join(folder, `${name}-tuned`)];
  writeTinyCheckpoint(name, model);
  // A hundred rows of embeddings stand between VTimeLLM's question and its answer: it is taken there more slowly.
  const pace = name === "vtimellm" ? { length: { steps: 200 }, rate: 5e-3 } : {};
  const result = await runSft(options(model, out, pace), context());
  expect(result.lastLoss).toBeLessThan(0.05);
  expect(await answers(out)).toEqual(rows.map(({ answer }) => answer));
});

test("a whole decoder learns them too, and its folder needs no other", { timeout: 300_000 }, async () => {
  for (const name of ["qwen2-vl", "llava-video"]) {
    const [model, out] = [join(folder, `${name}-base`), join(folder, `${name}-whole`)];
    writeTinyCheckpoint(name, model);
    const result = await runSft(options(model, out, { lora: null, segmentLayers: 1 }), context());
    rmSync(model, { recursive: true });
    expect(result.lastLoss).toBeLessThan(0.05);
    expect(await answers(out)).toEqual(rows.map(({ answer }) => answer));
  }
});

test.each(["vtimellm", "llava-clip"])(
  "%s: a whole checkpoint after next to no training answers as its base did, which it needs no more",
  { timeout: 300_000 },
  async (name) => {
    const [model, out] = [join(folder, `${name}-parts`), join(folder, `${name}-copied`)];
    writeTinyCheckpoint(name, model);
    const before = await answers(model);
    await runSft(options(model, out, { lora: null, rate: 1e-12, length: { steps: 1 } }), context());
    rmSync(model, { recursive: true });
    expect(await answers(out)).toEqual(before);
  },
);

test("stopped and resumed, losses and adapter are those of one run to the last bit", { timeout: 300_000 }, async () => {
  const model = join(folder, "resumed-base");
  writeTinyCheckpoint("qwen2.5-vl", model);
  const [whole, parts] = [join(folder, "one-run"), join(folder, "two-runs")];
  const short = { length: { steps: 9 }, batch: 3 } as const;
  const losses = (events: SftEvent[]) => events.flatMap((event) => (event.type === "step" ? [event.loss] : []));
  const [all, some]: [SftEvent[], SftEvent[]] = [[], []];
  await runSft(
    options(model, whole, short),
    context((event) => all.push(event)),
  );
  const stopping = context((event) => {
    some.push(event);
    if (event.type === "step" && event.step === 4) stopping.abort();
  });
  await expect(runSft(options(model, parts, short), stopping)).rejects.toMatchObject({ name: "AbortError" });
  await expect(runSft(options(model, parts, short), context())).rejects.toThrow(/empty folder.*Add --resume/);
  const other = options(model, parts, { ...short, seed: 1, resume: true });
  await expect(runSft(other, context())).rejects.toThrow(/seed is 1, was 0/);
  await runSft(
    options(model, parts, { ...short, resume: true }),
    context((event) => some.push(event)),
  );
  expect(losses(some)).toEqual(losses(all));
  const adapter = (at: string) => readFileSync(join(at, "adapter_model.safetensors")).toString("base64");
  expect(adapter(parts)).toBe(adapter(whole));
});

test("the command prints its figures and leaves a model reference", { timeout: 300_000 }, async () => {
  const [model, out] = [join(folder, "told-base"), join(folder, "told")];
  writeTinyCheckpoint("llava-clip", model);
  const args = ["train", "sft", "--model", model, "--data", data, "--media", folder, "--out", out, "--frames", "2"];
  expect(
    await run([...args, "--steps", "3", "--batch", "4", "--accumulate", "2", "--checkpointing", "--json", "-q"]),
  ).toBe(0);
  const told = JSON.parse(captured.stdout) as { summary: Record<string, number>; folder: string };
  expect(told).toMatchObject({ command: "train sft", folder: out, summary: { rows: 8, leftOut: 0, steps: 3 } });
  captured.stdout = "";
  expect(await run(["ask", video, "What is shown", "--model", out, "--frames", "2", "--json"])).toBe(0);
});

test.each([
  [["--data", "none.json"], /none\.json/],
  [["--target-modules", "q_proj,wrong"], /Expected target modules.*"wrong"/],
  [["--steps", "3", "--epochs", "1"], /--steps or --epochs/],
  [["--steps-scale", "2"], /no --steps-scale/],
  [["--max-length", "4"], /within 4 tokens \(--max-length\), got 8 of up to/],
  [["--media", "nowhere"], /clip\.mp4/],
])("%j is refused in a sentence", async (more, message) => {
  const model = join(folder, "refusing");
  writeTinyCheckpoint("llava-clip", model);
  const args = ["train", "sft", "--model", model, "--data", data, "--media", folder, "--out", join(folder, "refused")];
  expect(await run([...args, ...more, "-q"])).toBe(1);
  expect(captured.stderr).toMatch(message);
  expect(captured.stderr.trim().split("\n")).toHaveLength(1);
});
