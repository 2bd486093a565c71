/**
 * Benchmarks of moments as users run them, on the world's films. Oracles: the films' exact moments with figures by hand, `zoetrope ground`
 * for what the shipped model answers, the same run through `serve`, and the log scored once more.
 */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Rng } from "../core/math/index.ts";
import type { RunRow } from "../evals/index.ts";
import { startServer } from "../serve/index.ts";
import { eventsScript, wholeVocabulary, writeWorldVideo } from "../world/index.ts";
import { captureOutput } from "./captured-output.fixture.ts";
import { run } from "./run.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-eval-moments-"));
const data = join(folder, "data");
const captured = captureOutput();
/** Of examples/four-events.mp4, 16 s. */
const queries = [
  { query: "yellow heart brightens", start: 0, end: 4 },
  { query: "red circle shrinks", start: 4, end: 7 },
  { query: "red circle grows", start: 7, end: 12 },
] as const;
const absent = { query: "a dog jumps", start: 0, end: 5 };

beforeAll(async () => {
  mkdirSync(join(data, "films"), { recursive: true });
  copyFileSync(join(import.meta.dirname, "../../examples/four-events.mp4"), join(data, "films", "FOUR.mp4"));
  const plain = { ...wholeVocabulary, textures: ["plain"] } as const;
  const script = eventsScript(new Rng("eval/1"), plain, { scenes: 2, seconds: [3, 3] });
  await writeWorldVideo(join(data, "OTHER.mp4"), script, { width: 128, height: 128 });
  writeFileSync(join(data, "BROKEN.mp4"), "no video");
  const lines = [
    ...queries.map(({ query, start, end }) => `FOUR ${start} ${end}##${query}`),
    "OTHER 0 3##the other film",
    `GONE ${absent.start} ${absent.end}##${absent.query}`,
    `BROKEN ${absent.start} ${absent.end}##${absent.query}`,
  ];
  writeFileSync(join(data, "charades_sta_test.txt"), lines.join("\n"));
  const events = { duration: 16, timestamps: queries.map(({ start, end }) => [start, end]) };
  writeFileSync(
    join(data, "val_2.json"),
    JSON.stringify({ v_FOUR: { ...events, sentences: queries.map(({ query }) => query) } }),
  );
  const steps = queries.map(({ query, start, end }, id) => ({ segment: [start, end], id, sentence: query }));
  const youCook2 = { FOUR: { duration: 16, subset: "validation", recipe_type: "1", annotations: steps } };
  writeFileSync(
    join(data, "youcookii_annotations_trainval.json"),
    JSON.stringify({ database: { ...youCook2, OTHER: { ...youCook2.FOUR, subset: "training" } } }),
  );
  const clips = {
    relevant_clip_ids: [4, 5],
    saliency_scores: [
      [4, 4, 4],
      [4, 4, 2],
    ],
  };
  const highlight = { qid: 7, query: "red circle grows", duration: 16, vid: "FOUR", relevant_windows: [[8, 12]] };
  writeFileSync(join(data, "highlight_val_release.jsonl"), `${JSON.stringify({ ...highlight, ...clips })}\n`);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true }));

let scripts = 0;
function says(script: readonly string[] | Readonly<Record<string, string>>): string {
  const path = join(folder, `script-${scripts++}.json`);
  writeFileSync(path, JSON.stringify(script));
  return `scripted:${path}`;
}

async function json(...args: string[]) {
  captured.stdout = "";
  expect(await run([...args, "--json"]), captured.stderr).toBe(0);
  return JSON.parse(captured.stdout);
}

const rowsOf = (output: string, look = "video"): RunRow[] =>
  readFileSync(join(output, `${look}.jsonl`), "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => JSON.parse(line));

test("numbers become the seconds of the frames; figures, coverage and what could not be asked are told, and score says the same", async () => {
  const output = join(folder, "hand");
  // At 2 frames a second number k stands for k / 2 s. IoU: 1, (7 - 5) / (8 - 4) = 0.5, unread, 0.
  const model = says({
    brightens: "From Frame 0 to Frame 8",
    shrinks: "from frame 10 to frame 16.",
    grows: "I cannot tell.",
    ".*": "From Frame 90 to Frame 99",
  });
  const flags = ["--data", data, "--model", model, "--fps", "2", "-o", output];
  const { summary, problems, ...told } = await json("eval", "charades-sta", ...flags, "--baselines");
  expect(summary).toMatchObject({
    r1At03: 50,
    r1At05: 50,
    r1At07: 25,
    miou: 37.5,
    n: 4,
    unparsed: 1,
    of: 6,
    unasked: 2,
  });
  expect(summary.coverage).toBeCloseTo(4 / 6, 12);
  expect(summary).toMatchObject({ blind: 37.5, shuffled: 37.5, reversed: 37.5 });
  expect(told).toMatchObject({ task: "grounding", prompt: "numpro", numbers: true });
  expect(problems.map(({ what, names }: { what: string; names: string[] }) => [what, names[0]?.split(" ")[0]])).toEqual(
    expect.arrayContaining([
      ["videos missing", "GONE"],
      ["videos that cannot be read", "BROKEN"],
    ]),
  );
  expect(rowsOf(output).map(({ iou }) => iou)).toEqual([1, 0.5, 0, 0]);
  expect(rowsOf(output, "blind")[0]).toMatchObject({ temporal: { frames: [], spans_pred: [[0, 4]] } });
  const again = await json("score", "charades-sta", output);
  const { blind, shuffled, reversed, unasked, ...figures } = summary;
  expect(again.summary).toEqual(figures);
  const official = await json("score", "charades-sta", output, "--convention", "vtimellm");
  // Two digits of the duration each: "0 to 8" and "frame 16" are none.
  expect(official.summary).toMatchObject({ miou: expect.any(Number), unparsed: 4 });
  captured.stdout = "";
  expect(await run(["eval", "charades-sta", ...flags])).toBe(0);
  expect(captured.stdout).toContain("4 of 4 queries have a prediction");
  expect(captured.stdout).toContain("2 questions were not asked");
  expect(await run(["score", "youcook2", output])).toBe(1);
  expect(captured.stderr).toContain("Expected a run of youcook2, got one of charades-sta");
}, 240_000);

test("a plan asks nothing; prompts and flags that contradict each other are refused in a sentence", async () => {
  const model = says(["From Frame 0 to Frame 1"]);
  const { summary, dryRun } = await json("eval", "charades-sta", "--data", data, "--model", model, "--dry-run");
  // 16 and 6 seconds at one frame a second.
  expect([dryRun, summary.questions, summary.frames, summary.unasked]).toEqual([true, 4, 3 * 16 + 6, 2]);
  const calls: readonly (readonly [string[], RegExp])[] = [
    [["charades-sta", "--task", "captioning"], /--task to be one of grounding for Charades-STA/],
    [["charades-sta", "--prompt", "timelens"], /--prompt to be one of numpro, .*"timelens"/],
    [["charades-sta", "--prompt", "vtimellm", "--fps", "1"], /spreads frames evenly/],
    [["charades-sta", "--prompt", "times", "--numbers"], /no --numbers with prompt times/],
    [["charades-sta", "--profile", "official"], /--prompt for a benchmark of moments/],
    [["tvbench", "--fps", "1"], /no --fps with a benchmark of choices/],
  ];
  for (const [args, message] of calls) {
    captured.stderr = "";
    expect(await run(["eval", ...args, "--data", data, "--model", model])).toBe(1);
    expect(captured.stderr).toMatch(message);
  }
  captured.stderr = "";
  expect(await run(["eval", "qvhighlights", "--data", folder, "--model", model])).toBe(1);
  expect(captured.stderr).toMatch(/highlight_val_release.jsonl.*Check --data, or pass --truth/);
});

test("data check finds videos wherever they lie below the folder", async () => {
  const { summary } = await json("data", "check", "charades-sta", data);
  expect(summary).toMatchObject({ items: 6, askable: 4, wanted: 4, found: 3, missing: 1, unreadable: 1 });
  expect((await json("data", "check", "youcook2", data)).summary).toMatchObject({ items: 1, askable: 1 });
});

test("captions: VTimeLLM's list and TimeChat's lines are scored by SODA_c as the file of predictions is", async () => {
  const listed = queries.map(({ query, start, end }) => {
    const frame = (seconds: number) => String(Math.round((100 * seconds) / 16)).padStart(2, "0");
    return { event: query, timestamps: `from ${frame(start)} to ${String(Number(frame(end)) - 1).padStart(2, "0")}` };
  });
  const lines = queries.map(({ query, start, end }) => `${start}.0 - ${end}.0 seconds, ${query}.`).join(" ");
  const cases = [
    ["activitynet-captions", "vtimellm", JSON.stringify(listed), 100],
    ["youcook2", "timechat", lines, 16],
  ] as const;
  for (const [name, prompt, reply, frames] of cases) {
    const output = join(folder, `captions-${name}`);
    const flags = ["--data", data, "--model", says([reply]), "--prompt", prompt, "-o", output];
    const { summary, numbers } = await json("eval", name, "--task", "captioning", ...flags);
    expect([numbers, summary.n, summary.unparsed, summary.predictedEvents]).toEqual([false, 1, 0, 3]);
    const predictions = join(folder, `${name}.json`);
    writeFileSync(predictions, JSON.stringify([{ video: name === "youcook2" ? "FOUR" : "v_FOUR", reply }]));
    const truth = join(data, name === "youcook2" ? "youcookii_annotations_trainval.json" : "val_2.json");
    const subset = name === "youcook2" ? ["--subset", "validation"] : ["--task", "captioning"];
    const file = await json("score", name, predictions, "--truth", truth, ...subset);
    expect(summary.sodaC).toBe(file.summary.sodaC);
    expect(summary.sodaC).toBeGreaterThan(90);
    const [row] = rowsOf(output);
    expect(row?.temporal.frames).toHaveLength(frames);
    expect(row?.temporal.parse).toMatchObject({ status: "read", rule: prompt });
  }
});

test("QVHighlights: every span is a window, numbers score clips, and the official keys come out", async () => {
  // Clips 4 and 5 are 8 to 12 s; at half a frame a second number k is clip k.
  const spans = ["--data", data, "--model", says(["From frame 8 to frame 12, or from frame 0 to frame 2"])];
  const grounded = await json("eval", "qvhighlights", ...spans, "-o", join(folder, "windows"));
  expect(grounded.summary).toMatchObject({ "MR-full-mAP": 100, "MR-full-R1@0.7": 100, n: 1, unparsed: 0 });
  const rated = "The highlight frames are in the 4, 5, 1 frames. Their saliency scores are 4.5, 4.0, 1.0";
  const flags = ["--task", "highlights", "--data", data, "--model", says([rated]), "-o", join(folder, "clips")];
  const { summary } = await json("eval", "qvhighlights", ...flags);
  expect(summary).toMatchObject({ "HL-min-VeryGood-mAP": 100, "HL-min-VeryGood-Hit1": 100, n: 1, unparsed: 0 });
  const [row] = rowsOf(join(folder, "clips"));
  expect(row?.temporal.saliency_pred).toEqual([0, 1, 0, 0, 4.5, 4, 0, 0]);
});

test("the shipped model answers as `ground` has it, and through serve sample by sample the same", async () => {
  const own = join(folder, "own");
  const { summary, prompt } = await json("eval", "charades-sta", "--data", data, "-m", "micro-grounding", "-o", own);
  expect(prompt).toBe("numpro-ft");
  const replies = rowsOf(own).map(({ resps }) => resps[0]?.[0]);
  const clip = join(data, "films", "FOUR.mp4");
  const texts = queries.map(({ query }) => query);
  const ground = await json("ground", clip, ...texts, "-m", "micro-grounding");
  expect(replies.slice(0, 3)).toEqual(ground.answers.map(({ reply }: { reply: string }) => reply));
  const server = await startServer({ models: ["micro-grounding"], threads: 1 });
  try {
    const through = join(folder, "served");
    const style = ["--prompt", "numpro-ft", "--font-size", String(0.3125 * 128)];
    const model = ["-m", `${server.url}/v1#micro-grounding`, "--shape", "frames", "--no-cache"];
    const served = await json("eval", "charades-sta", "--data", data, ...style, ...model, "-o", through);
    expect(rowsOf(through).map(({ resps }) => resps[0]?.[0])).toEqual(replies);
    expect(served.summary).toEqual(summary);
  } finally {
    await server.close();
  }
}, 240_000);
