/**
 * `zoetrope score`: official scores of predictions that lie on disk; no model but, if wanted, a judge.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { benchmarkNamed, benchmarks } from "../evals/index.ts";
import type { CommandContext } from "./context.ts";
import { oneOf, seedNumber } from "./flags.ts";
import { addModelFlags } from "./model-flags.ts";
import {
  type DenseFlags,
  denseBenchmarks,
  denseExamples,
  isDenseCaptioning,
  scoreDenseCaptions,
} from "./score-dense.ts";
import { scoreFlat } from "./score-flat.ts";
import { type MomentFlags, momentBenchmarks, momentExamples, scoreMoments } from "./score-moments.ts";
import { qvHighlightsExample, scoreQvHighlightsFile } from "./score-qvhighlights.ts";
import type { ScoreFlags, ScoreRequest } from "./score-request.ts";
import { runLogOf, scoreRun } from "./score-run.ts";
import { scoreTempCompassFolder } from "./score-tempcompass.ts";

const examples = `
Examples:
  $ zoetrope score tempcompass TempCompass/predictions/video-llava
  $ zoetrope score tempcompass preds/mine --data TempCompass --judge http://host:8000/v1#model
  $ zoetrope score tempcompass preds/mine --data TempCompass --judge openai:gpt-4o-mini --price 0.15,0.6 --max-cost 1
  $ zoetrope score tempcompass preds/mine --data TempCompass --judgements results/mine --json
  $ zoetrope score video-mme preds.jsonl --data Video-MME --profile 2024-09
${denseExamples}
${momentExamples}
${qvHighlightsExample}
  $ zoetrope score charades-sta runs/my-run --convention vtimellm

TempCompass's predictions are a folder of {task}.json as its repository has it ("prediction" or "response"). Other
benchmarks take one file: rows { id, prediction } as JSON or JSON Lines, or an object id -> prediction.
--data defaults to the folder two levels above the predictions, --judgements to auto_eval_results/MODEL beside them.
Moments, highlights and captions take --truth; their layouts are told by content (docs/moments.md). Conventions for moments are
strict, vtimellm, numpro and timechat; without --convention, a file in one of those projects' layouts is scored its way.
`;

const names = [
  ...new Set([...benchmarks.map(({ name }) => name), ...denseBenchmarks, ...momentBenchmarks, "qvhighlights"]),
];

export function registerScore(command: Command, context: CommandContext): void {
  const flagged = command
    .argument("<benchmark>", names.join(", "))
    .argument("<predictions>", "a folder (layout of TempCompass), a file, or a run (its log, folder or name)")
    .option("--data <folder>", "where the benchmark's annotations lie")
    .option("--judgements <folder>", "released verdicts of a judge on these predictions")
    .option("--no-judgements", "leave released verdicts alone, even where they lie beside the predictions")
    .option("--judge <model>", "ask this model where no rule reads a reply, and about captions")
    .option("--profile <name>", "prompts and readers of which time (default: the benchmark's first)")
    .option(
      "--truth <file>",
      "annotated moments or captions (charades-sta, activitynet-captions, qvhighlights, youcook2)",
    )
    .option("--convention <name>", "how missing and odd predictions count (default: the layout's, else strict)")
    .option("--durations <file>", "charades-sta: Charades_v1_test.csv (default: the one beside --truth)")
    .option("--unit <name>", "moments: what bare numbers in replies count: seconds, frames or percent")
    .option("--frame-rate <n>", "moments: frames a second of the numbers that the model saw (default: 0.5)")
    .option("--task <name>", "activitynet-captions: captioning or grounding (default: what the predictions hold)")
    .option("--second-truth <file>", "captions: a second set of annotations of the same videos (val_2)")
    .option("--subset <name>", "youcook2: a subset of its annotations (validation)")
    .option("--paraphrases <file>", "captions: METEOR's table paraphrase-en.gz")
    .option("--function-words <file>", "captions: another list of METEOR's function words")
    .option("--tokenised", "captions: all captions are tokens parted by blanks already")
    .option("-o, --output <folder>", "where a judge's verdicts are kept (default: a folder under runs/)")
    .option("--seed <n>", "seed of intervals and of the judge", "0")
    .option("--json", "print one JSON object on stdout");
  addModelFlags(flagged, { seesVideos: false })
    .addHelpText("after", examples)
    .action((name: string, predictions: string, flags: ScoreFlags & DenseFlags & MomentFlags) =>
      runScore({ name, predictions, flags }, context),
    );
}

type Asked = Readonly<{ name: string; predictions: string; flags: ScoreFlags & DenseFlags & MomentFlags }>;

async function runScore({ name, predictions, flags }: Asked, context: CommandContext): Promise<void> {
  const log = names.includes(name) ? runLogOf(predictions) : null;
  if (log !== null) return scoreRun(name, log, flags);
  if (isDenseCaptioning({ name, predictions, flags })) {
    await scoreDenseCaptions({ name, predictions, flags }, context);
    return;
  }
  if (momentBenchmarks.some((each) => each === name)) return scoreMoments(name, predictions, flags);
  if (name === "qvhighlights") return scoreQvHighlightsFile(predictions, flags);
  if (!names.includes(name)) throw new RangeError(`Expected a benchmark (${names.join(", ")}), got "${name}".`);
  const benchmark = benchmarkNamed(name);
  const seed = seedNumber("--seed", flags.seed);
  const profile = oneOf("--profile", benchmark.profiles, flags.profile ?? (benchmark.profiles[0] as string));
  if (!existsSync(predictions))
    throw new Error(`Expected predictions at "${predictions}", got nothing there. Check the path.`);
  const beside = join(predictions, "..", "..");
  if (flags.data === undefined && !(benchmark.family === "tempcompass" && existsSync(join(beside, "questions")))) {
    throw new Error(
      `Expected --data to say where ${benchmark.title}'s annotations lie. Its layout:\n${benchmark.layout}`,
    );
  }
  const request: ScoreRequest = { benchmark, predictions, data: flags.data ?? beside, profile, seed, flags };
  if (benchmark.family === "tempcompass") await scoreTempCompassFolder(request, context);
  else scoreFlat(request);
}
