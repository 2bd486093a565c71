/** Oracles: files written here in the layouts of their authors, with scores worked out by hand. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { writeTempCompassFolder } from "../../benchmarks/tempcompass-folder.fixture.ts";
import { simulatedSamples } from "../../simulated-runs.fixture.ts";
import { answerOf } from "../answer-row.ts";
import { metricOf, type RunRow, readRunText, replyOf } from "../format/index.ts";
import { scoreLog } from "../log-score.ts";
import { writeRun } from "../write-run.ts";
import { importLog } from "./import-log.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-import-"));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, value: unknown): string {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
  return path;
}
const lines = (...rows: unknown[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
const valuesOf = (rows: readonly RunRow[], metric: string) => rows.map((row) => metricOf(row, metric));
const prompt = "What happens next?\nA. It's a cat.\nB. A dog.\nC. None.\nD. Both.\nAnswer with the option's letter.";

test("lmms-eval's multiple choice: its own verdicts, options out of the prompt, videos and groups out of the metrics", () => {
  const sample = (doc_id: number, reply: string, pred: string, answer: string) => ({
    ...{ doc_id, target: answer, filtered_resps: [reply], doc_hash: "h", prompt_hash: "h", target_hash: "h" },
    videomme_perception_score: {
      question_id: `00${doc_id}-1`,
      videoID: "abc",
      duration: "short",
      task_category: "OCR",
      pred_answer: pred,
      answer,
    },
    input: prompt,
  });
  const rows = [sample(0, "B.", "B", "B"), sample(1, "Both, I think", "", "D"), sample(2, "A", "A", "C")];
  const path = file("llava_qwen/20260801_120000_samples_videomme.jsonl", lines(...rows, rows[2]));
  const { config, rows: read, problems } = importLog({ path });
  expect(config).toMatchObject({
    task: "choice",
    benchmark: "videomme",
    model: "llava_qwen",
    coverage: { samples: 3, of: 3 },
  });
  expect(config.fingerprint.parts).toMatchObject({ parser: "lmms-eval's own", sampler: null, decoder: null });
  expect(valuesOf(read, "accuracy")).toEqual([1, 0, 0]);
  expect(read.map(({ temporal }) => temporal.parse.status)).toEqual(["read", "unparsed", "read"]);
  expect(read[0]?.doc).toMatchObject({
    ...{ id: "000-1", video: "abc", options: ["It's a cat.", "A dog.", "None.", "Both."], answer_index: 1 },
    groups: { duration: "short", task_category: "OCR" },
  });
  expect(problems).toMatchObject([{ what: expect.stringContaining("twice"), names: ["2"] }]);
});

test("lmms-eval's rows without a verdict are read by its rule, those that tell nothing count nowhere", () => {
  const path = file(
    "a_samples_b.jsonl",
    lines(
      { doc_id: 0, target: "B", resps: [["The answer is B"]], filtered_resps: ["The answer is B"], input: prompt },
      { doc_id: 1, target: "A dog.", filtered_resps: [["(B)"]], arguments: [[prompt, {}]] },
      { doc_id: 2, target: "something", filtered_resps: ["else"], input: "Describe it." },
    ),
  );
  const { rows, problems } = importLog({ path });
  expect(valuesOf(rows, "accuracy")).toEqual([1, 1, null]);
  expect(rows.map(replyOf)).toEqual(["The answer is B", "(B)", "else"]);
  expect(problems.map(({ what, count }) => [what.split(" ")[0], count])).toEqual([
    ["samples", 1],
    ["samples", 3],
  ]);
});

test("lmms-eval's moments: query and truth out of the submission's key, or a target of two seconds", () => {
  const key = "/data/AO8RW.mp4>>>a person opens the door>>>[10.0, 20.0]";
  const path = file(
    "x_samples_temporal_grounding_charades.jsonl",
    lines(
      {
        doc_id: 0,
        target: "[10.0, 20.0]",
        filtered_resps: ["from 10 to 15 seconds"],
        submission: { [key]: "from 10 to 15 seconds" },
        input: "?",
      },
      { doc_id: 1, target: "[[0.0, 4.0]]", filtered_resps: ["no idea"], input: "When?" },
    ),
  );
  const { config, rows } = importLog({ path });
  expect(config.task).toBe("grounding");
  expect(rows[0]?.doc).toMatchObject({
    id: "0",
    video: "/data/AO8RW",
    query: "a person opens the door",
    duration: null,
  });
  expect(rows[0]?.temporal).toMatchObject({ spans_gt: [[10, 20]], spans_pred: [[10, 15]], parse: { status: "read" } });
  expect(valuesOf(rows, "iou")).toEqual([0.5, 0]);
  expect(scoreLog(config, rows)?.summary).toMatchObject({ n: 2, unparsed: 1, miou: 25, r1At05: 50, r1At07: 0 });
});

test("VTimeLLM's log: its convention, hundredths of the video, queries that it skipped do not count", () => {
  const truth = file("val.json", {
    v_1: {
      duration: 50,
      timestamps: [
        [0, 10],
        [25, 50],
      ],
      sentences: ["a", "b"],
    },
  });
  const row = (sentence_id: number, answer: string, iou: number) => ({
    video_id: "v_1",
    task: "grounding",
    query_id: 0,
    answer,
    info: { sentence_id, iou },
  });
  const path = file("vtimellm.log", lines(row(0, "From 00 to 40.", 0.5)));
  const { config, rows } = importLog({ path, truth, task: "grounding" });
  // 00 to 40 of 50 s is [0, 20]; with [0, 10] that is 10 / 20.
  expect(valuesOf(rows, "iou")).toEqual([0.5, null]);
  expect(config.settings).toMatchObject({ convention: "vtimellm", unit: "percent" });
  expect(scoreLog(config, rows)?.summary).toMatchObject({ n: 1, of: 2, miou: 50, strictMiou: 25 });
  const strict = importLog({ path, truth, task: "grounding", convention: "strict" });
  expect(valuesOf(strict.rows, "iou")).toEqual([0.5, 0]);
});

test("E.T. Bench: choices or moments, the rest is named", () => {
  const item = { version: 1, source: "s", video: "s/a.mp4", duration: 40 };
  const rows = [
    { ...item, idx: 0, task: "tvg", q: "When?", tgt: [[10, 20]], a: "The event happens in 10.0 - 20.0 seconds" },
    { ...item, idx: 1, task: "rar", q: "Which?", o: ["run", "walk"], p: 1, a: "(B) walk" },
    { ...item, idx: 2, task: "rar", q: "Which?", o: ["run", "walk"], p: 0, a: "I cannot tell" },
    { ...item, idx: 3, task: "dvc", q: "?", g: ["x"], tgt: [[0, 1]], a: "0 - 1, x" },
  ];
  const path = file("etbench.json", rows);
  expect(() => importLog({ path })).toThrow(/got moments \(tvg, epm\) and choices.*--task/);
  const choice = importLog({ path, task: "choice" });
  expect(choice.rows.map(({ doc }) => doc.id)).toEqual(["rar/1", "rar/2"]);
  expect(valuesOf(choice.rows, "accuracy")).toEqual([1, 0]);
  expect(choice.problems).toMatchObject([
    { what: expect.stringContaining("metrics of their own"), names: ["dvc (1)"] },
  ]);
  expect(valuesOf(importLog({ path, task: "grounding" }).rows, "iou")).toEqual([1]);
});

test("predictions that are null or no text stay what they are; NaN and reversed spans too", () => {
  const data = join(folder, "compass");
  writeTempCompassFolder(data, ["one"]);
  const path = join(data, "predictions", "mine");
  file("compass/predictions/mine/yes_no.json", {
    one: {
      action: [{ question: "Is a red circle shown?", prediction: null }],
      order: [{ question: "Does the square come first?", prediction: "no" }],
    },
  });
  const { rows, config } = importLog({ path });
  expect(rows.map(replyOf)).toEqual([null, "no"]);
  expect(rows.map(({ temporal }) => temporal.parse)).toMatchObject([
    { status: "unparsed", reason: "the prediction is null" },
    { status: "read" },
  ]);
  expect(scoreLog(config, rows)?.summary).toMatchObject({ yesNo: 50, predicted: 2, of: 8 });

  const truth = file("moments.json", [{ id: "q", video: "v", duration: 10, query: "a", start: 0, end: 5 }]);
  const odd = importLog({ path: file("odd.json", '[{"id": "q", "spans": [[5, 0], [NaN, 2]]}]'), truth });
  expect(odd.rows[0]?.temporal).toMatchObject({
    spans_pred: [
      [5, 0],
      [null, 2],
    ],
    parse: { status: "given" },
  });
  expect(scoreLog(odd.config, odd.rows)?.summary).toMatchObject({ miou: 0, n: 1, unparsed: 0 });
});

test("logs of version 1 come over, a benchmark's with its data", () => {
  const [sample] = simulatedSamples(1);
  if (!sample) throw new Error("no sample");
  const config = {
    benchmark: "world",
    model: "local:1",
    sampler: "linspace 8",
    prompt: "p",
    parser: "c",
    seed: 3,
    coverage: { questions: 1, of: 1 },
  };
  const reply = {
    sample,
    reply: sample.options[sample.answerIndex],
    parsed: {},
    correct: true,
    frames: [{ time: 0.5, index: 4 }],
  };
  const old = importLog({ path: file("old.jsonl", lines({ format: "zoetrope-run", version: 1, config }, reply)) });
  expect(old.rows.map(answerOf)).toMatchObject([{ sample, correct: true, frames: [{ time: 0.5, index: 4 }] }]);
  expect(old.config.fingerprint.parts).toMatchObject({ model: "local:1", sampler: "linspace 8", seed: "3" });

  const data = join(folder, "compass");
  const bench = {
    benchmark: "tempcompass",
    profile: "official",
    model: "micro",
    fingerprint: "local:1",
    sampler: "linspace 8",
    look: "video",
    seed: 0,
    maxNewTokens: 128,
    coverage: { questions: 1, of: 8 },
  };
  const row = { id: "yes_no/one/order/0", video: "one", prompt: "p", reply: "No.", finish: "stop", frames: [] };
  const path = file(
    "bench.jsonl",
    lines({ format: "zoetrope-benchmark-run", version: 1, config: bench }, row, { ...row, id: "gone" }),
  );
  expect(() => importLog({ path })).toThrow(/--data/);
  const { rows, problems } = importLog({ path, data });
  expect(valuesOf(rows, "accuracy")).toEqual([1]);
  expect(problems).toMatchObject([{ names: ["gone"] }]);
});

test("what is written is a run log; importing it again is refused, and so are files that are none", () => {
  const truth = file("moments.json", [{ id: "q", video: "v", duration: 10, query: "a", start: 0, end: 5 }]);
  const imported = importLog({ path: file("plain.json", { q: "from 0 to 5" }), truth });
  const path = join(folder, "runs", "run.jsonl");
  writeRun(path, imported);
  expect(readRunText(readFileSync(path, "utf8"))).toMatchObject({
    ok: true,
    value: { head: { config: imported.config }, rows: imported.rows },
  });
  expect(() => importLog({ path })).toThrow(/is a run already/);
  expect(() => importLog({ path: join(folder, "nothing") })).toThrow(/nothing there/);
  expect(() => importLog({ path: file("empty.jsonl", "") })).toThrow(/empty\.jsonl: .*empty file/);
  expect(() => importLog({ path: file("text.txt", "hello\nworld\n"), truth })).toThrow(/text\.txt:1: .*JSON/);
  expect(() => importLog({ path: file("plain.json", { q: "from 0 to 5" }) })).toThrow(/--truth/);
  expect(() =>
    importLog({ path: file("one/yes_no.json", { v: { order: [{ question: "?", prediction: "A" }] } }) }),
  ).toThrow(/Pass the folder/);
  expect(() =>
    importLog({ path: file("cut.jsonl", '{"doc_id": 0, "target": "A", "filtered_resps": ["A"]}\n{"doc_id": 1, "tar') }),
  ).toThrow(/cut\.jsonl:2:/);
});
