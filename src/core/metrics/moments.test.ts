/**
 * Oracles: overlaps counted on a fine grid, decimals printed by Python, precision-recall curves drawn threshold by threshold,
 * figures of VTimeLLM's sample log, and spans moved by known amounts.
 */
import { describe, expect, test } from "vitest";
import { Rng } from "../math/index.ts";
import { bestConstantSpan } from "./constant-span.ts";
import { highlightLevels, highlightValues } from "./highlights.ts";
import { bestIou, iou } from "./iou.ts";
import { type MomentConvention, momentIou } from "./moment-convention.ts";
import { diagnoseMoment } from "./moment-errors.ts";
import { type RetrievalQuery, retrievalThresholds, retrievalValues, withinRange } from "./moment-retrieval.ts";
import { groundingEstimates, groundingFigures } from "./recall-at-iou.ts";

function randomSpan(rng: Rng, most = 40) {
  const start = rng.below(most);
  return { start, end: start + rng.integer(1, most) };
}

describe("iou", () => {
  test("agrees with counting whole seconds inside both and inside either", () => {
    const rng = new Rng("iou");
    for (let round = 0; round < 300; round++) {
      const [a, b] = [randomSpan(rng), randomSpan(rng)];
      const seconds = Array.from(
        { length: 100 },
        (_, t) => [a, b].filter(({ start, end }) => start <= t && t < end).length,
      );
      const [both, either] = [2, 1].map((least) => seconds.filter((count) => count >= least).length) as [
        number,
        number,
      ];
      expect(iou(a, b)).toBeCloseTo(both / either, 12);
      expect(iou(b, a)).toBe(iou(a, b));
    }
  });

  test("is 0 for touching spans, 1 for equal ones, also without length, and takes the best of several", () => {
    expect(iou({ start: 0, end: 5 }, { start: 5, end: 9 })).toBe(0);
    expect(iou({ start: 5, end: 5 }, { start: 5, end: 5 })).toBe(1);
    expect(iou({ start: 5, end: 5 }, { start: 0, end: 9 })).toBe(0);
    expect(
      bestIou({ start: 0, end: 4 }, [
        { start: 8, end: 9 },
        { start: 0, end: 8 },
      ]),
    ).toBe(0.5);
    expect(bestIou({ start: 0, end: 4 }, [])).toBe(0);
  });
});

test("conventions differ in rounding and in reversed ends", () => {
  // 5.9 of 20 seconds are shared: 0.295, which VTimeLLM's log keeps as 0.29.
  const near = { start: 0, end: 5.96, isReversed: false };
  const of = (convention: MomentConvention, isReversed = false) =>
    momentIou({ ...near, isReversed }, [{ start: 0, end: 20 }], convention);
  expect(of("strict")).toBeCloseTo(0.298, 12);
  expect(of("numpro")).toBe(of("strict"));
  expect(of("vtimellm")).toBe(0.3);
  expect([of("strict", true), of("numpro", true), of("vtimellm", true)]).toEqual([0, 0, 0]);
  expect(of("timechat", true)).toBe(of("strict"));
  expect(momentIou({ start: 0, end: Number.NaN, isReversed: false }, [{ start: 0, end: 1 }], "strict")).toBe(0);
});

test("VTimeLLM's sample log gives its figures", () => {
  const { r1At03, r1At05, r1At07, miou } = groundingFigures([0.2, 0.2, 0.4, 0.6, 0.82, 0]);
  expect([miou, r1At03, r1At05, r1At07].map((value) => value?.toFixed(2))).toEqual([
    "37.00",
    "50.00",
    "33.33",
    "16.67",
  ]);
  expect(groundingFigures([]).miou).toBeNull();
});

test("estimates have the plain figures as values, in wider intervals for fewer videos", () => {
  const rng = new Rng("estimates");
  const ious = Array.from({ length: 200 }, () => rng.uniform(0, 1));
  const of = (videos: number) =>
    groundingEstimates(
      ious.map((value, i) => ({ iou: value, cluster: String(Math.floor((i * videos) / 200)) })),
      { rng: new Rng(1), resamples: 400 },
    );
  const [many, few] = [of(200), of(10)];
  expect(many.r1At05.value).toBeCloseTo(groundingFigures(ious).r1At05 as number, 9);
  expect(few.miou.value).toBeCloseTo(many.miou.value as number, 9);
  expect(few.miou.n).toBe(200);
  expect(few.miou.clusters).toBe(10);
});

describe("moment retrieval", () => {
  /** Every threshold on its own, by the definition: rank, match greedily, interpolate, integrate over recall. */
  function slowPrecision({ truths, predictions }: RetrievalQuery, threshold: number): number {
    const ranked = predictions.slice(0, 10).map((each, i) => ({ ...each, i }));
    ranked.sort((a, b) => b.score - a.score || a.i - b.i);
    const free = new Set(truths.keys());
    const hits = ranked.map((window) => {
      const fit = [...truths.keys()]
        .map((k) => ({ k, value: iou(window, truths[k] as { start: number; end: number }) }))
        .filter(({ k, value }) => value >= threshold && free.has(k))
        .sort((a, b) => b.value - a.value || b.k - a.k)[0];
      if (fit) free.delete(fit.k);
      return fit !== undefined;
    });
    const precisionAt = (k: number) => hits.slice(0, k + 1).filter(Boolean).length / (k + 1);
    const best = (from: number) => Math.max(0, ...hits.map((_, k) => (k >= from ? precisionAt(k) : 0)));
    return hits.reduce((sum, hit, k) => sum + (hit ? best(k) : 0), 0) / truths.length;
  }

  test("average precision agrees with its definition, threshold by threshold", () => {
    const rng = new Rng("retrieval");
    for (let round = 0; round < 200; round++) {
      const truths = Array.from({ length: rng.integer(1, 4) }, () => randomSpan(rng));
      const predictions = Array.from({ length: rng.below(14) }, () => {
        const near = rng.chance(0.6) ? rng.pick(truths) : randomSpan(rng);
        const start = near.start + rng.integer(0, 2);
        return { start, end: Math.max(start, near.end + rng.integer(0, 2)), score: rng.below(6) / 6 };
      });
      const { precision, recall } = retrievalValues({ truths, predictions });
      retrievalThresholds.forEach((threshold, i) => {
        expect(precision[i]).toBeCloseTo(slowPrecision({ truths, predictions }, threshold), 12);
        const [first] = predictions;
        expect(recall[i]).toBe(first && bestIou(first, truths) >= threshold ? 1 : 0);
      });
    }
  });

  test("windows that are reversed or not finite match nothing, and a query without windows is a miss", () => {
    const truths = [{ start: 2, end: 8 }];
    const of = (start: number, end: number) => retrievalValues({ truths, predictions: [{ start, end, score: 1 }] });
    for (const { precision, recall } of [of(8, 2), of(Number.NaN, 8), retrievalValues({ truths, predictions: [] })]) {
      expect([...precision, ...recall].every((value) => value === 0)).toBe(true);
    }
    expect(of(2, 8).precision[9]).toBe(1);
  });

  test("ranges leave true windows out, never predictions, and drop queries without any", () => {
    const query = {
      truths: [
        { start: 0, end: 10 },
        { start: 20, end: 50 },
      ],
      predictions: [{ start: 0, end: 9, score: 1 }],
    };
    expect(withinRange(query, "short")).toEqual({ ...query, truths: [{ start: 0, end: 10 }] });
    expect(withinRange(query, "middle")?.truths).toEqual([{ start: 20, end: 50 }]);
    expect(withinRange(query, "long")).toBeNull();
  });
});

describe("highlights", () => {
  /** Mean, over the recalls that some cut of the ranking reaches, of the best precision at that recall or more. */
  function slowPrecision(positive: readonly boolean[], scores: readonly number[]): number {
    const total = positive.filter(Boolean).length;
    if (total === 0 || total === positive.length) return total === 0 ? 0 : 1;
    const cuts = [...new Set(scores)].map((cut) => {
      const taken = positive.filter((_, i) => (scores[i] as number) >= cut);
      return { recall: taken.filter(Boolean).length / total, precision: taken.filter(Boolean).length / taken.length };
    });
    const recalls = [...new Set(cuts.map(({ recall }) => recall))].filter((recall) => recall > 0);
    const best = (recall: number) =>
      Math.max(...cuts.filter((cut) => cut.recall >= recall).map(({ precision }) => precision));
    return recalls.reduce((sum, recall) => sum + best(recall), 0) / recalls.length;
  }

  test("average precision and hits agree with their definitions, for ties, short lists and every level", () => {
    const rng = new Rng("highlights");
    for (let round = 0; round < 150; round++) {
      const clips = rng.integer(4, 20);
      const ratedClips = Array.from({ length: clips }, (_, i) => i).filter(() => rng.chance(0.5));
      const ratings = ratedClips.map(() => [rng.below(5), rng.below(5), rng.below(5)]);
      const scores = Array.from({ length: clips - rng.below(3) }, () => rng.below(5));
      const padded = Array.from({ length: clips }, (_, i) => scores[i] ?? 0);
      const values = highlightValues({ clips, ratedClips, ratings, scores });
      const top = scores.indexOf(Math.max(...scores));
      for (const level of ["Fair", "Good", "VeryGood"] as const) {
        const isAt = (annotator: number, clip: number) =>
          (ratings[ratedClips.indexOf(clip)]?.[annotator] ?? 0) >= highlightLevels[level];
        const slow = [0, 1, 2].map((annotator) =>
          slowPrecision(
            padded.map((_, clip) => isAt(annotator, clip)),
            padded,
          ),
        );
        expect(values[level].averagePrecision).toBeCloseTo(slow.reduce((sum, each) => sum + each, 0) / 3, 12);
        expect(values[level].hit).toBe([0, 1, 2].some((annotator) => isAt(annotator, top)) ? 1 : 0);
      }
    }
  });

  test("equal scores everywhere give the share of positives, and the first clip as the highlight", () => {
    const query = {
      clips: 10,
      ratedClips: [0, 1, 2],
      ratings: [
        [4, 4, 4],
        [4, 4, 4],
        [4, 4, 4],
      ],
      scores: new Array(10).fill(0),
    };
    expect(highlightValues(query).VeryGood).toEqual({ hit: 1, averagePrecision: 0.3 });
  });

  test("a score that is not a number ranks last", () => {
    const query = { clips: 3, ratedClips: [1], ratings: [[4, 4, 4]], scores: [Number.NaN, 0.5, Number.NaN] };
    expect(highlightValues(query).VeryGood).toEqual({ hit: 1, averagePrecision: 1 });
  });
});

describe("faults", () => {
  const duration = 100;
  const truths = [{ start: 41, end: 52 }];
  const fault = (start: number, end: number, isReversed = false) =>
    diagnoseMoment({ predicted: { start, end, isReversed }, truths, duration });

  test("have the name of what was done to the true span", () => {
    expect(fault(11, 22).fault).toBe("early");
    expect(fault(71, 82).fault).toBe("late");
    expect(fault(31, 62).fault).toBe("too long");
    expect(fault(45, 48).fault).toBe("too short");
    expect(fault(1, 99).fault).toBe("whole video");
    expect(fault(90, 130).fault).toBe("out of range");
    expect(fault(41, 52, true).fault).toBe("reversed");
    expect(
      diagnoseMoment({
        predicted: { start: 20, end: 25, isReversed: false },
        truths: [{ start: 22.4, end: 23.1 }],
        duration,
      }).fault,
    ).toBe("boundary-snapped");
  });

  test("mended, the span is the true one where the fault was the only one", () => {
    for (const { repaired } of [fault(11, 22), fault(71, 82), fault(31, 62), fault(45, 48), fault(41, 52, true)]) {
      expect(iou(repaired, { start: 41, end: 52 })).toBeCloseTo(1, 9);
    }
    expect(fault(90, 130).repaired).toEqual({ start: 90, end: 100 });
  });

  test("without a known duration nothing is whole or out of range", () => {
    const predicted = { start: 0, end: 9999, isReversed: false };
    expect(diagnoseMoment({ predicted, truths, duration: Infinity }).fault).toBe("too long");
  });
});

test("the best constant is the true span where all queries share one", () => {
  const queries = [100, 40, 260].map((duration) => ({
    duration,
    truths: [{ start: 0.2 * duration, end: 0.65 * duration }],
  }));
  const best = bestConstantSpan(queries, "miou");
  expect(best).toMatchObject({ unit: "share", start: 0.2, end: 0.65 });
  expect(best?.figures.miou).toBeCloseTo(100, 9);
  const unknown = queries.map((query) => ({ ...query, duration: Infinity }));
  expect(bestConstantSpan(unknown, "miou")?.unit).toBe("seconds");
  expect(bestConstantSpan([], "miou")).toBeNull();
});
