/**
 * `zoetrope runs import`: other tools' logs as runs, with the scores that `zoetrope score` gives the same files.
 */
import { existsSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { Command } from "commander";
import {
  defaultRuns,
  figuresOf,
  type ImportedRun,
  importLog,
  outcomeOf,
  percentText,
  problemLines,
  scoreLog,
  writeRun,
} from "../evals/index.ts";
import { printJson, printText } from "./context.ts";
import { oneOf, positiveNumber, seedNumber } from "./flags.ts";

const examples = `
Examples:
  $ zoetrope runs import logs/llava_onevision/20260801_120000_samples_videomme.jsonl
  $ zoetrope runs import TempCompass/predictions/video-llava
  $ zoetrope runs import preds.jsonl --truth highlight_val_release.jsonl --model moment-detr
  $ zoetrope runs import vtimellm.log --truth val_2.json --task grounding --convention vtimellm
  $ zoetrope runs import timechat/tvg/predictions.json --truth timechat/tvg/ground_truth.json --json
  $ zoetrope runs import preds.jsonl --benchmark video-mme --data Video-MME

Read are lmms-eval's sample logs and submissions, VTimeLLM's logs, submissions to QVHighlights, TempCompass's folders, TimeChat's
files, NumPro's, E.T. Bench's (with "a"), predictions by id, and logs of earlier versions. The content says which. Annotations that a
log does not hold are wanted: --truth for moments and captions, --data for benchmarks.
`;

type ImportFlags = Readonly<{
  output?: string;
  replace?: boolean;
  model?: string;
  benchmark?: string;
  profile?: string;
  data?: string;
  truth?: string;
  secondTruth?: string;
  durations?: string;
  subset?: string;
  task?: string;
  convention?: string;
  unit?: string;
  frameRate?: string;
  judgements?: string | boolean;
  runs: string;
  seed: string;
  json?: boolean;
}>;

export function registerRunsImport(runs: Command): void {
  runs
    .command("import")
    .description("other tools' logs as runs")
    .argument("<log>", "a file, or TempCompass's folder of predictions")
    .option("-o, --output <log>", "where to write (default: import-NAME/run.jsonl below --runs)")
    .option("--replace", "overwrite a run that is there")
    .option("-m, --model <name>", "who answered (default: what the log or its name says)")
    .option("--benchmark <name>", "of which benchmark these are predictions")
    .option("--profile <name>", "prompts and readers of which time (default: the benchmark's first)")
    .option("--data <folder>", "where the benchmark's annotations lie")
    .option("--truth <file>", "annotated moments or captions")
    .option("--second-truth <file>", "captions: a second set of annotations")
    .option("--durations <file>", "charades-sta: Charades_v1_test.csv (default: the one beside --truth)")
    .option("--subset <name>", "youcook2: a subset of its annotations")
    .option("--task <name>", "where a log holds several: grounding, captioning or choice")
    .option("--convention <name>", "how missing and odd predictions count (default: the layout's, else strict)")
    .option("--unit <name>", "moments: what bare numbers count: seconds, frames or percent")
    .option("--frame-rate <n>", "moments: frames a second of the numbers that the model saw (default: 0.5)")
    .option("--judgements <folder>", "tempcompass: released verdicts (default: those beside the predictions)")
    .option("--no-judgements", "leave released verdicts alone")
    .option("--runs <folder>", "where runs lie", defaultRuns)
    .option("--seed <n>", "seed of the intervals", "0")
    .option("--json", "print one JSON object on stdout")
    .addHelpText("after", examples)
    .action((log: string, flags: ImportFlags) => runImport(log, flags));
}

function runImport(log: string, flags: ImportFlags): void {
  const { task, unit, frameRate, judgements, runs, json = false } = flags;
  const seed = seedNumber("--seed", flags.seed);
  const name = basename(resolve(log)).replace(/\.(?:jsonl?|log|txt)$/, "");
  const output = flags.output ?? join(runs, `import-${name}`, "run.jsonl");
  if (existsSync(output) && !flags.replace)
    throw new Error(`Expected no run at ${output}, got one. Pass --replace to overwrite it, or another -o.`);
  const imported = importLog({
    path: log,
    model: flags.model,
    benchmark: flags.benchmark,
    profile: flags.profile,
    data: flags.data,
    truth: flags.truth,
    secondTruth: flags.secondTruth,
    durations: flags.durations,
    subset: flags.subset,
    convention: flags.convention,
    task: task === undefined ? undefined : oneOf("--task", ["grounding", "captioning", "choice"] as const, task),
    unit: unit === undefined ? undefined : oneOf("--unit", ["seconds", "frames", "percent"] as const, unit),
    frameRate: frameRate === undefined ? undefined : positiveNumber("--frame-rate", frameRate),
    judgements: judgements === true ? undefined : judgements,
  });
  writeRun(output, imported);
  report(imported, { log, output, seed, json });
}

type Done = Readonly<{ log: string; output: string; seed: number; json: boolean }>;

function report({ config, rows, problems }: ImportedRun, { log, output, seed, json }: Done): void {
  const score = scoreLog(config, rows, { seed });
  const recorded = figuresOf(rows.map(outcomeOf), { seed });
  const { task, benchmark, model, imported } = config;
  if (json) {
    const summary = score?.summary ?? recordedSummary(recorded);
    const { fingerprint } = config;
    printJson({
      command: "runs import",
      log,
      format: imported?.format,
      output,
      task,
      benchmark,
      model,
      summary,
      recorded,
      fingerprint,
      problems,
    });
    return;
  }
  const main = recorded.metrics[config.metric];
  const plain = `${benchmark}, ${model}: ${config.metric} ${percentText(main?.value)} over ${main?.n ?? 0} samples, ${recorded.counts.unparsed} unparsed.`;
  printText(score?.text ?? plain);
  for (const line of problemLines(problems)) printText(`! ${line}`);
  printText(`${rows.length} samples (${imported?.format}) -> ${output}`);
}

function recordedSummary({ metrics, counts }: ReturnType<typeof figuresOf>): Record<string, number | null> {
  return { ...Object.fromEntries(Object.entries(metrics).map(([name, { value }]) => [name, value])), ...counts };
}
