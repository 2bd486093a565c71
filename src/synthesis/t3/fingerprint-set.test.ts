/** Oracle: JavaScript's own Set. */
import { expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { FingerprintSet } from "./fingerprint-set.ts";

test("holds what was added and nothing else, while it grows", () => {
  const rng = new Rng("fingerprints");
  const draw = () => rng.below(2 ** 16) * 2 ** 37 + rng.below(64) * 2 ** 20;
  const ours = new FingerprintSet();
  const theirs = new Set<number>();
  for (let i = 0; i < 50_000; i++) {
    const fingerprint = draw();
    expect(ours.has(fingerprint)).toBe(theirs.has(fingerprint));
    ours.add(fingerprint);
    theirs.add(fingerprint);
  }
  expect(ours.size).toBe(theirs.size);
  for (let i = 0; i < 10_000; i++) {
    const fingerprint = draw();
    expect(ours.has(fingerprint)).toBe(theirs.has(fingerprint));
  }
});

test("the ends of the range are numbers like any other", () => {
  const set = new FingerprintSet();
  const ends = [0, 1, 2 ** 53 - 1];
  expect(ends.map((end) => set.has(end))).toEqual([false, false, false]);
  for (const end of ends) set.add(end);
  expect(ends.map((end) => set.has(end))).toEqual([true, true, true]);
});
