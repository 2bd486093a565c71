/** `ask` with a folder of every kind of checkpoint, as a user would: a file, a question, a folder. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import { orderScript, wholeVocabulary, writeWorldVideo } from "../world/index.ts";
import { captureOutput } from "./captured-output.fixture.ts";
import { run } from "./run.ts";
import { tinyCheckpoints, writeTinyCheckpoint } from "./tiny-checkpoints.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-ask-"));
const video = join(folder, "clip.mp4");
const captured = captureOutput();

beforeAll(async () => {
  await writeWorldVideo(video, orderScript(new Rng(1), wholeVocabulary), { width: 64, height: 48 });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What two more frames of 64x48 pixels add to the prompt, by hand from each model's rule: tokens, and what stands between them. */
const twoMoreFrames: Readonly<Record<string, number>> = {
  "llava-clip": 2 * ((8 / 4) ** 2 + 1),
  "llava-siglip": 2 * ((12 / 4) ** 2 + 1),
  vtimellm: 0,
  // 3 x 3 patches halved to 2 x 2, with a newline a row in LLaVA-Video; 2 x 2 patches averaged to one.
  "llava-onevision": 2 * 2 ** 2,
  "llava-video": 2 * 2 * (2 + 1),
  longva: 2,
  // One more pair of frames. The budget of 1,075 pixels makes 64x48 into 32x24: 4 x 3 squares of 8 pixels.
  "qwen2-vl": 4 * 3,
  "qwen2.5-vl": 4 * 3,
};

test.each(tinyCheckpoints)("%s answers a question about a file", async (name) => {
  const model = join(folder, name);
  writeTinyCheckpoint(name, model);
  const ask = async (frames: number) => {
    const args = ["ask", video, "What is shown first?", "--model", model, "--frames", String(frames), "--json"];
    expect(await run(args)).toBe(0);
    return JSON.parse(captured.stdout.trim().split("\n").at(-1) ?? "") as {
      summary: { answer: string; frames: number };
      reply: { promptTokens: number };
      fingerprint: string;
    };
  };
  const first = await ask(2);
  const second = await ask(4);
  expect([first.summary.frames, second.summary.frames]).toEqual([2, 4]);
  expect(second.reply.promptTokens - first.reply.promptTokens).toBe(twoMoreFrames[name]);
  expect(await ask(4)).toMatchObject({ summary: { answer: second.summary.answer }, fingerprint: second.fingerprint });
});

test("quantised weights make another model of a folder, and beams another search; elsewhere both are refused", async () => {
  const model = join(folder, "quantised");
  writeTinyCheckpoint("qwen2-vl", model);
  const ask = async (...flags: string[]) => {
    expect(await run(["ask", video, "What is shown first?", "--model", model, "--json", ...flags])).toBe(0);
    return JSON.parse(captured.stdout.trim().split("\n").at(-1) ?? "") as {
      fingerprint: string;
      reply: { newTokens: number };
    };
  };
  const plain = await ask();
  const quantised = await ask("--weights", "int4", "--beams", "2", "--max-tokens", "3");
  expect(quantised.fingerprint).not.toBe(plain.fingerprint);
  expect((await ask("--weights", "int4")).fingerprint).toBe(quantised.fingerprint);
  expect(quantised.reply.newTokens).toBeLessThanOrEqual(3);
  expect(await run(["ask", video, "What?", "--model", "scripted:replies.json", "--weights", "int4"])).toBe(1);
  expect(captured.stderr).toContain(
    'Expected --weights with a checkpoint of this machine, got "scripted:replies.json".',
  );
});
