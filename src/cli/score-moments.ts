/**
 * `zoetrope score` for moments: charades-sta, activitynet-captions (where the predictions say when, not what), and any file of
 * queries as "moments".
 */
import type { MomentConvention } from "../core/metrics/index.ts";
import { momentConventions } from "../core/metrics/index.ts";
import { readMomentAnnotations, readMomentPredictions } from "../data/index.ts";
import { conventionOfLayout, formatGrounding, groundingSummary, scoreGrounding, textUnitsOf } from "../evals/index.ts";
import { printJson, printText } from "./context.ts";
import { oneOf, positiveNumber, seedNumber } from "./flags.ts";

export const momentBenchmarks = ["charades-sta", "activitynet-captions", "moments"] as const;
const titles = {
  "charades-sta": "Charades-STA",
  "activitynet-captions": "ActivityNet Captions, grounding",
  moments: "Moments",
} as const;

export type MomentFlags = Readonly<{
  truth?: string;
  durations?: string;
  convention?: string;
  unit?: string;
  frameRate?: string;
  seed: string;
  json?: boolean;
}>;

export const momentExamples = `  $ zoetrope score charades-sta preds.jsonl --truth charades_sta_test.txt
  $ zoetrope score charades-sta replies.jsonl --truth charades_sta_test.txt --unit frames --frame-rate 1 --json
  $ zoetrope score activitynet-captions vtimellm.log --truth val_2.json --task grounding`;

const conventionNames = Object.keys(momentConventions) as MomentConvention[];

/** Score a file of predicted moments and print it. */
export function scoreMoments(name: string, predictions: string, flags: MomentFlags): void {
  const title = titles[oneOf("benchmark", momentBenchmarks, name)];
  const seed = seedNumber("--seed", flags.seed);
  if (flags.truth === undefined) {
    throw new Error(`Expected --truth to name ${title}'s annotations, got none. Pass the file of annotated moments.`);
  }
  const { durations } = flags;
  const truth = readMomentAnnotations(flags.truth, durations === undefined ? {} : { durations });
  const predicted = readMomentPredictions(predictions, truth.queries);
  const ofLayout = textUnitsOf(predicted.format);
  const units = {
    unit: oneOf("--unit", ["seconds", "frames", "percent"], flags.unit ?? ofLayout.unit),
    frameRate: flags.frameRate === undefined ? ofLayout.frameRate : positiveNumber("--frame-rate", flags.frameRate),
  };
  const convention = oneOf("--convention", conventionNames, flags.convention ?? conventionOfLayout(predicted.format));
  const score = scoreGrounding(truth.queries, predicted.answers, { convention, units, seed });
  const problems = [...truth.problems, ...predicted.problems];
  if (!flags.json) {
    printText(formatGrounding(title, score, problems));
    return;
  }
  printJson({
    command: "score",
    benchmark: name,
    task: "grounding",
    convention,
    layout: { truth: truth.format, predictions: predicted.format },
    units,
    predictions,
    truth: flags.truth,
    summary: groundingSummary(score),
    figures: score.figures,
    strict: score.strict,
    faults: score.faults,
    baselines: score.baselines,
    frequent: score.frequent,
    readers: score.readers,
    queries: score.queries.map(({ query, read }) => ({
      ...{ id: query.id, video: query.video },
      ...(read.kind === "read"
        ? { iou: read.iou, start: read.predicted.start, end: read.predicted.end }
        : { iou: 0, unread: read.kind === "unread" ? read.reason : "missing" }),
    })),
    problems: [...problems, ...score.problems],
  });
}
