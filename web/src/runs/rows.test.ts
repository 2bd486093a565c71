/** Oracles: two small runs by hand. */
import { expect, test } from "vitest";
import { figuresOf, type Outcome } from "zoetrope/evals/runs/format";
import type { StudioRun, StudioSample } from "./read/studio-run.ts";
import { filtered, rowsOf, sorted, verdictCounts } from "./rows.ts";

function sample(id: string, iou: number, fields: Partial<StudioSample> = {}): StudioSample {
  const outcome: Outcome = {
    id,
    video: `${id}.mp4`,
    docHash: id,
    status: "read",
    values: { iou },
    groups: { aspect: id },
  };
  return {
    id,
    video: `${id}.mp4`,
    duration: null,
    question: `question ${id}`,
    options: [],
    target: null,
    prompt: null,
    reply: `reply ${id}`,
    truths: [{ start: 1, end: 2 }],
    predicted: [{ start: 0, end: 7 }],
    frames: null,
    rule: null,
    reason: null,
    verdict: iou >= 0.5 ? "hit" : "late",
    outcome,
    ...fields,
  };
}

function run(id: string, samples: readonly StudioSample[]): StudioRun {
  const figures = figuresOf([], {});
  return {
    id,
    file: id,
    format: "test",
    model: id,
    benchmark: "b",
    headline: "iou",
    samples,
    figures,
    fingerprint: null,
    notes: [],
  };
}

const runs = [
  run("a", [sample("x", 0.9), sample("y", 0.1), sample("z", 0.5)]),
  run("b", [sample("y", 0.8), sample("x", 0.2)]),
];
const all = rowsOf(runs);
const ids = (rows: readonly { question: string }[]) => rows.map(({ question }) => question.at(-1));
const none = { text: "", group: "", verdict: "" };

test("samples stand side by side by video and id, in the order of the first run", () => {
  expect(ids(all)).toEqual(["x", "y", "z"]);
  expect(all.map(({ samples }) => samples.map((each) => each?.outcome.values.iou ?? null))).toEqual([
    [0.9, 0.2],
    [0.1, 0.8],
    [0.5, null],
  ]);
  expect(all[0]?.duration).toBe(7);
});

test("filters: text, group, verdict, and where runs differ", () => {
  expect(ids(filtered(all, { ...none, text: "REPLY y" }))).toEqual(["y"]);
  expect(ids(filtered(all, { ...none, group: "aspect=z" }))).toEqual(["z"]);
  expect(ids(filtered(all, { ...none, verdict: "late" }))).toEqual(["x", "y"]);
  expect(ids(filtered(all, { ...none, verdict: "differ" }))).toEqual(["x", "y"]);
  expect(ids(filtered(all, { ...none, verdict: "not a hit" }))).toEqual(["x", "y"]);
});

test("orders: worst, best, most apart", () => {
  expect(ids(sorted(all, "worst first", "iou"))).toEqual(["y", "x", "z"]);
  expect(ids(sorted(all, "best first", "iou"))).toEqual(["z", "x", "y"]);
  // 0.7 is 0.7000000000000001 there, so y stands first.
  expect(ids(sorted(all, "most apart", "iou")).at(-1)).toBe("z");
  expect(verdictCounts(runs)).toEqual([
    ["hit", 3],
    ["late", 2],
  ]);
});
