/** Oracles: replies whose readings are worked out by hand, the peers' frames for 899 at 29.97 a second, files that go out and come back. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { tempCompassItem } from "../benchmarks/index.ts";
import { videoMme } from "../benchmarks/video-mme.ts";
import { captionsRow } from "./captions-row.ts";
import { type ExportFormat, exportLines } from "./export/export-run.ts";
import { figuresOf, outcomeOf, type RunConfig, type RunRow } from "./format/index.ts";
import { groundingRow, settingsOfRules } from "./grounding-row.ts";
import { highlightsOf, highlightsRow } from "./highlights-row.ts";
import { importLog } from "./import/import-log.ts";
import { itemOf, itemRow } from "./item-row.ts";
import { scoreLog } from "./log-score.ts";
import { replayPreset, replayPresets } from "./replay/presets.ts";
import { replayRun } from "./replay/replay.ts";
import { parsersOf, rereadConfig, rereadRow } from "./rescore.ts";
import { runConfig } from "./run-config.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-rescore-"));
afterAll(() => rmSync(folder, { recursive: true }));

const base = { model: "m", seed: 0, coverage: { samples: 3, of: 3 } } as const;
const videoMmeRow = (id: string, answer: string) => ({
  ...{ question_id: id, videoID: id, duration: "short", task_type: "OCR", question: "What?", answer },
  options: ["A. x", "B. y", "C. z", "D. w"],
});
const mmeConfig = runConfig({
  ...base,
  task: "choice",
  benchmark: "video-mme",
  profile: "current",
  parts: { parser: "current" },
});
const said = ["Answer: B", "(C) z", "The best option: none"];
const mme = said.map((reply, place) => {
  const item = videoMme.itemOf(videoMmeRow(String(place), "B"), "current");
  return itemRow({ item, place, reply, reading: item.read.current?.(reply) ?? { kind: "unparsed", reason: "" } });
});
const accuracies = (rows: readonly RunRow[]) => rows.map(({ accuracy }) => accuracy);

test("an item comes back from its row with prompt and readers, in another profile too", () => {
  const [row] = mme as [RunRow, ...RunRow[]];
  const item = itemOf(JSON.parse(JSON.stringify(row)), mmeConfig);
  expect(item?.prompt).toBe(row.input);
  expect(Object.keys(item?.read ?? {})).toEqual(["current", "default"]);
  expect(itemOf(row, { ...mmeConfig, benchmark: "unheard-of" })).toBeNull();
});

test("choices are read by every parser that fits: the first capital takes the A of Answer, VLMEvalKit strips it", () => {
  expect(parsersOf(mmeConfig, mme)).toEqual([
    "current",
    "2024-09",
    "default",
    "lmms-eval",
    "lmms-eval-2024",
    "vlmevalkit",
  ]);
  const by = (parser: string) => accuracies(mme.map((row) => rereadRow(row, mmeConfig, { task: "choice", parser })));
  expect(accuracies(mme)).toEqual([1, 0, 0]);
  expect(by("current")).toEqual([1, 0, 0]);
  expect(by("2024-09")).toEqual([0, 0, 0]);
  expect(by("vlmevalkit")).toEqual([1, 0, 0]);
  expect(by("default")).toEqual([1, 0, 0]);
  expect(() => by("nonsense")).toThrow(/current, default, lmms-eval.*"nonsense"/);
  const how = { task: "choice", parser: "2024-09" } as const;
  const again = rereadConfig(mmeConfig, how, "log.jsonl");
  expect(again.fingerprint.hash).not.toBe(mmeConfig.fingerprint.hash);
  expect(again).toMatchObject({
    settings: { rescoredFrom: "log.jsonl" },
    fingerprint: { parts: { parser: "2024-09" } },
  });
});

test("a judge's verdict stays with the official reading; yes and no are no letters", () => {
  const question = {
    task: "yes_no",
    video: "v",
    aspect: "order",
    place: 0,
    fine: "order",
    question: "Does it?",
    answer: "yes",
    choice: null,
  } as const;
  const item = tempCompassItem(question);
  const config = runConfig({
    ...base,
    task: "choice",
    benchmark: "tempcompass",
    profile: "official",
    parts: { parser: "official", judge: "x" },
  });
  const row = itemRow({
    item,
    place: 0,
    reply: "It surely does",
    reading: { kind: "read", correct: true, rule: "judge" },
    temporal: { verdict: true },
  });
  const by = (parser: string) => rereadRow(row, config, { task: "choice", parser }).temporal.parse;
  expect(by("official")).toMatchObject({ status: "read", rule: "judge" });
  expect(by("default")).toMatchObject({ status: "unparsed" });
  expect(by("vlmevalkit")).toMatchObject({ status: "unjudged" });
  expect(parsersOf(config, [row])).toEqual(["official", "default"]);
});

const duration = 899 / 29.97;
const media = { file: join(folder, "gone.mp4"), bytes: 1, hash: "x", frames: 899, duration };
const linspace8 = [0, 128, 256, 384, 513, 641, 769, 898];
const rules = { convention: "strict", units: { unit: "seconds", frameRate: 1 } } as const;
/** Query k, true from 10 to 20 s, in a video of 899 frames of which eight were shown. */
const moment = (k: number, reply: string | undefined, indices = linspace8): RunRow =>
  groundingRow(
    {
      query: { id: `v#${k}`, video: `v${k}`, duration, query: "a dog jumps", truths: [{ start: 10, end: 20 }] },
      answer: reply === undefined ? undefined : { kind: "text", text: reply },
      place: k,
      temporal: { media, frames: indices.map((index, i) => ({ i, pts: index / 29.97, src_index: index })) },
    },
    rules,
  );
const momentConfig = (rows: readonly RunRow[]): RunConfig =>
  runConfig({
    ...{ ...base, task: "grounding", benchmark: "moments", coverage: { samples: rows.length, of: rows.length } },
    settings: settingsOfRules(rules),
    parts: { sampler: "linspace 8", parser: "strict, seconds" },
  });

test("moments by other rules: units, misses and what is missing are theirs", () => {
  const rows = [moment(0, "From 10 to 20."), moment(1, "From frame 5 to frame 10"), moment(2, undefined)];
  expect(rows.map(({ iou }) => iou)).toEqual([1, expect.any(Number), 0]);
  const by = (convention: "vtimellm" | "numpro") => {
    const units =
      convention === "numpro"
        ? ({ unit: "frames", frameRate: 0.5 } as const)
        : ({ unit: "percent", frameRate: 1 } as const);
    return rows.map((row) => rereadRow(row, momentConfig(rows), { task: "grounding", rules: { convention, units } }));
  };
  // NumPro: 10 to 20 are frames at 0.5 a second, 20 to 40 s; frames 5 to 10 are 10 to 20 s. No reply: not counted.
  expect(by("numpro").map(({ iou }) => iou)).toEqual([0, 1, null]);
  expect(by("numpro")[1]?.temporal).toMatchObject({
    spans_pred: [[10, 20]],
    parse: { status: "read", rule: "numpro" },
  });
  // VTimeLLM: hundredths of 30 s, 3 to 6 s; "frame 5" is no two digits.
  expect(by("vtimellm").map(({ iou }) => iou)).toEqual([0, 0, null]);
});

test("as lmms-eval the same frames, as others other ones, by the figures of the survey; those would have to be asked again", async () => {
  const rows = [moment(0, "From 10 to 20."), moment(1, "It starts at 12.5s and ends at 18.0s.")];
  const replays = await replayRun(momentConfig(rows), rows, { presets: replayPresets });
  const told = Object.fromEntries(
    replays.map(({ preset, frames, reads }) => [preset.name, [frames.same, frames.other, reads]]),
  );
  expect(told).toEqual({
    "lmms-eval": [2, 0, "lmms-charades"],
    vlmevalkit: [0, 2, null],
    qwen: [0, 2, null],
    vtimellm: [0, 2, "vtimellm"],
    numpro: [0, 2, "numpro"],
  });
  const seconds = (name: string) =>
    replays.find(({ preset }) => preset.name === name)?.askAgain[0]?.frames.map(({ pts }) => pts.toFixed(2));
  expect(seconds("vlmevalkit")?.join(" ")).toBe("3.30 6.64 9.98 13.31 16.65 19.99 23.32 26.66");
  expect(seconds("qwen")?.join(" ")).toBe("0.00 4.27 8.58 12.85 17.12 21.39 25.69 29.96");
  expect(seconds("vtimellm")).toHaveLength(100);
  expect(replays[0]?.evenly).toBe(2);
  // lmms-eval's rule reads the first and not the second.
  expect(replays[0]?.outcomes.map(({ values }) => values.iou)).toEqual([1, 0]);
  expect(() => replayPreset("nobody")).toThrow(/lmms-eval, vlmevalkit, qwen, vtimellm, numpro or all.*"nobody"/);
});

test("captions: the convention says what a video without a prediction is worth, and the parser's name keeps METEOR's", () => {
  const truth = { video: "v", duration: 20, moments: [{ start: 0, end: 10, label: "a dog jumps" }] };
  const scores = { video: "v", sodaC: 50, cider: 0, meteor: 40, bleu4: 0, rougeL: 0, recall: 100, precision: 100 };
  const events = [{ start: 0, end: 10, text: "a dog jumps" }];
  const common = { truths: [truth], isUnparsed: false };
  const rows = [
    captionsRow({ ...common, video: "v", events, place: 0, scores }),
    captionsRow({ ...common, video: "w", events: undefined, place: 1, scores: undefined }),
  ];
  const config = runConfig({
    ...{ ...base, task: "captions", benchmark: "youcook2" },
    settings: { convention: "vtimellm" },
    parts: { parser: "vtimellm, METEOR 1.5 without paraphrases" },
  });
  const by = (convention: "strict" | "vtimellm") =>
    rows.map((row) => rereadRow(row, config, { task: "captions", convention }).soda_c);
  expect(by("strict")).toEqual([0.5, 0]);
  expect(by("vtimellm")).toEqual([0.5, null]);
  expect(rereadConfig(config, { task: "captions", convention: "strict" }, "log")).toMatchObject({
    settings: { convention: "strict", rescoredFrom: "log" },
    fingerprint: { parts: { parser: "strict, METEOR 1.5 without paraphrases" } },
  });
});

test("frames that a log does not tell are not pretended to be known", async () => {
  const [row] = [moment(0, "From 10 to 20.")];
  const blank = { ...row, temporal: { ...row.temporal, frames: null, media: null } };
  const presets = [replayPreset("qwen")];
  const [imported] = await replayRun(momentConfig([blank]), [blank], { presets });
  expect(imported?.frames).toEqual({ same: 0, other: 0, unknown: 1 });
  const [blind] = await replayRun({ ...momentConfig([row]), look: "blind" }, [row], { presets });
  expect(blind?.frames.unknown).toBe(1);
});

const written = (format: ExportFormat, config: RunConfig, rows: readonly RunRow[], name: string) => {
  const path = join(folder, name);
  const skipped: string[] = [];
  writeFileSync(
    path,
    [...exportLines({ config, rows }, format, (id, reason) => skipped.push(`${id}: ${reason}`))].join(""),
  );
  return { path, skipped };
};

test("moments go out as lmms-eval's samples and as VTimeLLM's log, and come back with the same scores", () => {
  const rows = [moment(0, "From 10 to 20."), moment(1, "between 12 and 18 seconds"), moment(2, "never")];
  const config = momentConfig(rows);
  const there = figuresOf(rows.map(outcomeOf)).metrics;
  const lmms = importLog({ path: written("lmms-eval", config, rows, "a_samples_moments.jsonl").path });
  expect(figuresOf(lmms.rows.map(outcomeOf)).metrics).toMatchObject({
    iou: { value: there.iou?.value },
    "iou@0.5": { value: there["iou@0.5"]?.value },
  });
  expect(lmms.rows[0]?.temporal).toMatchObject({ frames: rows[0]?.temporal.frames, media });

  const truth = join(folder, "val.json");
  const video = { duration, timestamps: [[10, 20]], sentences: ["a dog jumps"] };
  writeFileSync(truth, JSON.stringify({ v0: video, v1: video, v2: video }));
  const single = rows.map((row, k) => ({ ...row, doc: { ...row.doc, id: `v${k}#0` } }));
  const log = written("vtimellm", config, single, "vtimellm.log").path;
  const back = importLog({ path: log, truth, task: "grounding", convention: "strict", unit: "seconds" });
  expect(back.rows.map(({ iou }) => iou)).toEqual(rows.map(({ iou }) => iou));
});

test("highlights go out as a submission and come back with every figure of the report", () => {
  const truth = {
    qid: "7",
    query: "q",
    vid: "v_0_150",
    duration: 150,
    relevant_windows: [[0, 20]] as [number, number][],
    relevant_clip_ids: [0, 1],
    saliency_scores: [
      [4, 4, 4],
      [3, 2, 4],
    ],
  };
  const prediction = {
    qid: "7",
    pred_relevant_windows: [
      [0, 18, 0.9],
      [50, 60, Number.NaN],
    ],
    pred_saliency_scores: [1, 0.5, Number.NaN],
  };
  const has = { windows: true, saliency: true };
  const rows = [
    highlightsRow({ truth, prediction, place: 0, has }),
    highlightsRow({ truth: { ...truth, qid: "8" }, prediction: undefined, place: 1, has }),
  ];
  expect(highlightsOf(JSON.parse(JSON.stringify(rows[0])))).toEqual({ truth, prediction });
  const coverage = { samples: 2, of: 2 };
  const config = runConfig({ ...base, coverage, task: "highlights", benchmark: "qvhighlights", parts: {} });
  const { path, skipped } = written("qvhighlights", config, rows, "submission.jsonl");
  expect(skipped).toEqual(["8: no prediction"]);
  const annotations = join(folder, "truth.jsonl");
  writeFileSync(annotations, [truth, { ...truth, qid: "8" }].map((each) => `${JSON.stringify(each)}\n`).join(""));
  const back = importLog({ path, truth: annotations });
  expect(scoreLog(back.config, back.rows)?.summary).toEqual(scoreLog(config, rows)?.summary);
  expect(scoreLog(config, rows)?.summary).toMatchObject({
    "MR-full-R1@0.5": 100,
    "HL-min-VeryGood-Hit1": 100,
    n: 1,
    of: 2,
  });
});

test("comma-separated values quote what needs it; a layout for other tasks is refused", () => {
  const rows = [moment(0, 'He said "from 10\nto 20", twice')];
  const [head, ...text] = [...exportLines({ config: momentConfig(rows), rows }, "csv")];
  expect(head).toBe("doc_id,id,video,status,rule,reason,iou,target,reply,start,end,frames,input\n");
  expect(text.join("")).toContain('"He said ""from 10\nto 20"", twice"');
  expect(() => [...exportLines({ config: mmeConfig, rows: mme }, "qvhighlights")]).toThrow(
    /highlights or grounding.*got choice/,
  );
});
