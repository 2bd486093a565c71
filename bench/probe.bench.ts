/**
 * Probing: a training step of the LSTM probe at the paper's shapes (64 videos of 128 tokens of 1024 numbers), Adam and resize
 * included, and the same probe on zoetrope-micro's tokens as they are. `--steps N` (default 12) steps each. `--pytorch PYTHON` (/usr/bin/python3)
 * runs eager PyTorch (yardsticks/lstm_probe.py) in turns with ours, so that both see the same machine.
 */
import { availableParallelism } from "node:os";
import { Rng } from "../src/core/math/index.ts";
import { adamW } from "../src/nn/optim/index.ts";
import { compile } from "../src/nn/runtime/index.ts";
import {
  type ClassifierSize,
  initialClassifier,
  paperSize,
  resizeBilinear,
  trainingGraph,
} from "../src/probes/index.ts";
import { type Figures, flagValue, median } from "./bench.ts";
import { runYardstick } from "./pytorch.ts";

const warmUpSteps = 3;

export const name = "probe";

export async function run(flags: readonly string[]): Promise<Figures> {
  const steps = Number(flagValue(flags, "--steps") ?? 12);
  const atPaper: ClassifierSize = { kind: "lstm", ...paperSize, classes: 6 };
  const atMicro: ClassifierSize = { kind: "lstm", length: 40, width: 192, classes: 6 };
  const paper = await stepTimes(atPaper, 64, steps);
  const python = flagValue(flags, "--pytorch");
  const pytorchPaper = python ? pytorchTimes(python, atPaper, 64, steps) : [];
  const micro = await stepTimes(atMicro, 32, steps);
  const pytorchMicro = python ? pytorchTimes(python, atMicro, 32, steps) : [];
  return {
    paperStepMs: round(median(paper.steps)),
    paperAdamMs: round(median(paper.updates)),
    paperCompileMs: round(paper.compile),
    resizeMsAVideo: round(median(resizeTimes())),
    microStepMs: round(median(micro.steps)),
    videosPerSecond: Math.round(64_000 / median(paper.steps)),
    threads: availableParallelism(),
    steps,
    ...(python !== undefined && {
      pytorchPaperStepMs: round(median(pytorchPaper)),
      pytorchMicroStepMs: round(median(pytorchMicro)),
    }),
  };
}

/** Milliseconds of each step of eager PyTorch after its warm-up. */
function pytorchTimes(
  python: string,
  { length, width, classes }: ClassifierSize,
  batch: number,
  steps: number,
): number[] {
  const sizes = [length, width, batch, classes, warmUpSteps + steps];
  return runYardstick(python, "lstm_probe.py", sizes)
    .trim()
    .split("\n")
    .slice(warmUpSteps)
    .map((seconds) => 1000 * Number(seconds));
}

/** Milliseconds of each step (loss, gradients, update) and of its update alone. */
async function stepTimes(size: ClassifierSize, batch: number, count: number) {
  const rng = new Rng("probe bench");
  const weights = initialClassifier(size, rng);
  const gradients = Object.fromEntries(
    Object.entries(weights).map(([key, { length }]) => [key, new Float32Array(length)]),
  );
  const into = Object.fromEntries(Object.entries(gradients).map(([key, array]) => [`grad.${key}`, array]));
  const features = Float32Array.from({ length: size.length * batch * size.width }, () => rng.uniform(-1, 1));
  const labels = Int32Array.from({ length: batch }, () => rng.below(size.classes));
  const optimizer = adamW(weights, { weightDecay: 0 });
  const began = performance.now();
  const executable = await compile(trainingGraph(size, batch));
  const compileMs = performance.now() - began;
  const steps: number[] = [];
  const updates: number[] = [];
  for (let step = 0; step < warmUpSteps + count; step++) {
    const start = performance.now();
    await executable.run({ features, labels, ...weights }, { into });
    const middle = performance.now();
    optimizer.step(gradients, 5e-5);
    const end = performance.now();
    if (step < warmUpSteps) continue;
    steps.push(end - start);
    updates.push(end - middle);
  }
  await executable.dispose();
  return { compile: compileMs, steps, updates };
}

/** LongVA's 1152 tokens of 3584 numbers -> 128 of 1024. */
function resizeTimes(): number[] {
  const tokens = { length: 1152, width: 3584, data: new Float32Array(1152 * 3584).fill(1) };
  return Array.from({ length: 9 }, () => {
    const start = performance.now();
    resizeBilinear(tokens, paperSize);
    return performance.now() - start;
  });
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
