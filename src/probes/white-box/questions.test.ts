/** Questions of the world are balanced; questions of files are refused by line. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { questionsOfFile, worldQuestions } from "./questions.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-questions-"));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(...rows: readonly unknown[]): string {
  const path = join(folder, "questions.jsonl");
  writeFileSync(path, rows.map((row) => (typeof row === "string" ? row : JSON.stringify(row))).join("\n"));
  return path;
}
const seen = { frames: 4, sampler: "linspace" } as const;
const row = { video: "a.mp4", question: "Which is first?", options: ["a cat", "a dog"], answer: "a dog" };

test("rows are questions with the right option's index, in their order", () => {
  const questions = questionsOfFile(fileOf(row, { ...row, id: "x", answer: 0, task: "order" }), seen);
  expect(questions.map(({ id, video, groups }) => ({ id, video, groups }))).toEqual([
    { id: "1", video: "a.mp4", groups: ["all"] },
    { id: "x", video: "a.mp4", groups: ["all", "order"] },
  ]);
});

test.each([
  [[row, "{"], /line 2, got "\{"/],
  [[{ ...row, answer: "a cow" }], /line 1, to be one of its options, got "a cow"/],
  [[{ ...row, options: ["a cat"] }], /line 1: /],
  [
    [
      { ...row, id: "1" },
      { ...row, id: "1" },
    ],
    /ids of their own/,
  ],
  [[], /got 0 with 0 ids/],
])("%j is refused in a sentence", (rows, message) => {
  expect(() => questionsOfFile(fileOf(...rows), seen)).toThrow(message);
});

test("every task of the world has as many questions, and a film's questions stand together", async () => {
  const questions = worldQuestions([3], { perTask: 2 });
  const tasks = new Set(questions.map(({ groups }) => groups[1]));
  expect(tasks.size).toBe(14);
  for (const task of tasks) expect(questions.filter(({ groups }) => groups[1] === task)).toHaveLength(2);
  const films = questions.map(({ video }) => video).filter((video, i, all) => video !== all[i - 1]);
  expect(new Set(films).size).toBe(films.length);
  const { shown, text, options } = await (questions[0] as (typeof questions)[number]).load();
  expect(shown.frames).toHaveLength(8);
  for (const option of options) expect(text).toContain(option);
});
