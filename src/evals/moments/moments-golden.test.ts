/**
 * Oracles: the official reports of QVHighlights' sample submission and of TimeChat's example of grounding. They are read from
 * the shared data, not from this repository.
 *
 * TimeChat's repository prints 16.06, 21.19 and 22.35 as HIT@1 beside its example of highlights (235, 310 and 327 hits of
 * 1,463), and mAP 11.77, 20.84 and 26.45. By the definition of its own script, the predictions that it ships have 276, 339 and
 * 360 hits, which are counted here from the files, and the mAPs below, which a plain Python program gave.
 */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import {
  type HighlightTruth,
  readHighlightPredictions,
  readHighlightTruth,
  readMomentAnnotations,
  readMomentPredictions,
} from "../../data/index.ts";
import { textUnitsOf } from "./read-moment.ts";
import { scoreGrounding } from "./score-grounding.ts";
import { scoreQvHighlights } from "./score-qvhighlights.ts";

const data = join(process.env.ZOETROPE_SHARED ?? resolve(import.meta.dirname, "../../../../shared"), "data");
const without = (folder: string) => (existsSync(join(data, folder)) ? "" : ` (skipped: no shared/data/${folder})`);
const skips = {
  qv: without("qvhighlights"),
  timeChat: without("timechat_examples"),
  charades: without("charades_sta"),
};

describe.skipIf(skips.qv !== "")(`QVHighlights' sample submission${skips.qv}`, () => {
  const at = (name: string) => join(data, "qvhighlights", name);

  test("every number of the official report comes out to the digit", () => {
    const truth = readHighlightTruth(at("highlight_val_release.jsonl"));
    const predictions = readHighlightPredictions(at("sample_val_preds.jsonl"));
    expect([...truth.problems, ...predictions.problems]).toEqual([]);
    const { brief, retrieval, n } = scoreQvHighlights(truth.rows, predictions.rows, { resamples: 0 });
    const report = JSON.parse(readFileSync(at("sample_val_preds_metrics_raw.json"), "utf8"));
    const levels = Object.fromEntries(
      ["Fair", "Good", "VeryGood"].map((level) => [
        `HL-min-${level}`,
        { "HL-mAP": brief[`HL-min-${level}-mAP`], "HL-Hit1": brief[`HL-min-${level}-Hit1`] },
      ]),
    );
    expect({ brief, ...levels, ...retrieval }).toEqual(report);
    expect(n).toBe(1550);
  });
});

describe.skipIf(skips.timeChat !== "")(`TimeChat's examples${skips.timeChat}`, () => {
  const at = (name: string) => join(data, "timechat_examples", name);

  test("grounding has the figures of its script: 9.0, 3.4 and 1.4 of 500 queries", () => {
    const { queries } = readMomentAnnotations(at("tvg/ground_truth.json"));
    const { format, answers, problems } = readMomentPredictions(at("tvg/predictions.json"), queries);
    expect([format, queries.length, answers.size]).toEqual(["timechat", 3720, 500]);
    expect(problems.map(({ what, count }) => [what, count])).toEqual([["queries without a prediction", 3220]]);
    const options = { units: textUnitsOf(format), resamples: 100 };
    const { figures, n, unparsed, strict } = scoreGrounding(queries, answers, { ...options, convention: "timechat" });
    expect([figures.r1At03.value, figures.r1At05.value, figures.r1At07.value]).toEqual([9, 3.4, 1.4]);
    expect([n, unparsed]).toEqual([500, 280]);
    expect(strict.r1At03).toBeCloseTo((100 * 45) / 3720, 9);
  });

  test.skipIf(skips.charades !== "")(`the lines of Charades-STA are the queries of TimeChat${skips.charades}`, () => {
    const { queries, problems } = readMomentAnnotations(join(data, "charades_sta/charades_sta_test.txt"));
    const other = readMomentAnnotations(at("tvg/ground_truth.json")).queries;
    const plain = (list: typeof queries) => list.map(({ id, video, truths }) => [id, video, truths]);
    expect(plain(queries)).toEqual(plain(other));
    expect(new Set(queries.map(({ video }) => video)).size).toBe(1334);
    expect(queries.every(({ duration }) => duration > 0 && duration < 300)).toBe(true);
    expect(problems.map(({ what }) => what)).toEqual(["annotated spans that reach past the video (kept)"]);
  });

  test("highlights: hits are those that the files hold, counted clip by clip", () => {
    const truth = readHighlightTruth(at("vhd/ground_truth.json"));
    const predictions = readHighlightPredictions(at("vhd/predictions.json"));
    const { brief, n, of } = scoreQvHighlights(truth.rows, predictions.rows, { resamples: 0 });
    expect([n, of]).toEqual([1463, 1550]);
    const hits = (from: number) =>
      [...predictions.rows.values()].filter(({ qid, pred_saliency_scores: scores = [] }) => {
        const { relevant_clip_ids: clips, saliency_scores: ratings } = truth.rows.get(qid) as HighlightTruth;
        const rated = ratings[clips.indexOf(scores.indexOf(Math.max(...scores)))] ?? [];
        return rated.some((rating) => rating >= from);
      }).length;
    expect([hits(4), hits(3), hits(2)]).toEqual([276, 339, 360]);
    const percent = (count: number) => Number(((100 * count) / n).toFixed(2));
    expect([brief["HL-min-VeryGood-Hit1"], brief["HL-min-Good-Hit1"], brief["HL-min-Fair-Hit1"]]).toEqual(
      [276, 339, 360].map(percent),
    );
    expect(["VeryGood", "Good", "Fair"].map((level) => brief[`HL-min-${level}-mAP`])).toEqual([13.24, 22.8, 28.8]);
  });
});
