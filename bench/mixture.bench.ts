/**
 * Rows a second and peak memory of `data mix` over files of `--rows` rows (default a million): whether memory stays flat shows in
 * two runs of different size.
 */
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Rng } from "../src/core/math/index.ts";
import { mixFiles, writeConversations } from "../src/data/index.ts";
import { madeUpCaptions, synthesiseT3, t3Conversation } from "../src/synthesis/index.ts";
import { flagValue } from "./bench.ts";

export const name = "mixture";

export async function run(flags: readonly string[]): Promise<Record<string, number | string>> {
  const rows = Number(flagValue(flags, "--rows") ?? 1e6);
  const folder = mkdtempSync(join(tmpdir(), "mixture-"));
  try {
    const [temporal, instruction] = [join(folder, "temporal.json"), join(folder, "instruction.jsonl")];
    await writeConversations(temporal, repeated(Math.round(rows / 3)), "llava");
    await writeConversations(instruction, repeated(rows - Math.round(rows / 3)), "swift");
    const generatingPeak = peakMegabytes();
    const output = join(folder, "mix.json");
    const files = [
      { path: temporal, format: "llava" },
      { path: instruction, format: "swift" },
    ] as const;
    const started = performance.now();
    const mixture = await mixFiles(files, output, { format: "llava", seed: 1234, ratio: 2 });
    const seconds = (performance.now() - started) / 1000;
    return {
      rows: mixture.rows,
      megabytes: Math.round(statSync(output).size / 1e6),
      rowsPerSecond: Math.round(mixture.rows / seconds),
      seconds: Math.round(seconds),
      generatingPeak,
      peakMegabytes: peakMegabytes(),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A few thousand T3 rows over and over, each time under a new id. */
function* repeated(count: number) {
  const rows = [...synthesiseT3(madeUpCaptions(4000, new Rng("mixture")), { seed: 0 })].map(t3Conversation);
  for (let i = 0; i < count; i++) yield { ...(rows[i % rows.length] as (typeof rows)[number]), id: `row-${i}` };
}

function peakMegabytes(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}
