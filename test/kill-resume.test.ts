/** `npm run soak -- killed-eval` in short: an evaluation killed with SIGKILL goes on; oracle: the log of one left alone. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { killedEval } from "./soak/killed-eval.ts";

const folder = mkdtempSync(join(tmpdir(), "zoetrope-kill-"));
afterAll(() => rmSync(folder, { recursive: true }));

test("an evaluation killed twice loses nothing, asks nothing twice and ends with the same log", async () => {
  const { rows, expected, killedAt, locked } = await killedEval({ folder, samples: 120, kills: 2, seed: 1 });
  expect(killedAt).toHaveLength(2);
  expect(locked).toBe(2);
  expect(rows).toEqual(expected);
  expect(new Set(rows).size).toBe(120);
});
