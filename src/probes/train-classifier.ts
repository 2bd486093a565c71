/**
 * Training one probing classifier on the features of one aspect, and what it then says of other videos.
 *
 * It runs as everything else does: a graph with its gradients, emitted as ONNX, and Adam (AdamW without decay).
 */
import { setImmediate as eventLoopTurn } from "node:timers/promises";
import { Rng } from "../core/math/index.ts";
import { adamW } from "../nn/optim/index.ts";
import { compile } from "../nn/runtime/index.ts";
import { type ClassifierSize, classifierShapes, initialClassifier, scoringGraph, trainingGraph } from "./classifier.ts";
import type { TokenGrid } from "./resize-tokens.ts";
import type { TrainingSettings } from "./settings.ts";

/** A video as a probe sees it, with the index of its class. */
export type Example = Readonly<{ tokens: TokenGrid; label: number }>;

export type ClassifierTask = Readonly<{
  kind: ClassifierSize["kind"];
  classes: number;
  train: readonly Example[];
  test: readonly TokenGrid[];
  settings: TrainingSettings;
  seed: number;
  threads?: number;
  signal?: AbortSignal;
}>;

export type ClassifierResult = Readonly<{
  /** The class of each test video. */
  predicted: readonly number[];
  /** Percent of the training videos told rightly in the end. */
  trainAccuracy: number;
  losses: readonly number[];
}>;

/** Train from the seed's initial weights for all epochs; nothing is chosen by looking at the test videos. */
export async function trainClassifier(task: ClassifierTask): Promise<ClassifierResult> {
  const { kind, classes, train, test, settings, seed, signal } = task;
  const first = train[0]?.tokens;
  if (first === undefined) throw new RangeError("Expected videos to train a probe on, got none.");
  const size: ClassifierSize = { kind, classes, length: kind === "lstm" ? first.length : 1, width: first.width };
  const rng = new Rng(`probe/${seed}`);
  const weights = initialClassifier(size, rng.fork("weights"));
  const batch = Math.min(settings.batch, train.length);
  const standardise = settings.standardises ? standardiser(train.map(({ tokens }) => tokens)) : undefined;
  const threads = task.threads === undefined ? {} : { threads: task.threads };
  const feed = batchFeeder(size, batch, standardise);
  const gradients = Object.fromEntries(
    Object.entries(weights).map(([name, { length }]) => [name, new Float32Array(length)]),
  );
  const into = Object.fromEntries(Object.entries(gradients).map(([name, array]) => [`grad.${name}`, array]));
  const optimizer = adamW(weights, { weightDecay: 0 });
  const order = rng.fork("order");
  const losses: number[] = [];
  const step = await compile(trainingGraph(size, batch), threads);
  try {
    for (let epoch = 0; epoch < settings.epochs; epoch++) {
      const examples = settings.shuffles ? order.shuffle(train) : train;
      for (let start = 0; start < examples.length; start += batch) {
        const part = examples.slice(start, start + batch);
        const labels = new Int32Array(batch).fill(-100);
        labels.set(part.map(({ label }) => label));
        const { loss } = await step.run(
          { features: feed(part.map(({ tokens }) => tokens)), labels, ...weights },
          { into },
        );
        losses.push(loss?.[0] as number);
        optimizer.step(gradients, settings.rate);
        // Computing blocks the thread; a Ctrl-C gets its turn here.
        await eventLoopTurn();
        signal?.throwIfAborted();
      }
    }
  } finally {
    await step.dispose();
  }
  const score = await compile(scoringGraph(size, batch), threads);
  const classify = async (videos: readonly TokenGrid[]) => {
    const found: number[] = [];
    for (let start = 0; start < videos.length; start += batch) {
      const part = videos.slice(start, start + batch);
      const { logits } = await score.run({ features: feed(part), ...weights });
      part.forEach((_, b) => {
        found.push(largest((logits as Float32Array).subarray(b * classes, (b + 1) * classes)));
      });
    }
    return found;
  };
  try {
    const fitted = await classify(train.map(({ tokens }) => tokens));
    const right = fitted.filter((label, i) => label === train[i]?.label).length;
    return { predicted: await classify(test), trainAccuracy: (100 * right) / train.length, losses };
  } finally {
    await score.dispose();
  }
}

type Standardiser = Readonly<{ mean: Float32Array; scale: Float32Array }>;

/** Tokens as the graph is fed: (length, batch, width), time first; rows beyond the videos are zeros. */
function batchFeeder({ kind, length, width }: ClassifierSize, batch: number, standardise: Standardiser | undefined) {
  const fed = new Float32Array(length * batch * width);
  return (videos: readonly TokenGrid[]): Float32Array => {
    fed.fill(0);
    videos.forEach((tokens, b) => {
      if (tokens.width !== width || (kind === "lstm" && tokens.length !== length)) {
        throw new RangeError(
          `Expected ${length} tokens of ${width} numbers of every video, got ${tokens.length} of ${tokens.width}.`,
        );
      }
      for (let t = 0; t < length; t++) {
        const row = kind === "lstm" ? t : tokens.length - 1;
        const values = tokens.data.subarray(row * width, (row + 1) * width);
        const at = (t * batch + b) * width;
        if (!standardise) fed.set(values, at);
        else
          for (let d = 0; d < width; d++)
            fed[at + d] = ((values[d] as number) - (standardise.mean[d] as number)) * (standardise.scale[d] as number);
      }
    });
    return fed;
  };
}

/**
 * Mean and 1 / deviation of every number over all tokens. A hundredth of the usual variance is added: a number that hardly
 * changes in training (the background, say) would otherwise drown the rest where it does.
 */
function standardiser(videos: readonly TokenGrid[]): Standardiser {
  const width = videos[0]?.width ?? 0;
  const sums = new Float64Array(width);
  const squares = new Float64Array(width);
  let count = 0;
  for (const { data, length } of videos) {
    for (let i = 0; i < data.length; i++) {
      const value = data[i] as number;
      sums[i % width] = (sums[i % width] as number) + value;
      squares[i % width] = (squares[i % width] as number) + value * value;
    }
    count += length;
  }
  const mean = Float32Array.from(sums, (sum) => sum / count);
  const variances = Float64Array.from(squares, (square, d) => Math.max(0, square / count - (mean[d] as number) ** 2));
  const usual = variances.reduce((sum, variance) => sum + variance, 0) / width;
  const scale = Float32Array.from(variances, (variance) => 1 / Math.sqrt(variance + 0.01 * usual + 1e-12));
  return { mean, scale };
}

/** Number of trained parameters of a probe of this size. */
export function parameterCount(size: ClassifierSize): number {
  return [...classifierShapes(size).values()].reduce((sum, shape) => sum + shape.reduce((a, b) => a * b, 1), 0);
}

function largest(values: Float32Array): number {
  return values.reduce((best, value, i) => (value > (values[best] as number) ? i : best), 0);
}
