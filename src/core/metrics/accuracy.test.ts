/** Oracles: counting by hand, and the identity difference = accuracy - accuracy. */
import { expect, test } from "vitest";
import { Rng } from "../math/index.ts";
import { accuracy, accuracyDifference, chanceLevel } from "./accuracy.ts";

test("accuracy is the share of right answers in percent", () => {
  const rng = new Rng("accuracy");
  const outcomes = Array.from({ length: 120 }, (_, i) => ({ correct: rng.chance(0.7), cluster: `v${i % 30}` }));
  const estimate = accuracy(outcomes, { rng });
  expect(estimate.value).toBeCloseTo((100 * outcomes.filter(({ correct }) => correct).length) / 120, 10);
  expect(estimate).toMatchObject({ n: 120, clusters: 30 });
  expect(estimate.low).toBeLessThan(estimate.value as number);
  expect(estimate.high).toBeGreaterThan(estimate.value as number);
});

test("a paired difference is the difference of the accuracies, and narrower than unpaired noise when models agree", () => {
  const rng = new Rng("pairs");
  const pairs = Array.from({ length: 200 }, (_, i) => {
    const base = rng.chance(0.5);
    return { base, other: base || rng.chance(0.2), cluster: `v${i}` };
  });
  const share = (key: "base" | "other") => (100 * pairs.filter((pair) => pair[key]).length) / 200;
  const difference = accuracyDifference(pairs, { rng });
  expect(difference.value).toBeCloseTo(share("other") - share("base"), 10);
  expect(difference.losses).toBe(0);
  expect(difference.low).toBeGreaterThan(0);
  const alone = accuracy(
    pairs.map(({ other, cluster }) => ({ correct: other, cluster })),
    { rng },
  );
  const width = ({ low, high }: { low: number | null; high: number | null }) => (high as number) - (low as number);
  expect(width(difference)).toBeLessThan(width(alone));
});

test("swapping the two models turns the sign of everything", () => {
  const rng = new Rng("swap");
  const pairs = Array.from({ length: 90 }, (_, i) => ({
    base: rng.chance(0.4),
    other: rng.chance(0.6),
    cluster: `v${i % 45}`,
  }));
  const there = accuracyDifference(pairs, { rng: new Rng(1) });
  const back = accuracyDifference(
    pairs.map(({ base, other, cluster }) => ({ base: other, other: base, cluster })),
    { rng: new Rng(1) },
  );
  expect(back.value).toBeCloseTo(-(there.value as number), 10);
  expect(back.low).toBeCloseTo(-(there.high as number), 10);
  expect([back.wins, back.losses, back.p]).toEqual([there.losses, there.wins, there.p]);
});

test("chance is the mean of one over the options; nothing has no chance and no accuracy", () => {
  expect(chanceLevel([2, 2])).toBe(50);
  expect(chanceLevel([2, 6])).toBeCloseTo(100 / 3, 10);
  expect(chanceLevel([])).toBeNull();
  expect(accuracyDifference([], { rng: new Rng(1) })).toMatchObject({
    n: 0,
    value: null,
    low: null,
    high: null,
    p: null,
  });
});
