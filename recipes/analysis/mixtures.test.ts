/** Oracle: the lines of the texts themselves, counted, and the paper's own figures. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { modelsFolder } from "../../src/core/files/index.ts";
import { loadTokenizer } from "../../src/nn/tokenizer/index.ts";
import { temporalTasks } from "../../src/tasks/index.ts";
import { testVocabulary, trainVocabulary } from "../../src/world/index.ts";
import { transferText } from "../transfer/text.ts";
import { verdictOf } from "./findings.ts";
import { heldOutText } from "./held-out-text.ts";
import { mixtureIds, temporalIds, trainingOf } from "./mixtures.ts";
import { overallProgress } from "./overall-progress.ts";
import { paperMixtures } from "./paper.table.ts";
import { paperTextVideo } from "./text-video.ts";

const tokenizer = loadTokenizer(join(modelsFolder(), "zoetrope-micro"));

/** Caption lines of each row that asks for the order of two items, in the probing suite's words. */
function linesOfTwo(id: (typeof temporalIds)[number]): number[] {
  const training = trainingOf(id);
  const rows = transferText(training?.arm ?? "t3", { seed: 1, rows: 400, tokenizer, ...training?.text });
  return rows.flatMap(({ turns }) => {
    const [{ ask, answer }] = turns as [(typeof turns)[number]];
    if (!ask.includes("correct order that the items appear") || answer.split(",").length !== 2) return [];
    const body = ask.replace(/^.*\n\nCaptions:\n/, "").split(/\n(?=Question: )|\n(?=What is)/)[0] as string;
    return [body.trim().split("\n").length];
  });
}

test.each([
  ["tc1x", [2]],
  ["tc2x", [4]],
  ["tc4x", [8]],
  ["tc8x", [16]],
  ["tcMixed", [2, 4, 8, 16]],
  ["orderTemplateTc1x", [2]],
] as const)("%s tells of two things in this many lines: %j", (id, expected) => {
  const found = linesOfTwo(id);
  expect(found.length).toBeGreaterThan(10);
  expect([...new Set(found)].sort((a, b) => a - b)).toEqual(expected);
});

test("twelve models are fine-tuned on time, as in the paper's Fig. 5, and every mixture has figures of the paper", () => {
  expect(temporalIds).toHaveLength(12);
  for (const id of mixtureIds) expect(paperMixtures[id].length).toBeGreaterThan(0);
});

test("the points that were read off the paper's Fig. 5 give its published r", () => {
  const { pearson, published } = paperTextVideo();
  expect(pearson.r).toBeCloseTo(published.r, 2);
});

test("held-out text asks every task of things and backgrounds that training text never names", () => {
  const samples = heldOutText(3, { perTask: 12 });
  expect(new Set(samples.map(({ task }) => task))).toEqual(new Set(temporalTasks));
  const trained = [
    ...trainVocabulary.shapes,
    ...trainVocabulary.backgrounds.map((name) => `on an? ${name} background`),
  ];
  const known = new RegExp(`\\b(${trained.join("|")})\\b`);
  for (const { question } of samples) expect(question).not.toMatch(known);
  expect(samples.every(({ question }) => testVocabulary.shapes.some((shape) => question.includes(shape)))).toBe(true);
  const unknown = samples.flatMap(({ question }) => tokenizer.encode(question)).filter((id) => id < 0);
  expect(unknown).toEqual([]);
  const letters = samples.filter(({ task }) => task === "order of three").map(({ answerIndex }) => answerIndex);
  for (let letter = 0; letter < 6; letter++) expect(letters.filter((each) => each === letter)).toHaveLength(2);
});

test("a verdict needs an interval that leaves out zero", () => {
  expect(verdictOf(+3, { low: 1, high: 4 })).toBe("same direction");
  expect(verdictOf(-3, { low: 1, high: 4 })).toBe("opposite direction");
  expect(verdictOf(-3, { low: -4, high: -1 })).toBe("same direction");
  expect(verdictOf(+3, { low: 0, high: 4 })).toBe("no clear difference");
  expect(verdictOf(+3, { low: null, high: null })).toBe("no clear difference");
});

test("overall progress counts seconds of work, and what was done before not as new", () => {
  const shown: number[] = [];
  let begun = -1;
  const progress = {
    task(_: string, task: { begun?: number }) {
      begun = task.begun ?? 0;
      return { update: (done: number) => void shown.push(done), finish() {} };
    },
    note() {},
  };
  const overall = overallProgress(progress, "all", [
    { key: "a", seconds: 30, done: true },
    { key: "b", seconds: 60, done: false },
    { key: "c", seconds: 10, done: false },
  ]);
  overall.piece("a", "a").task("train", { total: 4 }).update(2);
  overall.piece("b", "b").task("train", { total: 4 }).update(1);
  overall.piece("c", "c").task("ask", { total: 10 }).update(10);
  overall.finish("over");
  expect(begun).toBe(30);
  expect(shown).toEqual([30, 30, 30, 45, 90, 100, 100]);
});
