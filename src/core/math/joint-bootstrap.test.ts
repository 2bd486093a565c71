/** Oracles: clusterBootstrap where there is one mean, and means computed by hand. */
import { expect, test } from "vitest";
import { clusterBootstrap } from "./cluster-bootstrap.ts";
import { type JointObservation, jointBootstrap } from "./joint-bootstrap.ts";
import { Rng } from "./rng.ts";

function outcomes(seed: string, measure: string, share: number, runs?: number): JointObservation[] {
  const rng = new Rng(seed);
  return Array.from({ length: 60 }, (_, video) => `v${video}`).flatMap((cluster) => {
    const usual = rng.chance(share);
    return Array.from({ length: runs ?? 1 }, (_, run) => ({
      ...{ measure, cluster, value: (rng.chance(0.8) ? usual : !usual) ? 100 : 0 },
      ...(runs !== undefined && { run }),
    }));
  });
}

test.each([
  ["one run", undefined],
  ["three runs", 3],
] as const)("one mean has the interval of clusterBootstrap: %s", (_, runs) => {
  const observations = outcomes("single", "a", 0.6, runs);
  const joint = jointBootstrap(observations, (mean) => ({ a: mean("a") }), { rng: new Rng(1), resamples: 4000 }).a;
  const single = clusterBootstrap(observations, [0, 100], { rng: new Rng(2), resamples: 4000 });
  expect(joint.value).toBeCloseTo(single.value as number, 9);
  expect(Math.abs((joint.low as number) - (single.low as number))).toBeLessThan(1.5);
  expect(Math.abs((joint.high as number) - (single.high as number))).toBeLessThan(1.5);
});

test("arms that agree video by video have a difference without spread", () => {
  const a = outcomes("same", "a", 0.5);
  const b = a.map((each) => ({ ...each, measure: "b" }));
  const { difference, sum } = jointBootstrap(
    [...a, ...b],
    (mean) => ({ difference: mean("a") - mean("b"), sum: mean("a") + mean("b") }),
    { rng: new Rng(3), resamples: 500 },
  );
  expect([difference.value, difference.low, difference.high, difference.spread]).toEqual([0, 0, 0, 0]);
  expect(sum.spread).toBeGreaterThan(10);
});

test("a figure of a measure without observations is null, and nothing is null at all", () => {
  const some = jointBootstrap(outcomes("some", "a", 0.5), (mean) => ({ a: mean("a"), b: mean("b") }), {
    rng: new Rng(4),
  });
  expect(some.a.value).not.toBeNull();
  expect(some.b).toMatchObject({ value: null, low: null, high: null });
  expect(jointBootstrap([], (mean) => ({ a: mean("a") }), { rng: new Rng(5) }).a.value).toBeNull();
});

test("the smaller of two means never lies above either of their intervals", () => {
  const observations = [...outcomes("x", "a", 0.5), ...outcomes("y", "b", 0.5)];
  const figures = jointBootstrap(
    observations,
    (mean) => ({ a: mean("a"), b: mean("b"), least: Math.min(mean("a"), mean("b")) }),
    { rng: new Rng(6), resamples: 2000 },
  );
  expect(figures.least.high as number).toBeLessThanOrEqual(
    Math.min(figures.a.high as number, figures.b.high as number),
  );
  expect(figures.least.low as number).toBeLessThanOrEqual(Math.min(figures.a.low as number, figures.b.low as number));
});
