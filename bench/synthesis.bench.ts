/**
 * T3 rows a second in one thread: synthesis, serialisation and writing of JSON lines, on the 37k sentences of
 * ActivityNet-Captions where they are at hand, else on made-up captions.
 */
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Rng } from "../src/core/math/index.ts";
import { type Caption, type Conversation, readCaptions, writeConversations } from "../src/data/index.ts";
import { madeUpCaptions, synthesiseT3, t3Conversation } from "../src/synthesis/index.ts";

const shared = process.env.ZOETROPE_SHARED ?? resolve(import.meta.dirname, "../../shared");
const activityNet = join(shared, "data/activitynet_captions/train.json");

export const name = "synthesis";

export async function run(): Promise<Record<string, number | string>> {
  const real = existsSync(activityNet);
  const captions = real ? await readCaptions(activityNet) : madeUpCaptions(37_000, new Rng("bench"));
  const folder = mkdtempSync(join(tmpdir(), "synthesis-"));
  try {
    const once = await measure(captions, join(folder, "1x.jsonl"), [1]);
    const padded = await measure(captions, join(folder, "padded.jsonl"), [1, 2, 4, 8]);
    return {
      captions: captions.length,
      source: real ? "ActivityNet-Captions train" : "made-up captions",
      rows: once.rows,
      rowsPerSecond: once.rowsPerSecond,
      paddedRowsPerSecond: padded.rowsPerSecond,
      paddedMegabytesPerSecond: padded.megabytesPerSecond,
      peakMegabytes: Math.round(process.resourceUsage().maxRSS / 1024),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(captions: readonly Caption[], path: string, padding: readonly number[]) {
  const started = performance.now();
  const rows = await writeConversations(path, conversations(captions, padding), "swift");
  const seconds = (performance.now() - started) / 1000;
  return {
    rows,
    rowsPerSecond: Math.round(rows / seconds),
    megabytesPerSecond: Math.round(statSync(path).size / 1e6 / seconds),
  };
}

function* conversations(captions: readonly Caption[], padding: readonly number[]): Generator<Conversation> {
  for (const row of synthesiseT3(captions, { seed: 0, padding })) yield t3Conversation(row);
}
