/** Scores of dense captions as users meet them: a table, or one JSON object; one sentence where something is wrong. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { captureOutput } from "./captured-output.fixture.ts";
import { run } from "./run.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-cli-dense-"));
const file = (name: string, value: unknown) => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
};
const sentences = ["A man runs on a track.", "A dog eats food."];
const timestamps = [
  [0, 10],
  [10, 20],
];
const truth = file("truth.json", {
  v_a: { duration: 20, timestamps, sentences },
  v_b: { duration: 20, timestamps, sentences },
});
const events = sentences.map((sentence, i) => ({ sentence, timestamp: timestamps[i] }));
const predictions = file("predictions.json", { results: { v_a: events } });
const output = captureOutput();

afterAll(() => rmSync(folder, { recursive: true }));

test.each(["activitynet-captions", "youcook2"])("score %s gives the figures in one flat summary", async (name) => {
  expect(await run(["score", name, predictions, "--truth", truth, "--json"])).toBe(0);
  const { summary, task, convention, meteor } = JSON.parse(output.stdout);
  expect({ task, convention, meteor }).toEqual({
    task: "captioning",
    convention: "strict",
    meteor: "METEOR 1.5 without paraphrases",
  });
  expect(summary).toMatchObject({ n: 2, unparsed: 0, coverage: 0.5, trueEvents: 4, predictedEvents: 2 });
  for (const [key, value] of Object.entries({ sodaC: 50, meteor: 50, cider: 500, bleu4: 50, rougeL: 50 })) {
    expect(summary[key], key).toBeCloseTo(value, 4);
  }
});

test("the table says which videos are missing and what that means", async () => {
  expect(await run(["score", "youcook2", predictions, "--truth", truth, "--convention", "vtimellm"])).toBe(0);
  expect(output.stdout).toContain("1 of 2 videos have a prediction (50.0 %); scores are means over 1 videos");
  expect(output.stdout).toContain("! 1 videos without a prediction (left out of the scores): v_b");
});

test("what is missing or does not fit is said in a sentence", async () => {
  const log = file("log.json", [
    { video_id: "v_a", task: "captioning", answer: "" },
    { video_id: "v_a", task: "grounding", answer: "" },
  ]);
  const calls: readonly (readonly [string[], RegExp])[] = [
    [["youcook2", predictions], /Expected --truth/],
    [["youcook2", predictions, "--truth", truth, "--convention", "timechat"], /strict, vtimellm, got "timechat"/],
    [["activitynet-captions", log, "--truth", truth], /got both. Say --task captioning or --task grounding/],
  ];
  for (const [args, message] of calls) {
    output.stderr = "";
    expect(await run(["score", ...args])).toBe(1);
    expect(output.stderr).toMatch(message);
  }
});
