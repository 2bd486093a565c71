/** The white box as typed, with a folder of every kind of checkpoint: what is seen must fit together and fit the chat model. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openLocalModel, userMessage } from "../chat/index.ts";
import { Rng } from "../core/math/index.ts";
import { sampleFrames } from "../media/sampling/index.ts";
import { openVideo } from "../media/video/index.ts";
import { readSafetensors } from "../nn/checkpoint/index.ts";
import type { LookRecord, StudyRecord } from "../probes/index.ts";
import { orderScript, wholeVocabulary, writeWorldVideo } from "../world/index.ts";
import { captureOutput } from "./captured-output.fixture.ts";
import { run } from "./run.ts";
import { tinyCheckpoints, writeTinyCheckpoint } from "./tiny-checkpoints.fixture.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-look-inside-"));
const video = join(folder, "clip.mp4");
const captured = captureOutput();

beforeAll(async () => {
  await writeWorldVideo(video, orderScript(new Rng(1), wholeVocabulary), { width: 64, height: 48 });
});
afterAll(() => rmSync(folder, { recursive: true }));

async function lookInside<T>(
  ...args: string[]
): Promise<T & { summary: Record<string, number | string | null>; report: string }> {
  captured.stdout = "";
  expect(await run(["look-inside", ...args, "--json"])).toBe(0);
  return JSON.parse(captured.stdout.trim().split("\n").at(-1) ?? "") as never;
}

/** Groups of frames that four frames make: VTimeLLM takes its hundred whatever there is, Qwen2-VL takes them in pairs. */
const framesOf = (name: string) => (name === "vtimellm" ? 100 : name.startsWith("qwen") ? 2 : 4);

test.each(tinyCheckpoints)(
  "%s can be looked into",
  async (name) => {
    const model = join(folder, name);
    writeTinyCheckpoint(name, model);
    const answer = "a red circle";
    const out = join(folder, `out-${name}`);
    const look = await lookInside<LookRecord>(
      ...[video, "What is shown first?", "--model", model, "--frames", "4", "--answer", answer, "--out", out],
      ...["--export", "hidden,attention", "--knock-outs", "frames-to-text,question-to-last"],
    );
    const { groups, attention, layers, heads } = look;
    expect(groups.flatMap(({ positions }) => positions).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: look.summary.positions as number }, (_, i) => i),
    );
    expect(look.summary.frames).toBe(framesOf(name));
    for (const map of attention.flat()) {
      for (const row of map) expect(row.reduce((a, b) => a + b)).toBeCloseTo(1, 3);
    }
    // The oracle of the untouched figures is the chat model, whose graphs know no groups.
    const chat = openLocalModel(model);
    await using file = await openVideo(video);
    const frames = await sampleFrames(file, "linspace", 4);
    const shown = { type: "video", path: video, frames, duration: file.duration } as const;
    const [logProbability] = (await chat.scoreOptions([userMessage("What is shown first?", shown)], [answer])) ?? [];
    await chat.dispose();
    expect(look.logProbabilities[0]).toBeCloseTo(logProbability as number, 4);
    expect(look.answerByState[0]).toHaveLength(layers + 1);
    const file2 = readSafetensors(join(out, "features.safetensors"));
    const T = look.summary.positions as number;
    expect(file2.read(`hidden.${layers}`).shape[0]).toBe(T);
    const { data, shape } = file2.read("attention.0");
    expect(shape).toEqual([heads, T, T]);
    for (let row = 0; row < heads * T; row++) {
      const numbers = Array.from(data.subarray(row * T, (row + 1) * T) as Float32Array);
      expect(numbers.reduce((a, b) => a + b)).toBeCloseTo(1, 4);
      // Nothing is seen of what comes later.
      expect(numbers.slice((row % T) + 1).every((weight) => weight === 0)).toBe(true);
    }
    expect(readFileSync(look.report, "utf8")).toContain("Where attention goes");
  },
  240_000,
);

test("cut off from the frames everywhere, an answer does not depend on them (oracle: another film)", async () => {
  const other = join(folder, "other.mp4");
  await writeWorldVideo(other, orderScript(new Rng(9), wholeVocabulary), { width: 64, height: 48 });
  const blind = async (path: string) => {
    const flags = ["--options", "a cat|a dog", "--answer", "a cat", "--knock-outs", "frames-to-text", "--frames", "4"];
    const look = await lookInside<LookRecord>(
      path,
      "Which item is shown first?",
      ...flags,
      "--out",
      join(folder, "blind"),
    );
    const cut = look.knockOuts[0]?.whole as number;
    return { left: Math.exp(look.logProbabilities[0] as number) * (1 + cut / 100), p: look.summary.probability };
  };
  const [first, second] = [await blind(video), await blind(other)];
  expect(first.p).not.toBeCloseTo(second.p as number, 3);
  expect(first.left).toBeCloseTo(second.left, 4);
}, 240_000);

test("questions about the world are cut, counted and gone on with", async () => {
  const out = join(folder, "study");
  const flags = ["--world", "1", "--limit", "4", "--knock-outs", "frames-to-text,options-to-last", "--out", out];
  const study = await lookInside<StudyRecord>(...flags);
  expect(study.questions).toBe(4);
  expect(study.knockOuts.map(({ id }) => id)).toEqual(["frames-to-text", "options-to-last"]);
  expect(study.knockOuts[0]?.curves[0]?.points).toHaveLength(study.layers);
  for (const value of Object.values(study.summary)) expect(["number", "object"]).toContain(typeof value);
  const log = join(out, "questions.jsonl");
  const lines = readFileSync(log, "utf8").trim().split("\n");
  expect(lines).toHaveLength(5);
  // Broken off in the middle of a line, and gone on with.
  writeFileSync(log, `${lines.slice(0, 3).join("\n")}\n${lines[3]?.slice(0, 20)}`);
  const again = await lookInside<StudyRecord>(...flags);
  expect({ ...again, summary: null }).toEqual({ ...study, summary: null });
  await expect(run(["look-inside", ...flags, "--window", "3"])).resolves.toBe(1);
}, 240_000);

test.each([
  [["--world", "1", video, "What?"], /a video and a question, or --world/],
  [[video], /a video and a question, or --world/],
  [[video, "What?", "--model", "openai:gpt-4o"], /whose layers cannot be seen/],
  [[video, "What?", "--knock-outs", "all"], /--knock-outs.*"all"/],
  [[video, "What?", "--export", "weights"], /--export.*"weights"/],
  [[video, "What?", "--window", "99"], /--window of at most 4 layers, got 99/],
  [[video, "What?", "--options", "a|b", "--answer", "c"], /--answer to be one of a, b, got "c"/],
])("%s is refused in a sentence", async (args, message) => {
  captured.stderr = "";
  expect(await run(["look-inside", ...args])).toBe(1);
  expect(captured.stderr).toMatch(message);
});
