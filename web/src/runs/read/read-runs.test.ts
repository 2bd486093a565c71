/** Oracles: logs written by hand, and, where they are at hand, other projects' own files with their published scores. */
import { join, resolve } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { readRuns } from "./read-runs.ts";

// As in the browser: readers find dropped files on the disk in memory.
vi.mock("node:fs", () => import("../../platform/node/fs.ts"));
const { existsSync, readFileSync } = await vi.importActual<typeof import("node:fs")>("node:fs");

const lines = (...rows: unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
const only = (files: { name: string; text: string }[]) => {
  const read = readRuns(files);
  expect(read.problems).toEqual([]);
  expect(read.runs).toHaveLength(1);
  return read.runs[0] as (typeof read.runs)[0];
};

test("VTimeLLM's log with ActivityNet's truth: hundredths become seconds", () => {
  const truth = JSON.stringify({ v1: { duration: 50, timestamps: [[10, 20]], sentences: ["a dog jumps"] } });
  const log = lines({
    video_id: "v1",
    task: "grounding",
    query_id: 0,
    answer: "From 20 to 40.",
    info: { sentence_id: 0 },
  });
  const run = only([
    { name: "log.jsonl", text: log },
    { name: "val_2.json", text: truth },
  ]);
  expect(run.format).toBe("vtimellm");
  expect(run.samples[0]).toMatchObject({
    predicted: [{ start: 10, end: 20 }],
    verdict: "hit",
    question: "a dog jumps",
  });
  expect(run.figures.metrics.iou?.value).toBe(100);
});

test("predictions without a truth are shown and not scored, and say what to drop", () => {
  const run = only([
    { name: "p.jsonl", text: lines({ qid: 7, query: "q", vid: "v", pred_relevant_windows: [[2, 4, 0.9]] }) },
  ]);
  expect(run.samples[0]).toMatchObject({ id: "7", video: "v", verdict: "not scored" });
  expect(run.samples[0]?.predicted?.[0]).toMatchObject({ start: 2, end: 4 });
  expect(run.notes[0]).toContain("drop the annotations too");
});

test("lmms-eval's samples keep their own metrics; a target that is a span makes a moment of the reply", () => {
  const text = lines(
    {
      doc_id: 0,
      doc: { video: "a.mp4", caption: "a door opens" },
      target: [24.3, 30.4],
      filtered_resps: ["24.3 - 30.4 seconds"],
      iou: 1,
    },
    { doc_id: 1, doc: { video: "b.mp4", caption: "x" }, target: [0, 4], filtered_resps: ["no idea"], iou: 0 },
  );
  const run = only([{ name: "m_samples_charades.jsonl", text }]);
  expect([run.format, run.model, run.benchmark, run.headline]).toEqual(["lmms-eval", "m", "charades", "iou"]);
  expect(run.samples.map(({ verdict }) => verdict)).toEqual(["hit", "unparsed"]);
  expect(run.figures.metrics.iou?.value).toBe(50);
});

test("TempCompass's predictions are read by its rules and grouped by aspect", () => {
  const question = "What is it?\nA. up\nB. down";
  const text = JSON.stringify({
    v: {
      direction: [{ question, answer: "A. up", prediction: "A" }],
      speed: [
        { question, answer: "A. up", prediction: "B." },
        { question, answer: "A. up", prediction: "(A)" },
      ],
    },
  });
  const run = only([{ name: "multi-choice.json", text }]);
  expect(run.samples.map(({ verdict }) => verdict)).toEqual(["hit", "miss", "unparsed"]);
  expect(run.figures.groups.aspect?.direction?.accuracy?.value).toBe(100);
});

test.each([
  ["package.json", '{ "name": "x", "scripts": { "start": "y" } }'],
  ["notes.txt", "hello"],
  ["empty.jsonl", ""],
  ["old.jsonl", lines({ format: "zoetrope-run", version: 1 })],
])("%s is refused in a sentence that says what to do, and does not spoil the others", (name, text) => {
  const good = { name: "p.jsonl", text: lines({ qid: 7, query: "q", vid: "v", pred_relevant_windows: [[2, 4]] }) };
  const { runs, problems } = readRuns([{ name, text }, good]);
  expect(runs.map(({ file }) => file)).toEqual(["p.jsonl"]);
  expect(problems.map(({ file }) => file)).toEqual([name]);
  expect(problems[0]?.reason).toMatch(/Expected .+got .+/);
});

const shared = process.env.ZOETROPE_SHARED ?? resolve(import.meta.dirname, "../../../../../shared");
const qv = join(shared, "data/qvhighlights");
const file = (name: string) => ({ name, text: readFileSync(join(qv, name), "utf8") });

describe.skipIf(!existsSync(qv))("QVHighlights' sample submission (needs ../shared/data)", () => {
  test("the mean of its average precisions is the official report's", () => {
    const run = only([file("sample_val_preds.jsonl"), file("highlight_val_release.jsonl")]);
    const official = JSON.parse(readFileSync(join(qv, "sample_val_preds_metrics_raw.json"), "utf8")) as {
      brief: Record<string, number>;
    };
    expect(run.samples).toHaveLength(1550);
    expect(run.figures.metrics.map?.value).toBeCloseTo(official.brief["MR-full-mAP"] as number, 1);
  });
});
