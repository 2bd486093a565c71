import { expect, test } from "vitest";
import { Rng } from "../../core/math/index.ts";
import { packRows, runLength, runTargets } from "./pack.ts";

test("every row is in one run, runs hold what they have room for, longer rows are alone", () => {
  const rng = new Rng("pack");
  for (let round = 0; round < 50; round++) {
    const lengths = Array.from({ length: rng.integer(1, 30) }, () => rng.integer(1, 120));
    const runs = packRows(lengths, 100);
    expect(runs.flat().sort((a, b) => a - b)).toEqual(lengths.map((_, i) => i));
    for (const run of runs) {
      const tokens = run.reduce((sum, i) => sum + (lengths[i] as number), 0);
      expect(run.length === 1 || tokens <= 100).toBe(true);
    }
    // First fit leaves no two runs that one could hold.
    const sums = runs.map((run) => run.reduce((sum, i) => sum + (lengths[i] as number), 0)).sort((a, b) => a - b);
    if (sums.length > 1) expect((sums[0] as number) + (sums[1] as number)).toBeGreaterThan(100);
  }
});

test("without room every row has a run of its own, in order", () => {
  expect(packRows([5, 9, 2], 0)).toEqual([[0], [1], [2]]);
});

test("sizes are rounded up to two an octave (oracle: by hand)", () => {
  expect([1, 32, 33, 48, 49, 64, 65, 97, 500, 513].map(runLength)).toEqual([32, 32, 48, 48, 64, 64, 96, 128, 512, 768]);
  expect([1, 16, 17, 25].map(runTargets)).toEqual([16, 16, 24, 32]);
});
