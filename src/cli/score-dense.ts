/**
 * `zoetrope score` for dense captions: youcook2 always, activitynet-captions where the predictions tell what happens.
 */
import { existsSync } from "node:fs";
import {
  captionWords,
  denseConventions,
  denseSummary,
  formatDense,
  openEnglishMeteor,
  readDensePredictions,
  readDenseTruth,
  readParaphrases,
  scoreDense,
  tasksInFile,
} from "../evals/index.ts";
import { type CommandContext, printJson, printText } from "./context.ts";
import { oneOf, seedNumber } from "./flags.ts";

export const denseBenchmarks = ["activitynet-captions", "youcook2"] as const;
const titles = { "activitynet-captions": "ActivityNet Captions", youcook2: "YouCook2" };

export type DenseFlags = Readonly<{
  truth?: string;
  secondTruth?: string;
  task?: string;
  subset?: string;
  convention?: string;
  paraphrases?: string;
  functionWords?: string;
  tokenised?: boolean;
  seed: string;
  json?: boolean;
}>;

export type DenseScoreRequest = Readonly<{ name: string; predictions: string; flags: DenseFlags }>;

export const denseExamples = `  $ zoetrope score youcook2 preds.json --truth youcookii_annotations_trainval.json --subset validation
  $ zoetrope score activitynet-captions vtimellm.log --truth val_2.json --task captioning --convention vtimellm --json`;

/** Does this call ask for scores of captions? */
export function isDenseCaptioning({ name, predictions, flags }: DenseScoreRequest): boolean {
  if (name === "youcook2") return true;
  if (name !== "activitynet-captions" || !existsSync(predictions)) return false;
  if (flags.task !== undefined) return oneOf("--task", ["captioning", "grounding"], flags.task) === "captioning";
  const { captioning, grounding } = tasksInFile(predictions);
  if (captioning && grounding) {
    throw new Error(
      `Expected captions or moments in "${predictions}", got both. Say --task captioning or --task grounding.`,
    );
  }
  return captioning;
}

/** Score a file of predicted captions and print it. */
export async function scoreDenseCaptions({ name, predictions, flags }: DenseScoreRequest, context: CommandContext) {
  const convention = oneOf("--convention", denseConventions, flags.convention ?? "strict");
  const seed = seedNumber("--seed", flags.seed);
  const title = titles[oneOf("benchmark", denseBenchmarks, name)];
  if (!existsSync(predictions))
    throw new Error(`Expected predictions at "${predictions}", got nothing there. Check the path.`);
  if (flags.truth === undefined) {
    throw new Error(
      `Expected --truth to name ${title}'s annotations, as { VIDEO: { duration, timestamps, sentences } } or YouCook2's own file.`,
    );
  }
  const subset = flags.subset === undefined ? {} : { subset: flags.subset };
  const sets = [flags.truth, flags.secondTruth].flatMap((path) =>
    path === undefined ? [] : [readDenseTruth(path, subset)],
  );
  const truths = sets.map(({ videos }) => videos);
  const predicted = readDensePredictions(predictions, truths.flat(), { isStrict: convention === "vtimellm" });
  const texts = [
    ...truths.flat().flatMap(({ moments }) => moments.map(({ label }) => label)),
    ...[...predicted.byVideo.values()].flat().map(({ text }) => text),
  ];
  const isTokenised = flags.tokenised === true;
  const paraphrases =
    flags.paraphrases === undefined
      ? undefined
      : await readParaphrases(flags.paraphrases, captionWords(texts, isTokenised));
  const meteor = openEnglishMeteor({
    ...(paraphrases && { paraphrases }),
    ...(flags.functionWords !== undefined && { functionWords: flags.functionWords }),
  });
  const bar = context.progress().task("score", { total: predicted.byVideo.size, unit: "videos" });
  const report = scoreDense({
    truths,
    predictions: predicted,
    meteor,
    convention,
    seed,
    isTokenised,
    onProgress: (done) => bar.update(done),
  });
  bar.finish();
  const problems = [...sets.flatMap((set) => set.problems), ...report.problems];
  if (!flags.json) {
    printText(formatDense(title, { ...report, problems }));
    return;
  }
  const { byThreshold, videos, meteorName } = report;
  printJson({
    command: "score",
    benchmark: name,
    task: "captioning",
    convention,
    predictions,
    truth: flags.truth,
    meteor: meteorName,
    summary: denseSummary(report),
    byThreshold,
    videos,
    problems,
  });
}
