/**
 * A log of 10,000 samples with 16 frames each: seconds to write it (a sync to the disk a sample), to list it anew and again, to show its
 * figures and its last sample; and the memory that reading takes, beside that of a log a tenth of the size. Each reading has a
 * process of its own.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { answerRow, openRunLog, partsOfSamples, runConfig } from "../src/evals/index.ts";
import type { Sample } from "../src/tasks/index.ts";
import type { Figures } from "./bench.ts";

export const name = "runs";

export async function run(): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), "zoetrope-runs-"));
  try {
    const sizes = [1_000, 10_000] as const;
    const [, written] = sizes.map((size) => write(join(folder, String(size), "run", "run.jsonl"), size));
    const [small, large] = sizes.map((size) => read(join(folder, String(size))));
    return {
      samples: sizes[1],
      mebibytes: Number((statSync(join(folder, "10000", "run", "run.jsonl")).size / 2 ** 20).toFixed(1)),
      writeSeconds: written as number,
      listSeconds: large?.list as number,
      listAgainSeconds: large?.again as number,
      showSeconds: large?.show as number,
      showSampleSeconds: large?.sample as number,
      readMemoryMiB: large?.memoryMiB as number,
      readMemoryMiBOfTenth: small?.memoryMiB as number,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Seconds to append so many rows one by one. */
function write(path: string, size: number): number {
  const sampleAt = (i: number): Sample => ({
    ...{ id: `order/${i}`, task: "order of two", kind: "temporal", video: `video-${i >> 2}` },
    question: `Question ${i}: What is the correct order that the items appear in the video?\n(A) a red circle, a blue square\n(B) a blue square, a red circle\nAnswer the option only.`,
    options: ["a red circle, a blue square", "a blue square, a red circle"],
    answerIndex: i % 2,
  });
  const config = runConfig({
    ...{ task: "choice", benchmark: "bench", model: "scripted", seed: 0, coverage: { samples: size, of: size } },
    parts: { ...partsOfSamples([sampleAt(0)]), sampler: "linspace 16", decoder: "none", parser: "choice" },
  });
  const frames = Array.from({ length: 16 }, (_, i) => ({ time: i * 1.8768435, index: i * 56 }));
  const log = openRunLog(path, config);
  const began = performance.now();
  for (let i = 0; i < size; i++) {
    log.append([
      answerRow({ sample: sampleAt(i), reply: { text: i % 3 === 0 ? "(A)" : "(B)", frames }, place: i }, config),
    ]);
  }
  log.close();
  return seconds(performance.now() - began);
}

type Reading = Readonly<Record<"list" | "again" | "show" | "sample" | "memoryMiB", number>>;

function read(folder: string): Reading {
  const evals = JSON.stringify(resolve(import.meta.dirname, "../src/evals/index.ts"));
  const program = `
    import { figuresOf, listRuns, outcomeOf, readRun, resolveRun } from ${evals};
    const folder = ${JSON.stringify(folder)};
    const timed = (work) => { const began = performance.now(); work(); return Number(((performance.now() - began) / 1000).toFixed(3)); };
    const list = timed(() => listRuns(folder));
    const again = timed(() => listRuns(folder));
    const path = resolveRun("run", folder);
    const sample = timed(() => { let last; for (const row of readRun(path).rows) last = row; return last; });
    const show = timed(() => figuresOf(Array.from(readRun(path).rows, outcomeOf)));
    console.log(JSON.stringify({ list, again, show, sample, memoryMiB: Math.round(process.resourceUsage().maxRSS / 1024) }));`;
  const flags = ["--import", "tsx", "--input-type=module", "--eval", program];
  const text = execFileSync(process.execPath, flags, { encoding: "utf8", cwd: resolve(import.meta.dirname, "..") });
  return JSON.parse(text) as Reading;
}

function seconds(ms: number): number {
  return Number((ms / 1000).toFixed(3));
}
