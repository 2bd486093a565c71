/** 500 samples, killed at five random lines (kill -9): the log must be the one of an evaluation left alone. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { killedEval } from "./killed-eval.ts";
import type { Figures } from "./main.ts";

export async function run(flags: readonly string[]): Promise<Figures> {
  const at = flags.indexOf("--seed");
  const seed = at === -1 ? 0 : Number(flags[at + 1]);
  const folder = mkdtempSync(join(tmpdir(), "zoetrope-soak-"));
  try {
    const { rows, expected, killedAt, torn, locked } = await killedEval({ folder, samples: 500, kills: 5, seed });
    const different = expected.filter((line, i) => line !== rows[i]).length;
    if (rows.length !== expected.length || different > 0) {
      throw new Error(
        `Expected the ${expected.length} rows of the whole log, got ${rows.length}, ${different} of them different.`,
      );
    }
    return { samples: rows.length, killedAt: killedAt.join(", "), torn, locked };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
