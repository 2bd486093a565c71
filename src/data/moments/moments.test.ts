/** Oracle: the same queries and answers, written by hand in the layout of every project. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { readMomentAnnotations } from "./annotations.ts";
import { momentsByVideo } from "./moments.ts";
import { readMomentPredictions } from "./predictions.ts";
import { readHighlightPredictions, readHighlightTruth } from "./qvhighlights.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-moments-"));
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

const lines = (rows: readonly unknown[]) => rows.map((row) => JSON.stringify(row)).join("\n");

/** Two videos of 30 and 50 s; three queries. */
const events = [
  { video: "AAA", duration: 30, query: "person opens a door.", start: 1.5, end: 7 },
  { video: "AAA", duration: 30, query: "person sits down.", start: 10, end: 20 },
  { video: "BBB", duration: 50, query: "person, awake, reads.", start: 0, end: 50 },
];

const charades = events.map(({ video, start, end, query }) => `${video} ${start} ${end}##${query}`).join("\r\n");
const csv = 'id,script,length\nAAA,"a door, a ""chair""\nand more",30\nBBB,plain,50\n';
const captions = {
  AAA: {
    duration: 30,
    timestamps: [
      [1.5, 7],
      [10, 20],
    ],
    sentences: ["person opens a door.", " person sits down."],
  },
  BBB: { duration: 50, timestamps: [[0, 50]], sentences: ["person, awake, reads."] },
};
const layouts: Record<string, string> = {
  "charades-sta": write("charades.txt", charades),
  "activitynet-captions": write("captions.json", captions),
  qvhighlights: write(
    "highlights.jsonl",
    lines(
      events.map(({ video, start, end, ...rest }, qid) => ({
        ...rest,
        qid,
        vid: video,
        relevant_windows: [[start, end]],
      })),
    ),
  ),
  timechat: write("timechat.json", {
    annotations: events.map(({ video, query, start, end }, id) => ({
      image_id: `${video}.mp4`,
      caption: query,
      timestamp: [start, end],
      id,
    })),
  }),
  numpro: write(
    "numpro.json",
    events.map(({ video, start, end, ...rest }, id) => ({
      ...rest,
      id,
      video: `${video}.mp4`,
      start_time: start,
      end_time: end,
    })),
  ),
  zoetrope: write("plain.jsonl", lines(events)),
};
write("Charades_v1_test.csv", csv);

describe("annotations", () => {
  test.each(Object.entries(layouts))("%s gives the same queries in seconds", (format, path) => {
    const read = readMomentAnnotations(path);
    expect(read.format).toBe(format);
    expect(read.problems).toEqual([]);
    expect(read.queries.map(({ video, query, truths: [truth] }) => ({ video, query, ...truth }))).toEqual(
      events.map(({ duration: _, ...event }) => event),
    );
    const durations = read.queries.map(({ duration }) => duration);
    expect(durations).toEqual(format === "timechat" ? [Infinity, Infinity, Infinity] : [30, 30, 50]);
    const videos = momentsByVideo(read.queries);
    expect(videos.map(({ video, moments }) => [video, moments.length])).toEqual([
      ["AAA", 2],
      ["BBB", 1],
    ]);
    expect(videos[0]?.moments[1]).toEqual({ start: 10, end: 20, label: "person sits down." });
  });

  test("a video with its moments in one row, and TimeChat's dense captions, read as queries", () => {
    const moments = [{ start: 3, end: 9, label: "a cat jumps" }];
    expect(readMomentAnnotations(write("video.json", [{ video: "c", duration: 12, moments }])).queries).toEqual([
      { id: "c#0", video: "c", duration: 12, query: "a cat jumps", truths: [{ start: 3, end: 9 }] },
    ]);
    const dense = {
      image_id: "d.mp4",
      caption: "<time_token_1> <time_token_3> cut the bread <time_token_4> <time_token_9> eat it",
      segments: [
        [2, 6],
        [8, 18],
      ],
      duration: 20,
      id: 7,
    };
    const { queries } = readMomentAnnotations(write("dense.json", { annotations: [dense] }));
    expect(queries.map(({ id, query }) => [id, query])).toEqual([
      ["7#0", "cut the bread"],
      ["7#1", "eat it"],
    ]);
  });

  test("what is wrong is named: unknown durations, reversed and overlong spans, faulty rows, repeated ids", () => {
    const alone = mkdtempSync(join(folder, "alone-"));
    writeFileSync(join(alone, "c.txt"), `${charades}\nno such line\n`);
    const noDurations = readMomentAnnotations(join(alone, "c.txt"));
    expect(noDurations.problems.map(({ what, names }) => [what.split(" (")[0], names])).toEqual([
      ['lines that are not "VIDEO START END##SENTENCE"', ["line 4"]],
      ["videos without a known duration", ["AAA", "BBB"]],
    ]);
    const odd = [
      { id: "r", video: "a", duration: 9, start: 5, end: 2 },
      { id: "l", video: "a", duration: 9, start: 5, end: 20 },
      { id: "r", video: "a", duration: 9, start: 0, end: 1 },
      { id: "x", video: "a", duration: 9 },
    ];
    const { queries, problems } = readMomentAnnotations(write("odd.json", odd));
    expect(queries.map(({ id, truths }) => [id, truths])).toEqual([
      ["r", [{ start: 2, end: 5 }]],
      ["l", [{ start: 5, end: 20 }]],
    ]);
    expect(problems.map(({ count, names }) => [count, names])).toEqual([
      [1, ["row 4"]],
      [1, ["r"]],
      [1, ["r"]],
      [1, ["l"]],
    ]);
  });

  test("a file of another kind is refused with the layouts that there are", () => {
    expect(() => readMomentAnnotations(write("other.json", [{ question: "?" }]))).toThrow(
      "Known are Charades-STA's text",
    );
    expect(() => readMomentAnnotations(join(folder, "none.json"))).toThrow("nothing there");
    expect(() => readMomentAnnotations(write("empty.json", "  "))).toThrow("empty file");
    expect(() => readMomentAnnotations(write("broken.jsonl", '{"video": "a"}\n{"video": '))).toThrow("broken.jsonl:2");
  });
});

describe("predictions", () => {
  const truth = readMomentAnnotations(layouts["charades-sta"] as string).queries;
  const spans = (start: number, end: number) => ({ kind: "spans", spans: [{ start, end }] });

  test.each([
    [
      "timechat",
      { 0: { timestamp: [[1, 2]], query: "x", vid: "AAA.mp4" }, 2: { timestamp: [], query: "x", vid: "BBB.mp4" } },
    ],
    [
      "zoetrope",
      [
        { id: 0, start: 1, end: 2 },
        { video: "BBB.mp4", query: "Person, awake, reads", spans: [] },
      ],
    ],
    ["zoetrope", { 0: [1, 2], 2: [] }],
    [
      "qvhighlights",
      [
        { qid: 0, pred_relevant_windows: [[1, 2]] },
        { qid: 2, pred_relevant_windows: [] },
      ],
    ],
  ])("spans of %s, by id or by video and query", (format, content) => {
    const read = readMomentPredictions(write("spans.json", content), truth);
    expect(read.format).toBe(format);
    expect([...read.answers]).toEqual([
      ["0", spans(1, 2)],
      ["2", { kind: "spans", spans: [] }],
    ]);
    expect(read.problems).toEqual([{ what: "queries without a prediction", count: 1, names: ["1"] }]);
  });

  test.each([
    [
      "numpro",
      [{ id: 0, response: "From 1 to 2.", gt_start: 1.5, gt_end: 7, pred_start: 0, pred_end: 0, duration: 30 }],
    ],
    ["lmms-eval", { "AAA.mp4>>>person opens a door.>>>[1.5, 7]": "From 1 to 2." }],
    ["zoetrope", [{ id: "0", text: "From 1 to 2." }]],
    ["zoetrope", { 0: "From 1 to 2." }],
  ])("replies of %s stay text", (format, content) => {
    const read = readMomentPredictions(write("text.json", content), truth);
    expect(read.format).toBe(format);
    expect([...read.answers]).toEqual([["0", { kind: "text", text: "From 1 to 2." }]]);
  });

  test("VTimeLLM's log answers sentences by number; captions in it are another task's", () => {
    const queries = readMomentAnnotations(layouts["activitynet-captions"] as string).queries;
    const log = [
      { video_id: "AAA", task: "captioning", query_id: 0, answer: "[]" },
      { video_id: "AAA", task: "grounding", query_id: 0, answer: "From 30 to 60.", info: { sentence_id: 1, iou: 0.5 } },
    ];
    const read = readMomentPredictions(write("run.log", lines(log)), queries);
    expect(read.format).toBe("vtimellm");
    expect([...read.answers]).toEqual([["AAA#1", { kind: "text", text: "From 30 to 60." }]]);
  });

  test("NaN as Python writes it, reversed ends and other types go on as they are; NaN inside text stays text", () => {
    const text = '{"0": [[NaN, 2]], "1": [[9, 3], [1, 2]], "2": "NaN to 5"}';
    expect([...readMomentPredictions(write("nan.json", text), truth).answers.values()]).toEqual([
      spans(Number.NaN, 2),
      {
        kind: "spans",
        spans: [
          { start: 9, end: 3 },
          { start: 1, end: 2 },
        ],
      },
      { kind: "text", text: "NaN to 5" },
    ]);
  });

  test("unknown ids, answers given twice and rows without an answer are named", () => {
    const rows = [
      { id: 0, start: 1, end: 2 },
      { id: 0, start: 3, end: 4 },
      { id: 99, start: 1, end: 2 },
      { id: 1 },
      { start: 1, end: 2 },
    ];
    const { answers, problems } = readMomentPredictions(write("faults.jsonl", lines(rows)), truth);
    expect(answers.get("0")).toEqual(spans(1, 2));
    expect(problems.map(({ count, names }) => [count, names])).toEqual([
      [1, ["2"]],
      [2, ["99", "row 5"]],
      [1, ["0"]],
      [1, ["1"]],
    ]);
  });
});

test("a submission to QVHighlights keeps what is no number as NaN, and its faulty rows are named", () => {
  const path = write("submission.jsonl", '{"qid": 1, "pred_saliency_scores": [0.5, NaN]}\n{"qid": 1}\n{"vid": "a"}');
  const { rows, problems } = readHighlightPredictions(path);
  expect(rows.get("1")?.pred_saliency_scores).toEqual([0.5, Number.NaN]);
  expect(problems.map(({ count }) => count)).toEqual([1, 1]);
  expect(() => readHighlightTruth(path)).toThrow("Expected queries of QVHighlights");
});
