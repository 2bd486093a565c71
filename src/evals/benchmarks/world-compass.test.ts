/** Oracle: the conflicts that the files were made from; readers who answer by them, or without looking. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { videosOfARound, worldCompass, writeWorldCompass } from "../../synthesis/index.ts";
import type { BenchmarkItem, OpenBenchmark } from "./benchmark.ts";
import { fineAspects } from "./tempcompass-data.ts";
import { worldCompassBenchmark } from "./world-compass.ts";

const folder = mkdtempSync(join(tmpdir(), "world-compass-"));
const made = worldCompass({ seed: 3, videos: videosOfARound });
let open: OpenBenchmark;
beforeAll(async () => {
  // The reader of questions needs no videos: they stay unwritten.
  const files = { ...made, videos: [] };
  await writeWorldCompass(folder, files);
  open = worldCompassBenchmark.open(folder, "official");
});
afterAll(() => rmSync(folder, { recursive: true }));

const answersOf = (item: BenchmarkItem) => {
  const [task, video, aspect, place] = item.id.split("/") as ["multi-choice", string, string, string];
  return made.questions[task][video]?.[aspect]?.[Number(place)]?.answer as string;
};

test("the files are read without a problem, with every fine aspect", () => {
  expect(open.problems).toEqual([]);
  const fine = new Set(open.items.map(({ groups }) => groups["fine aspect"]?.split(": ")[1]));
  expect([...fine].sort()).toEqual([...fineAspects].sort());
  expect(open.items.length).toBe(videosOfARound * (3 + 6 + 3 + 4));
});

test("the right answers are right by TempCompass's rules and by ours, all others wrong", () => {
  for (const item of open.items) {
    const task = item.groups.task;
    for (const name of task === "captioning" ? ["default"] : ["official", "default"]) {
      const read = item.read[name];
      if (!read) throw new Error(`Expected a reader named ${name}.`);
      const right = task === "captioning" ? `In the video: ${item.options[item.answerIndex]}.` : answersOf(item);
      expect(read(right), `${item.prompt} -> ${right}`).toMatchObject({ kind: "read", correct: true });
      if (task === "captioning") continue;
      for (const [i, other] of item.options.entries()) {
        if (i === item.answerIndex) continue;
        expect(read(other), `${item.prompt} -> ${other}`).not.toMatchObject({ correct: true });
      }
    }
  }
});

test("one fixed letter, or always yes, is right exactly as often as chance", () => {
  const choices = open.items.filter(({ groups }) => groups.task === "multi-choice");
  for (const count of [3, 4]) {
    const own = choices.filter(({ options }) => options.length === count);
    for (let letter = 0; letter < count; letter++) {
      expect(own.filter(({ answerIndex }) => answerIndex === letter)).toHaveLength(own.length / count);
    }
  }
  const yesNo = open.items.filter(({ groups }) => groups.task === "yes_no");
  expect(yesNo.filter(({ options, answerIndex }) => options[answerIndex] === "yes")).toHaveLength(yesNo.length / 2);
});
