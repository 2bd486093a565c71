/**
 * Oracle: the released predictions and results of Video-LLaVA, whose scores the leaderboard shows (49.77 over all items), and
 * the counts of the released questions. They are read from the shared data, not from this repository.
 */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { tempCompassItem } from "./tempcompass.ts";
import { readTempCompass, type TempCompassQuestions } from "./tempcompass-data.ts";
import { readJudgements, readPredictions } from "./tempcompass-predictions.ts";
import { scoreTempCompass, type TempCompassScore, tempCompassSummary } from "./tempcompass-score.ts";

const shared = process.env.ZOETROPE_SHARED ?? resolve(import.meta.dirname, "../../../../shared");
const folder = join(shared, "data/tempcompass");
const reason = existsSync(folder) ? "" : " (skipped: no shared/data/tempcompass)";

describe.skipIf(reason !== "")(`TempCompass as released${reason}`, () => {
  let data: TempCompassQuestions;
  let score: TempCompassScore;
  beforeAll(() => {
    data = readTempCompass(folder);
    const { replies } = readPredictions(join(folder, "predictions/video-llava"), data.questions);
    const { verdicts } = readJudgements(join(folder, "auto_eval_results/video-llava"), data.questions, replies);
    score = scoreTempCompass(data.questions.map(tempCompassItem), replies, { verdicts, resamples: 0 });
  });

  test("every question is read: counts by task and aspect, gold letters, options", () => {
    expect(data.problems).toEqual([]);
    const counts: Record<string, number[]> = {
      "multi-choice": [338, 335, 317, 302, 288],
      yes_no: [592, 494, 537, 382, 448],
      caption_matching: [297, 327, 291, 300, 288],
      captioning: [396, 436, 388, 400, 384],
    };
    const aspects = ["action", "direction", "speed", "order", "attribute_change"];
    const of = (task: string, aspect: string) =>
      data.questions.filter((each) => each.task === task && each.aspect === aspect).length;
    for (const [task, list] of Object.entries(counts)) {
      expect(
        aspects.map((aspect) => of(task, aspect)),
        task,
      ).toEqual(list);
    }
    const choices = data.questions.filter(({ task }) => task === "multi-choice").map(tempCompassItem);
    const tally = (values: readonly number[]) =>
      [0, 1, 2, 3, 4].map((value) => values.filter((each) => each === value).length);
    expect(tally(choices.map(({ answerIndex }) => answerIndex))).toEqual([461, 457, 505, 157, 0]);
    expect(tally(choices.map(({ options }) => options.length)).slice(2)).toEqual([6, 899, 675]);
    expect(new Set(data.questions.map(({ video }) => video)).size).toBe(410);
    const fine = data.questions.filter(({ task }) => task === "multi-choice").map(({ fine }) => fine);
    expect(fine.filter((each) => each === "camera motion")).toHaveLength(92);
    expect(fine.filter((each) => each === "order")).toHaveLength(302);
  });

  test("the official figures of Video-LLaVA come out to the digit, by aspect, with the released verdicts", () => {
    const golden: Record<string, [number, number[]]> = {
      "multi-choice": [45.6, [76.0, 35.2, 35.6, 37.7, 41.0]],
      yes_no: [56.4, [74.3, 51.8, 50.3, 49.2, 51.1]],
      caption_matching: [63.3, [87.9, 53.8, 58.4, 59.0, 58.3]],
      captioning: [34.8, [50.8, 28.7, 23.2, 38.2, 33.6]],
    };
    for (const [task, [avg, aspects]] of Object.entries(golden)) {
      const official = score.tasks[task as keyof typeof score.tasks]?.official;
      expect(official?.avg, task).toBe(avg);
      expect(Object.values(official?.aspects ?? {}), task).toEqual(aspects);
      expect(Object.keys(official?.fineAspects ?? {})).toHaveLength(11);
    }
    // The leaderboard's average over all items: (720 + 1383 + 952 + 698) / 7540.
    expect(score.all.official.correct).toBe(720 + 1383 + 952 + 698);
    expect(score.all.official.accuracy?.toFixed(2)).toBe("49.77");
  });

  test("rules alone match as many replies as in the specification, and score what --disable_llm does", () => {
    const summary = tempCompassSummary(score, { predicted: 7540, of: 7540 });
    expect(summary).toMatchObject({
      multiChoice: 45.6,
      yesNo: 56.4,
      captionMatching: 63.3,
      captioning: 34.8,
      ruleOnly: { multiChoice: 45.6, yesNo: 56.4, captionMatching: 63.3, captioning: null },
      matched: { multiChoice: 1580, yesNo: 2453, captionMatching: 1496, captioning: null },
    });
    const right = (task: "multi-choice" | "yes_no" | "caption_matching") => score.tasks[task]?.ruleOnly.score.correct;
    expect([right("multi-choice"), right("yes_no"), right("caption_matching")]).toEqual([720, 1383, 951]);
  });
});

test("the averages of T3's Table 2 are micro averages of its aspects over 338/335/317/302/288 items", () => {
  const weights = [338, 335, 317, 302, 288];
  const rows: readonly (readonly [average: number, aspects: readonly number[]])[] = [
    [55.9, [92.3, 37.3, 42.0, 54.3, 51.7]],
    [61.2, [90.8, 39.7, 41.6, 65.9, 68.1]],
    [41.0, [63.0, 31.6, 29.3, 40.7, 38.9]],
    [71.0, [98.2, 52.8, 52.1, 73.2, 78.5]],
  ];
  for (const [average, aspects] of rows) {
    const micro = aspects.reduce((sum, value, i) => sum + value * (weights[i] as number), 0) / 1580;
    expect(Math.abs(micro - average)).toBeLessThanOrEqual(0.1);
  }
});
