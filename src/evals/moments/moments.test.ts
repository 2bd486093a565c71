/** Oracles: the reference scripts' own formulas on random answers, and spans with known faults. */
import { describe, expect, test } from "vitest";
import { Rng, roundHalfEven } from "../../core/math/index.ts";
import type { MomentConvention } from "../../core/metrics/index.ts";
import type { HighlightPrediction, HighlightTruth, MomentAnswer, MomentQuery } from "../../data/index.ts";
import { blindQvHighlights } from "./blind-qvhighlights.ts";
import { firstWindowFaults } from "./first-window-faults.ts";
import { formatGrounding } from "./format-grounding.ts";
import { formatQvHighlights } from "./format-qvhighlights.ts";
import { textUnitsOf } from "./read-moment.ts";
import { scoreGrounding } from "./score-grounding.ts";
import { scoreQvHighlights } from "./score-qvhighlights.ts";

const text = (reply: string): MomentAnswer => ({ kind: "text", text: reply });
const spans = (...ends: readonly (readonly [number, number])[]): MomentAnswer => ({
  kind: "spans",
  spans: ends.map(([start, end]) => ({ start, end })),
});

function queryOf(id: number, rng: Rng): MomentQuery {
  const duration = rng.integer(20, 180);
  const start = rng.uniform(0, duration - 3);
  const end = rng.uniform(start + 1, duration);
  return { id: String(id), video: `v${id % 7}`, duration, query: "x", truths: [{ start, end }] };
}

function score(
  queries: readonly MomentQuery[],
  answers: readonly (MomentAnswer | null)[],
  convention: MomentConvention,
  format = "zoetrope" as Parameters<typeof textUnitsOf>[0],
) {
  const given = queries.flatMap(({ id }, i) => (answers[i] ? [[id, answers[i]] as const] : []));
  return scoreGrounding(queries, new Map(given), { convention, units: textUnitsOf(format), resamples: 100 });
}

describe("conventions equal the scripts that they are named for", () => {
  const rng = new Rng("conventions");
  const queries = Array.from({ length: 300 }, (_, i) => queryOf(i, rng));
  const overlap = (a: number, b: number, c: number, d: number) =>
    Math.max(0, Math.min(b, d) - Math.max(a, c)) / (Math.max(b, d) - Math.min(a, c));

  test("vtimellm: two digits are hundredths of the video, iou rounded before thresholds, anything else 0", () => {
    const two = (value: number) => String(value).padStart(2, "0");
    const pairs = queries.map(() => [rng.below(100), rng.below(100)] as const);
    const replies = pairs.map(([a, b], i) =>
      i % 5 === 0 ? `from ${a % 10} to ${b % 10}` : `From ${two(a)} to ${two(b)}.`,
    );
    const expected = queries.map(({ truths: [truth], duration }, i) => {
      const [a, b] = pairs[i] as readonly [number, number];
      const { start = 0, end = 0 } = truth ?? {};
      return i % 5 === 0 ? 0 : roundHalfEven(overlap(a / 100, b / 100, start / duration, end / duration), 2);
    });
    const result = score(queries, replies.map(text), "vtimellm", "vtimellm");
    expect(result.queries.map(({ read }) => (read.kind === "read" ? read.iou : 0))).toEqual(expected);
    expect(result.unparsed).toBe(60);
    expect(result.figures.r1At03.value).toBeCloseTo((100 * expected.filter((iou) => iou >= 0.3).length) / 300, 9);
  });

  test("numpro: frame numbers at half a frame a second", () => {
    const pairs = queries.map(({ duration }) => [rng.below(duration >> 1), rng.below(duration >> 1)] as const);
    const replies = pairs.map(([a, b], i) =>
      text(i % 2 === 0 ? `From Frame ${a} to Frame ${b}.` : `from ${a} to ${b}`),
    );
    const expected = queries.map(({ truths: [truth] }, i) => {
      const [a, b] = pairs[i] as readonly [number, number];
      return a > b ? 0 : overlap(2 * a, 2 * b, truth?.start ?? 0, truth?.end ?? 0);
    });
    const result = score(queries, replies, "numpro", "numpro");
    result.queries.forEach(({ read }, i) => {
      expect(read.kind === "read" ? read.iou : 0).toBeCloseTo(expected[i] as number, 12);
    });
  });

  test("timechat: only the first span counts, its ends are put in order, queries without a prediction are left out", () => {
    const [a, b, c] = queries as [MomentQuery, MomentQuery, MomentQuery];
    const truth = ({ truths: [span] }: MomentQuery) => [span?.start ?? 0, span?.end ?? 0] as const;
    const backwards = [truth(b)[1], truth(b)[0]] as const;
    const result = score([a, b, c], [spans([0, 0.1], truth(a)), spans(backwards), null], "timechat");
    expect(result).toMatchObject({ n: 2, of: 3, predicted: 2, unparsed: 0 });
    expect(result.coverage).toBeCloseTo(2 / 3, 12);
    expect(result.figures.r1At07.value).toBe(50);
    expect(result.strict.r1At07).toBe(0);
  });

  test("strict: missing, unread and reversed predictions are misses and stay in the denominator", () => {
    const five = queries.slice(0, 5);
    const answers = [spans([9, 3]), spans([Number.NaN, 3]), text("I cannot tell."), null, spans()];
    const result = score(five, answers, "strict");
    expect(result).toMatchObject({ n: 5, predicted: 4, unparsed: 3 });
    expect(result.figures.miou.value).toBe(0);
    expect(result.problems.map(({ what, names }) => [what, names])).toEqual([
      ["answers that refuse (unparsed)", ["2"]],
      ["predictions with an empty list of spans (unparsed)", ["4"]],
      ["predicted spans that are not finite numbers (unparsed)", ["1"]],
      ["predicted spans with their ends reversed (misses)", ["0"]],
    ]);
  });
});

test("perfect answers score 100 whatever their notation, and nothing is left to mend", () => {
  const queries: MomentQuery[] = [10, 20, 30].map((start) => {
    return { id: String(start), video: `v${start}`, duration: 60, query: "x", truths: [{ start, end: start + 12 }] };
  });
  const replies = [text("From 10 to 22 seconds."), text("00:20 - 00:32"), text('{"start": 30, "end": 42}')];
  const result = score(queries, replies, "strict");
  expect([result.figures.miou.value, result.figures.r1At07.value]).toEqual([100, 100]);
  expect(result.faults.every(({ count }) => count === 0)).toBe(true);
  expect(formatGrounding("Moments", result, [])).toContain("No misses at IoU 0.5.");
});

test("mending every fault of a shifted model gives what was lost to the shift", () => {
  const queries: MomentQuery[] = Array.from({ length: 20 }, (_, i) => {
    return { id: String(i), video: `v${i}`, duration: 100, query: "x", truths: [{ start: 51, end: 63 }] };
  });
  const answers = queries.map((_, i) => (i < 5 ? spans([11, 23]) : i < 8 ? text("no idea") : spans([51, 63])));
  const { faults } = score(queries, answers, "strict");
  const row = (fault: string) => faults.find((each) => each.fault === fault);
  expect(row("early")).toMatchObject({ count: 5, share: 0.25, miouGain: 25, r1At05Gain: 25 });
  // Three unread of 20, worth the 12 hits of 17 that were read.
  expect(row("unparsable")?.miouGain).toBeCloseTo((100 * (3 / 20) * 12) / 17, 9);
});

test("a model that repeats one span is shown, and its answers score the same on other videos", () => {
  const rng = new Rng("constant");
  const queries = Array.from({ length: 60 }, (_, i) => ({
    ...queryOf(i, rng),
    duration: 100,
    truths: [{ start: 10 + (i % 9), end: 30 }],
  }));
  const result = score(
    queries,
    queries.map(() => spans([5, 25])),
    "strict",
  );
  expect(result.frequent).toEqual([{ start: 5, end: 25, count: 60, share: 1 }]);
  const own = result.baselines.find(({ name }) => name === "own spans of other videos");
  expect(own?.figures.miou).toBeCloseTo(result.figures.miou.value as number, 9);
  const best = result.baselines.find(({ name }) => name === "best constant span (mIoU)");
  expect(best?.figures.miou).toBeGreaterThanOrEqual(own?.figures.miou as number);
});

test("the same replies are read by everybody's rules", () => {
  const query: MomentQuery = { id: "0", video: "a", duration: 60, query: "x", truths: [{ start: 12, end: 18 }] };
  const { readers } = score([query], [text("From 12 seconds to 18 seconds")], "strict");
  expect(readers.map(({ reader, parsed, figures }) => [reader, parsed, figures.miou])).toEqual([
    ["ours", 1, 100],
    ["vtimellm", 0, 0],
    ["numpro", 0, 0],
    ["timechat", 0, 0],
    ["lmms-charades", 0, 0],
    ["timelens", 1, 100],
  ]);
  expect(score([query], [spans([12, 18])], "strict").readers).toEqual([]);
});

test("VTimeLLM's convention asks for durations where there are none", () => {
  const query = { id: "0", video: "a", duration: Infinity, query: "x", truths: [{ start: 1, end: 2 }] };
  expect(() => score([query], [text("from 10 to 20")], "vtimellm")).toThrow('the duration of video "a"');
});

describe("QVHighlights", () => {
  const truth = (qid: string, windows: [number, number][]): HighlightTruth => ({
    ...{ qid, query: "x", vid: `v${qid}`, duration: 20, relevant_windows: windows },
    relevant_clip_ids: [0, 1, 2],
    saliency_scores: [
      [4, 4, 4],
      [4, 4, 4],
      [4, 4, 4],
    ],
  });
  const truths = new Map(
    [truth("1", [[0, 6]]), truth("2", [[0, 6]]), truth("3", [[2, 18]])].map((each) => [each.qid, each]),
  );
  const of = (...predictions: HighlightPrediction[]) =>
    scoreQvHighlights(truths, new Map(predictions.map((each) => [each.qid, each])), { resamples: 100 });

  test("perfect predictions have 100 in every figure that has queries, and null in the others", () => {
    const scores = [3, 3, 3, 0, 0, 0, 0, 0, 0, 0];
    const { brief, coverage } = of(
      { qid: "1", pred_relevant_windows: [[0, 6, 1]], pred_saliency_scores: scores },
      { qid: "2", pred_relevant_windows: [[0, 6, 1]], pred_saliency_scores: scores },
      { qid: "3", pred_relevant_windows: [[2, 18, 1]], pred_saliency_scores: scores },
    );
    const { "MR-long-mAP": long, ...others } = brief;
    expect(long).toBeNull();
    expect(new Set(Object.values(others))).toEqual(new Set([100]));
    expect(coverage).toBe(1);
  });

  test("a missing query is left out, named, and a miss in the column for it", () => {
    const {
      brief,
      missingAsMisses,
      n,
      of: all,
      problems,
    } = of({ qid: "1", pred_relevant_windows: [[0, 6, 1]] }, { qid: "9" });
    expect([n, all, brief["MR-short-mAP"], missingAsMisses["MR-short-mAP"], missingAsMisses["MR-full-mAP"]]).toEqual([
      1, 3, 100, 50, 33.33,
    ]);
    expect(brief["HL-min-Good-mAP"]).toBeNull();
    expect(problems.map(({ what, names }) => [what, names])).toEqual([
      ["queries without a prediction (left out)", ["2", "3"]],
      ["predictions of unknown qids (left out)", ["9"]],
    ]);
  });

  test("windows and scores that are odd are named", () => {
    const { problems } = of(
      { qid: "1", pred_relevant_windows: [[6, 0, 1]], pred_saliency_scores: [0, 0] },
      {
        qid: "2",
        pred_relevant_windows: [[0, Number.NaN, 1]],
        pred_saliency_scores: [1, Number.NaN, 1, 1, 1, 1, 1, 1, 1, 1],
      },
      { qid: "3", pred_relevant_windows: [[2, 90, 1]] },
    );
    const named = Object.fromEntries(problems.map(({ what, names }) => [what.split(" (")[0], names]));
    expect(named).toEqual({
      "queries with reversed windows": ["1"],
      "queries with windows that are not finite": ["2"],
      "queries with windows beyond the video": ["3"],
      "queries without saliency scores": ["3"],
      "queries with saliency scores that are not finite": ["2"],
      "queries with fewer saliency scores than clips": ["1"],
      "queries with one and the same score for all clips": ["1"],
    });
  });

  test("blind answers score on what queries share, and the text shows them", () => {
    const blind = blindQvHighlights(truths);
    expect(blind["HL-min-VeryGood-mAP"]).toBe(100);
    const predictions = new Map([["1", { qid: "1", pred_relevant_windows: [[10, 16, 1]] }]]);
    const result = scoreQvHighlights(truths, predictions, { resamples: 100 });
    const faults = firstWindowFaults(truths, predictions);
    expect(faults.find(({ count }) => count > 0)?.fault).toBe("late");
    const shown = formatQvHighlights({ score: result, blind, faults, problems: [] });
    expect(shown).toContain("1 of 3 queries have a prediction (33.3 %)");
    expect(shown).toMatch(/late +1 +100\.0 +\+100\.0 +\+100\.0/);
  });
});
