/** Oracles: prompts spelt out from lmms-eval's and TVBench's sources; folders whose faults were put there. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readFlatPredictions } from "./flat-predictions.ts";
import { mlvu } from "./mlvu.ts";
import { readReplies } from "./read-replies.ts";
import { scoreItems } from "./score-items.ts";
import { writeJson } from "./tempcompass-folder.fixture.ts";
import { matchTvbench, tvbench } from "./tvbench.ts";
import { videoMme } from "./video-mme.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-benchmarks-"));
afterAll(() => rmSync(folder, { recursive: true }));

const row = {
  question_id: "001-1",
  videoID: "abc",
  duration: "short",
  task_type: "Temporal Reasoning",
  question: "What's next?",
  options: ["A. It's a cat.", "B. A dog.", "C. None.", "D. Both."],
  answer: "B",
};

test("Video-MME: options as a Python list in 2024-09, on lines today", () => {
  writeJson(join(folder, "mme", "video-mme.jsonl"), `${JSON.stringify(row)}\n`);
  const [then, now] = ["2024-09", "current"].map((profile) => videoMme.open(join(folder, "mme"), profile).items[0]);
  const opening =
    "Select the best answer to the following multiple-choice question based on the video and the subtitles. Respond with only the letter (A, B, C, or D) of the correct option.";
  const closing = "\nAnswer with the option's letter from the given choices directly.";
  expect(then?.prompt).toBe(
    `${opening}\nWhat's next?\n["A. It's a cat.", 'B. A dog.', 'C. None.', 'D. Both.']\n${closing}`,
  );
  expect(now?.prompt).toBe(`${opening}\nWhat's next?\n${row.options.join("\n")}\n${closing}`);
  expect(then?.read["2024-09"]?.("Answer: B")).toMatchObject({ correct: false });
  expect(now?.read.current?.("Answer: B")).toMatchObject({ correct: true });
  expect(now?.options[1]).toBe("A dog.");
});

test("Video-MME: doubled ids and rows that do not fit are named, and the others are kept", () => {
  const rows = [
    row,
    { ...row, question: "Again?" },
    { ...row, question_id: 7 },
    { ...row, question_id: "2", answer: "F" },
  ];
  writeJson(join(folder, "mme-faulty", "video-mme.json"), rows);
  const { items, problems } = videoMme.open(join(folder, "mme-faulty"), "current");
  expect(items.map(({ id }) => id)).toEqual(["001-1"]);
  expect(problems.map(({ what, names }) => `${what}: ${names[0]}`)).toEqual([
    expect.stringMatching(/do not fit.*row 3 \(question_id/),
    expect.stringMatching(/twice.*001-1/),
    expect.stringMatching(/no option.*2$/),
  ]);
});

const count = { video: "count_1.mp4", question: "How often?", candidates: ["1", "2", "3", "4"], answer: "3" };

test("MLVU: the original release and the repackaged rows ask the same, in both profiles", () => {
  writeJson(join(folder, "mlvu", "json", "4_count.json"), [count]);
  const question = "How often?\n(A) 1\n(B) 2\n(C) 3\n(D) 4";
  const packed = { video_name: count.video, question, candidates: count.candidates, answer: "C", task_type: "count" };
  writeJson(join(folder, "mlvu-packed", "mlvu_dev.jsonl"), `${JSON.stringify(packed)}\n`);
  for (const [profile, prompt] of [
    ["2024-09", `\n${question}\nOnly give the best option.\n\nBest option: (`],
    ["current", `${question}\nOnly give the best option.\nBest option: (`],
  ] as const) {
    const items = ["mlvu", "mlvu-packed"].map((name) => mlvu.open(join(folder, name), profile).items[0]);
    for (const item of items) expect(item).toMatchObject({ prompt, answerIndex: 2, id: "count/count_1.mp4/0" });
  }
  expect(mlvu.open(join(folder, "mlvu"), "current").problems[0]).toMatchObject({ count: 6 });
});

test("MLVU's headline is the mean over tasks, whatever their sizes", () => {
  writeJson(
    join(folder, "mlvu", "json", "5_order.json"),
    ["a", "b", "c"].map((video) => ({ ...count, video })),
  );
  const open = mlvu.open(join(folder, "mlvu"), "current");
  const replies = new Map(open.items.map(({ id }) => [id, id.startsWith("count") ? "C" : "A"]));
  const scores = scoreItems(readReplies(open.items, replies, { reader: "current" }), {
    ...open,
    resamples: 0,
  } as never);
  expect(scores.all.accuracy).toBe(25);
  expect(scores.macro).toBe(50);
});

test("TVBench: the notebook's prompt, bounds where a task has them, and its matching with its defect", () => {
  const each = { video: "x.mp4", question: "Which?", candidates: ["left", "right"], answer: "right", start: 2, end: 5 };
  writeJson(join(folder, "tv", "json", "action_sequence.json"), [each]);
  writeJson(join(folder, "tv", "json", "object_count.json"), [each, { ...each, answer: "up" }]);
  const { items, problems } = tvbench.open(join(folder, "tv"), "official");
  expect(items[0]?.prompt).toMatch(
    /^Carefully watch .*\nQuestion: Which\?\nOptions:\n\(A\) left\n\(B\) right\nOnly give the best option\.\nBest option:\($/s,
  );
  expect(items.find(({ groups }) => groups.task === "action_sequence")?.span).toEqual({ start: 2, end: 5 });
  expect(items.find(({ groups }) => groups.task === "object_count")?.span).toBeUndefined();
  expect(problems.find(({ what }) => what.includes("no option"))?.names).toEqual(["object_count/1"]);
  expect(tvbench.open(join(folder, "tv"), "current").items[0]?.prompt).toBe(
    "Which?\nA. left\nB. right\nAnswer with the option letter only.",
  );
  expect(matchTvbench("B) right", "(B) right")).toMatchObject({ correct: true });
  expect(matchTvbench("A) left", "(B) right")).toMatchObject({ correct: false });
  expect(matchTvbench("left", "(B) right").kind).toBe("unparsed");
  expect(matchTvbench("", "(B) right")).toMatchObject({ correct: true });
});

test("predictions in one file: rows or an object; missing, extra, doubled, nameless and wordless ones are named", () => {
  const { items } = mlvu.open(join(folder, "mlvu"), "current");
  const ids = items.map(({ id }) => id) as [string, string, string, string];
  const rows = [
    { id: ids[0], prediction: "A" },
    { question_id: ids[1], response: 3 },
    { id: ids[0], prediction: "B" },
    { id: "none", prediction: "B" },
    { prediction: "B" },
  ];
  writeJson(join(folder, "preds.json"), rows);
  const { replies, problems } = readFlatPredictions(join(folder, "preds.json"), items);
  expect(replies).toEqual(
    new Map<string, unknown>([
      [ids[0], "A"],
      [ids[1], 3],
    ]),
  );
  expect(problems.map(({ count, names }) => [count, names])).toEqual([
    [2, [ids[2], ids[3]]],
    [1, ["none"]],
    [1, [ids[0]]],
    [1, ["row 5"]],
    [1, [`${ids[1]} (number)`]],
  ]);
  writeJson(join(folder, "object.json"), Object.fromEntries(ids.map((id) => [id, "C"])));
  expect(readFlatPredictions(join(folder, "object.json"), items)).toMatchObject({ replies: { size: 4 }, problems: [] });
});

test.each([videoMme, mlvu, tvbench])("an empty folder for $name says what the layout is", (benchmark) => {
  expect(() => benchmark.open(join(folder, "nowhere"), benchmark.profiles[0] as string)).toThrow(
    /Expected .* got none/,
  );
});
