/**
 * Oracles: CIDEr of coco-caption's own program, sums by hand, every matching and every subsequence tried out, and the
 * similarities of VTimeLLM's two sample videos with the totals that SODA's program gave for them.
 */
import { expect, test } from "vitest";
import { Rng } from "../../math/index.ts";
import { wordStem } from "../../text/index.ts";
import { bleu } from "./bleu.ts";
import { type CaptionPair, caption } from "./caption.ts";
import { cider } from "./cider.ts";
import { type DenseEvent, denseCaptioningScore, denseIou } from "./dense.ts";
import { openMeteor } from "./meteor/meteor.ts";
import { longestCommonSubsequence, rougeL } from "./rouge.ts";
import { soda } from "./soda.ts";

const said = (text: string) => caption(text === "" ? [] : text.split(" "));
const pair = (candidate: string, ...references: string[]): CaptionPair => ({
  candidate: said(candidate),
  references: references.map(said),
});

test("CIDEr is coco-caption's", () => {
  const [track, dog, sky] = ["a man runs on a track", "a dog eats food", "the sky is blue"];
  expect(cider([pair(track, track)])).toEqual([0]);
  for (const score of cider([pair(track, track), pair(dog, dog)])) expect(score).toBeCloseTo(10, 12);
  const scores = cider([pair("the man runs on the track", track), pair("a cat eats food", dog), pair("qwerty", sky)]);
  [3.2834224308586264, 2.5361935593056284, 0].forEach((score, i) => {
    expect(scores[i]).toBeCloseTo(score, 12);
  });
  expect(cider([pair(track, track), pair("a man runs fast", track)])).toEqual([0, 0]);
  expect(cider([])).toEqual([]);
});

test("CIDEr by hand: one shared word of one pair in two, at equal length", () => {
  // Unigrams "x y" | "x z" beside a pair that shares nothing: w = ln 2 each, so sim_1 = 1/2; no bigram is shared.
  const [score] = cider([pair("x y", "x z"), pair("u", "v")]);
  expect(score).toBeCloseTo((10 * (1 / 2)) / 4, 12);
});

test("CIDEr with several references is the mean over them, and an n-gram counts once a pair", () => {
  const twice = cider([pair("a b", "a b", "a b"), pair("c d", "c d", "e f")]);
  const once = cider([pair("a b", "a b"), pair("c d", "c d")]);
  expect(twice[0]).toBeCloseTo(once[0] as number, 12);
  expect(twice[1]).toBeCloseTo((once[1] as number) / 2, 12);
});

test("BLEU by hand: clipped words, brevity against the closest length", () => {
  const [first, second] = bleu([pair("the the the cat", "the cat sat down there", "a cat sat")]) as number[];
  // "the" is clipped to 1: 2 of 4 words, 1 of 3 bigrams; lengths 5 and 3 are equally near to 4, the shorter is taken.
  expect(first).toBeCloseTo(2 / 4, 8);
  expect(second).toBeCloseTo(Math.sqrt((2 / 4) * (1 / 3)), 8);
  expect((bleu([pair("a b c d", "a b c d e")]) as number[])[3]).toBeCloseTo(Math.exp(1 - 5 / 4), 8);
  expect(bleu([])).toBeNull();
});

test("ROUGE-L by hand, and its subsequence against every subsequence", () => {
  // LCS "a man runs" of 4 and 5 words: P = 3/4, R = 3/5.
  expect(rougeL(pair("a man runs fast", "a tall man runs far"))).toBeCloseTo(
    ((1 + 1.44) * 0.75 * 0.6) / (0.6 + 1.44 * 0.75),
    12,
  );
  expect(rougeL(pair("", "a man"))).toBe(0);
  const rng = new Rng("subsequences");
  for (let round = 0; round < 100; round++) {
    const draw = () => Array.from({ length: rng.integer(0, 6) }, () => rng.pick(["a", "b", "c"]));
    const [a, b] = [draw(), draw()];
    const common = subsequences(a).filter((each) => isSubsequence(each, b));
    expect(longestCommonSubsequence(a, b)).toBe(Math.max(...common.map(({ length }) => length)));
  }
});

test("SODA's matching is the best of all that keep the order", () => {
  const rng = new Rng("soda");
  for (let round = 0; round < 200; round++) {
    const columns = rng.integer(0, 5);
    const matrix = Array.from({ length: rng.integer(0, 5) }, () =>
      Array.from({ length: columns }, () => rng.uniform()),
    );
    expect(soda(matrix, columns).total).toBeCloseTo(bestOrdered(matrix, 0, 0), 12);
  }
});

test("SODA_c of VTimeLLM's sample videos from their published similarities", () => {
  const videos = [
    {
      iou: [
        [0.217, 0.7237],
        [0, 0.1197],
        [0, 0.2393],
      ],
      meteor: [
        [0.0914, 0.0506],
        [0.098, 0.0926],
        [0.0353, 0.0145],
      ],
      total: 0.0365893,
    },
    {
      iou: [
        [0.9491, 0],
        [0.022, 0.5659],
        [0, 0.4299],
      ],
      meteor: [
        [0.053, 0.0805],
        [0.0169, 0.0417],
        [0.017, 0.1041],
      ],
      total: 0.0950518,
    },
  ];
  const scores = videos.map(({ iou, meteor, total }) => {
    const score = soda(
      iou.map((row, i) => row.map((value, j) => value * (meteor[i]?.[j] as number))),
      2,
    );
    expect(score.total).toBeCloseTo(total, 4);
    return score.f1;
  });
  expect((100 * ((scores[0] as number) + (scores[1] as number))) / 2).toBeCloseTo(2.63, 2);
});

const meteor = openMeteor({ stem: wordStem });
const event = (start: number, end: number, text: string): DenseEvent => ({ start, end, caption: said(text) });

test("telling the true story scores full marks, where there is more than one sentence", () => {
  const truth = [event(0, 10, "a man runs on a track"), event(10, 20, "a dog eats food")];
  const score = denseCaptioningScore({ truths: [truth], predicted: truth }, { meteor });
  expect(score.sodaC).toBeCloseTo(1, 6);
  expect(score.meteor).toBeCloseTo(1, 12);
  expect(score.cider).toBeCloseTo(10, 12);
  expect(score.bleu4).toBeCloseTo(1, 8);
  expect([score.rougeL, score.recall, score.precision]).toEqual([1, 1, 1]);
});

test("a prediction that overlaps nothing lowers the caption scores instead of vanishing", () => {
  const truth = [event(0, 10, "a man runs on a track")];
  const alone = denseCaptioningScore({ truths: [truth], predicted: truth }, { meteor });
  const beside = denseCaptioningScore(
    { truths: [truth], predicted: [...truth, event(50, 60, "a man runs on a track")] },
    { meteor },
  );
  expect(beside.meteor).toBeLessThan(alone.meteor);
  expect(beside.rougeL).toBe(0.5);
  expect(beside.precision).toBe(0.5);
  expect(beside.sodaC).toBeCloseTo(2 / 3, 6);
  // With one pair alone CIDEr is 0; the pair with nobody's word makes it two documents.
  expect([alone.cider, beside.cider]).toEqual([0, expect.closeTo(5, 12)]);
});

test("reversed spans and spans that are not numbers overlap nothing; no predictions score 0", () => {
  const truth = [event(0, 10, "a man runs")];
  expect(denseIou({ start: 9, end: 2 }, { start: 0, end: 10 })).toBe(0);
  expect(denseIou({ start: Number.NaN, end: 2 }, { start: 0, end: 10 })).toBe(0);
  expect(denseIou({ start: 5, end: 5 }, { start: 5, end: 5 })).toBe(0);
  for (const predicted of [[], [event(9, 2, "a man runs")], [event(Number.NaN, 4, "a man runs")]]) {
    const {
      sodaC,
      meteor: aggregate,
      cider: consensus,
      recall,
    } = denseCaptioningScore({ truths: [truth], predicted }, { meteor });
    expect([sodaC, aggregate, consensus, recall]).toEqual([0, 0, 0, 0]);
  }
});

test("SODA's program turns METEOR round, and that can be turned back", () => {
  const truth = [event(0, 10, "a man is running on the track")];
  const predicted = [event(0, 10, "the man runs on a track")];
  const official = denseCaptioningScore({ truths: [truth], predicted }, { meteor });
  const turned = denseCaptioningScore({ truths: [truth], predicted }, { meteor, swapMeteor: false });
  expect(official.sodaC).toBeCloseTo(meteor.score("a man is running on the track", "the man runs on a track"), 6);
  expect(turned.sodaC).toBeCloseTo(meteor.score("the man runs on a track", "a man is running on the track"), 6);
});

test("a second set of annotations offers more partners", () => {
  const sets = [[event(0, 10, "a man runs")], [event(0, 9, "a dog eats")]];
  const predicted = [event(0, 10, "a dog eats")];
  const one = denseCaptioningScore({ truths: sets.slice(0, 1), predicted }, { meteor });
  const both = denseCaptioningScore({ truths: sets, predicted }, { meteor });
  expect(both.meteor).toBeGreaterThan(one.meteor);
});

function bestOrdered(matrix: readonly (readonly number[])[], row: number, column: number): number {
  const cells = matrix[row];
  if (cells === undefined) return 0;
  let best = bestOrdered(matrix, row + 1, column);
  for (let j = column; j < cells.length; j++) {
    best = Math.max(best, (cells[j] as number) + bestOrdered(matrix, row + 1, j + 1));
  }
  return best;
}

function subsequences(words: readonly string[]): string[][] {
  return Array.from({ length: 2 ** words.length }, (_, mask) => words.filter((_, i) => (mask >> i) & 1));
}

function isSubsequence(some: readonly string[], all: readonly string[]): boolean {
  let at = 0;
  for (const word of all) if (word === some[at]) at++;
  return at === some.length;
}
