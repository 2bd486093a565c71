/** Oracle: a folder whose every fault was put there. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Problem } from "./benchmark.ts";
import { tempCompassItem } from "./tempcompass.ts";
import { readTempCompass, type TempCompassQuestions } from "./tempcompass-data.ts";
import { writeJson, writeTempCompassFolder } from "./tempcompass-folder.fixture.ts";
import { readJudgements, readPredictions } from "./tempcompass-predictions.ts";
import { scoreTempCompass } from "./tempcompass-score.ts";
import { writePredictions } from "./write-predictions.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-tempcompass-"));
const whole = join(folder, "predictions", "whole");
const faulty = join(folder, "predictions", "faulty");
let data: TempCompassQuestions;
beforeAll(() => {
  writeTempCompassFolder(folder, ["v1", "v2", "v3"]);
  data = readTempCompass(folder);
  const right = new Map(data.questions.map((each) => [tempCompassItem(each).id, each.answer]));
  writePredictions(whole, data.questions, right);
  writePredictions(faulty, data.questions, right);
});
afterAll(() => rmSync(folder, { recursive: true }));

const named = (problems: readonly Problem[], what: string) => problems.find((each) => each.what.includes(what));
const edit = (change: (file: Record<string, Record<string, unknown[]>>) => void) => {
  const file = JSON.parse(readFileSync(join(whole, "multi-choice.json"), "utf8"));
  change(file);
  writeJson(join(faulty, "multi-choice.json"), file);
  return readPredictions(faulty, data.questions);
};
const choices = (file: Record<string, Record<string, unknown[]>>, video: string, aspect: string) =>
  file[video]?.[aspect] as Record<string, unknown>[];

test("predictions that were written are read back, each for its question", () => {
  const { replies, problems } = readPredictions(whole, data.questions);
  expect(problems).toEqual([]);
  expect(replies).toEqual(new Map(data.questions.map((each) => [tempCompassItem(each).id, each.answer])));
});

test("missing, extra and doubled questions are counted and named, and the others are scored", () => {
  const { replies, problems } = edit((file) => {
    delete file.v1;
    choices(file, "v2", "action").push({ question: "What else?", prediction: "A" });
    choices(file, "v2", "order").push({ ...choices(file, "v2", "order")[0], prediction: "C" });
    file.stranger = { action: [{ question: "Who?", prediction: "A" }] };
  });
  expect(named(problems, "questions without predictions")).toMatchObject({
    count: 2,
    names: ["multi-choice/v1/action/0", "multi-choice/v1/order/0"],
  });
  expect(named(problems, "of no known question")).toMatchObject({
    count: 2,
    names: ["multi-choice/v2/action/1", "multi-choice/stranger/action/0"],
  });
  expect(named(problems, "occur twice")).toMatchObject({ count: 1, names: ["multi-choice/v2/order/1"] });
  const score = scoreTempCompass(data.questions.map(tempCompassItem), replies, { resamples: 0 });
  expect(score.tasks["multi-choice"]?.official.score).toMatchObject({ n: 4, correct: 4 });
});

test("what is no text is wrong and named; null is what a refusal looks like", () => {
  const { replies, problems } = edit((file) => {
    Object.assign(choices(file, "v1", "action")[0] as object, { prediction: 2 });
    Object.assign(choices(file, "v1", "order")[0] as object, { prediction: null });
    Object.assign(choices(file, "v2", "action")[0] as object, { prediction: ["A"] });
  });
  expect(named(problems, "no text")).toMatchObject({
    count: 2,
    names: ["multi-choice/v1/action/0 (number)", "multi-choice/v2/action/0 (array)"],
  });
  expect(named(problems, "null")).toMatchObject({ count: 1 });
  const verdicts = new Map<string, boolean>();
  const score = scoreTempCompass(data.questions.map(tempCompassItem), replies, { verdicts, resamples: 0 });
  expect(score.tasks["multi-choice"]?.official.score).toMatchObject({ n: 6, correct: 3, unparsed: 3, unjudged: 0 });
});

test("unknown aspects and shapeless rows are left out by name; response is another word for prediction", () => {
  const { replies, problems } = edit((file) => {
    file.v1 = { ...file.v1, mood: [{ question: "How?", prediction: "A" }] };
    file.v2 = { ...file.v2, action: ["A"] };
    const row = choices(file, "v3", "action")[0] as Record<string, unknown>;
    row.response = row.prediction;
    delete row.prediction;
  });
  expect(named(problems, "unknown aspects")).toMatchObject({ count: 1, names: ["multi-choice/v1/mood"] });
  expect(named(problems, "no objects")).toMatchObject({ count: 1, names: ["multi-choice/v2/action/0"] });
  expect(replies.get("multi-choice/v3/action/0")).toBe("A. a red circle");
});

test("a key that stands twice in the file is found although JSON.parse hides it", () => {
  const text = readFileSync(join(whole, "multi-choice.json"), "utf8").replace('"v2":', '"v1":');
  writeJson(join(faulty, "multi-choice.json"), text);
  const { problems } = readPredictions(faulty, data.questions);
  expect(named(problems, "occur twice")).toMatchObject({ count: 1, names: ["multi-choice/v1"] });
});

test("a file that is no JSON, an empty folder and another layout are one sentence each", () => {
  writeJson(join(faulty, "multi-choice.json"), '{"v1": ');
  expect(() => readPredictions(faulty, data.questions)).toThrow(/multi-choice\.json: Expected JSON/);
  writeJson(join(faulty, "multi-choice.json"), { v1: "A" });
  expect(() => readPredictions(faulty, data.questions)).toThrow(/multi-choice\.json: At v1/);
  expect(() => readPredictions(folder, data.questions)).toThrow(/Expected predictions .* none of them/);
  expect(() => readTempCompass(faulty)).toThrow(/questions\/multi-choice\.json/);
});

test("released judgements decide; a rating of -1 is unjudged, never wrong", () => {
  const { replies } = readPredictions(whole, data.questions);
  const results = join(folder, "results");
  const rating: Record<string, number> = { v1: 1, v2: 0, v3: -1 };
  const file = Object.fromEntries(
    Object.entries(rating).map(([video, each]) => [
      video,
      {
        action: [{ "video-llm-prediction": "A. a red circle", rating: each }],
        order: [{ "video-llm-prediction": "something else", rating: 1 }],
      },
    ]),
  );
  writeJson(join(results, "captioning.json"), file);
  const { verdicts, problems } = readJudgements(results, data.questions, replies);
  const { official, ruleOnly } = scoreTempCompass(data.questions.map(tempCompassItem), replies, {
    verdicts,
    resamples: 0,
  }).tasks.captioning as NonNullable<ReturnType<typeof scoreTempCompass>["tasks"]["captioning"]>;
  expect(official.score).toMatchObject({ n: 5, correct: 4, unjudged: 1 });
  expect(ruleOnly.avg).toBeNull();
  expect(named(problems, "another wording")).toMatchObject({ count: 3 });
  expect(named(problems, "without a rating")).toMatchObject({ count: 1, names: ["captioning/v3/action/0"] });
});
