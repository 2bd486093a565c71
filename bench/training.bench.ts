/**
 * Training speed of the reference GPT step. With `--sketch PATH` a script that prints one line with "0.123s" a step (2,048
 * tokens) runs in turns with ours, so that both see the same machine; `--rounds N` (default 5) says how often,
 * `--profile PREFIX` writes ONNX Runtime's trace.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Figures, flagValue, median } from "./bench.ts";
import { openReferenceTraining, tokensPerStep } from "./reference-gpt.ts";

const warmUpSteps = 3;
const stepsPerRound = 10;

export const name = "training";

export async function run(flags: readonly string[]): Promise<Figures> {
  const threads = availableParallelism();
  const profile = flagValue(flags, "--profile");
  const sketch = flagValue(flags, "--sketch");
  const rounds = Number(flagValue(flags, "--rounds") ?? 5);
  const training = await openReferenceTraining({ threads, ...(profile !== undefined && { profile }) });
  const ours: number[] = [];
  const theirs: number[] = [];
  let loss = Number.NaN;
  for (let i = 0; i < warmUpSteps; i++) loss = await training.step();
  const firstLoss = loss;
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < stepsPerRound; i++) {
      const start = performance.now();
      loss = await training.step();
      ours.push((performance.now() - start) / 1000);
    }
    if (sketch !== undefined) theirs.push(...runSketch(sketch));
  }
  await training.dispose();
  return {
    tokensPerSecond: Math.round(tokensPerStep / median(ours)),
    medianStepMs: round(median(ours) * 1000),
    parameters: training.parameterCount,
    threads,
    steps: ours.length,
    lossAfterWarmUp: round(firstLoss),
    lossAtEnd: round(loss),
    ...(sketch !== undefined && {
      sketchTokensPerSecond: Math.round(tokensPerStep / median(theirs)),
      speedup: round(median(theirs) / median(ours)),
      // The sketch's first steps are slow; its fastest step against ours is the comparison least kind to us.
      speedupOfFastestSteps: round(Math.min(...theirs) / Math.min(...ours)),
    }),
  };
}

/** Seconds of each step of the sketch after its warm-up. It runs from a folder where it finds our node_modules. */
function runSketch(path: string): number[] {
  const folder = mkdtempSync(join(tmpdir(), "zoetrope-bench-"));
  try {
    symlinkSync(resolve(import.meta.dirname, "..", "node_modules"), join(folder, "node_modules"));
    copyFileSync(path, join(folder, "sketch.mjs"));
    const text = execFileSync(process.execPath, ["sketch.mjs"], { cwd: folder, encoding: "utf8" });
    return [...text.matchAll(/ ([\d.]+)s /g)].slice(warmUpSteps).map((match) => Number(match[1]));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
