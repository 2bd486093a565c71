/**
 * `zoetrope eval`: a benchmark on video files, asked of a model, with the baselines that show what the questions give away.
 */
import { join } from "node:path";
import type { Command } from "commander";
import type { ChatModel } from "../chat/index.ts";
import {
  type Benchmark,
  type BenchmarkItem,
  type BenchmarkTable,
  benchmarkNamed,
  benchmarks,
  benchmarkTable,
  estimateRun,
  evaluatedMoments,
  formatBenchmarkTable,
  looks,
  problem,
  problemLines,
  readTempCompass,
  runBenchmark,
  scoreTempCompass,
  tempCompassSummary,
  writePredictions,
} from "../evals/index.ts";
import { overlayColors, overlayPositions } from "../media/overlay/index.ts";
import { type SamplerName, samplers } from "../media/sampling/index.ts";
import { writeBenchmarkReport } from "../report/index.ts";
import { type CommandContext, printJson, printText } from "./context.ts";
import type { EvalFlags } from "./eval-flags.ts";
import { evaluationName, evenlySpread } from "./eval-items.ts";
import { evalMoments, isMomentBenchmark, momentEvalExamples, momentEvalHelp, momentFlagsOf } from "./eval-moments.ts";
import { oneOf, seedNumber, wholeNumber } from "./flags.ts";
import { addModelFlags, modelReferences, openFlaggedModel } from "./model-flags.ts";
import { printEstimate } from "./print-estimate.ts";

const examples = `
Examples:
  $ zoetrope eval tempcompass --data TempCompass --model ~/llava-1.5-7b-hf --frames 16
  $ zoetrope eval video-mme --data Video-MME --profile 2024-09 --model M --frames 128 --baselines
  $ zoetrope eval mlvu --data MLVU --model M --limit 50 --json
  $ zoetrope eval tvbench --data TVBench --model http://127.0.0.1:8000/v1#Qwen/Qwen2.5-VL-7B-Instruct --dry-run
  $ zoetrope eval tempcompass --data TempCompass --model openai:gpt-4o-mini --price 0.15,0.6 --max-cost 5
${momentEvalExamples}

Baselines: blind (text only), single frame (the middle one), shuffled and reversed frames, and majority (the most frequent
gold letter). Ctrl-C stops; the same command goes on. Missing and broken videos are named and asked at the next call.

${momentEvalHelp}

${modelReferences}
Layouts of --data:
${[...benchmarks, ...evaluatedMoments].map(({ name, layout }) => `${name}\n${layout.replace(/^/gm, "  ")}`).join("\n")}
`;

const samplerNames = Object.keys(samplers) as SamplerName[];

export function registerEval(command: Command, context: CommandContext): void {
  command
    .argument("<benchmark>", [...benchmarks, ...evaluatedMoments].map(({ name }) => name).join(", "))
    .option("--data <folder>", "where its annotations and videos lie")
    .option("-m, --model <reference>", "who answers", "micro")
    .option("-f, --frames <n>", "how many frames the model sees at most (default: 8; moments: see below)")
    .option("-s, --sampler <name>", `${samplerNames.join(", ")} (default: linspace; moments: at a rate)`)
    .option("--profile <name>", "prompts and readers of which time (default: the benchmark's first)")
    .option("--task <name>", "moments: grounding, highlights or captioning (default: the benchmark's first)")
    .option("--prompt <name>", "moments: wording of the question (default: numpro; captioning: vtimellm)")
    .option("--numbers", "moments: numbers on frames (default: where the prompt speaks of them)")
    .option("--no-numbers", "moments: frames as they are")
    .option("--fps <n>", "moments: frames a second (default: 1; highlights 0.5)")
    .option("--font-size <px>", "moments: of the numbers (default: 40 for every 336 px of the shorter side)")
    .option("--color <color>", `moments: of the numbers: ${overlayColors.join(", ")} or #rrggbb (default: red)`)
    .option("--position <place>", `moments: of the numbers: ${overlayPositions.join(", ")} (default: bottom-right)`)
    .option("--max-tokens <n>", "moments: longest answer (default: 128; highlights 512, captioning 1024)")
    .option("--truth <file>", "moments: annotations (default: found in --data)")
    .option("--durations <file>", "charades-sta: Charades_v1_test.csv (default: the one beside the annotations)")
    .option("--subset <name>", "youcook2: a subset of its annotations (default: validation)")
    .option(
      "--baselines",
      "also blind, single frame, shuffled, reversed and majority (moments: blind, shuffled, reversed)",
    )
    .option("--limit <n>", "so many items, evenly spread over the benchmark")
    .option("-o, --output <folder>", "the run's folder (default: a folder under runs/)")
    .option("--seed <n>", "seed of shuffled frames and intervals", "0")
    .option("--dry-run", "questions, frames, tokens, cost, and whether they fit; nothing is asked")
    .option("--json", "print one JSON object on stdout");
  addModelFlags(command)
    .addHelpText("after", examples)
    .action((name: string, flags: EvalFlags) => runEval(name, flags, context));
}

async function runEval(name: string, flags: EvalFlags, context: CommandContext): Promise<void> {
  if (isMomentBenchmark(name)) return evalMoments(name, flags, context);
  const [unusable] = momentFlagsOf(flags);
  if (unusable !== undefined)
    throw new RangeError(`Expected no --${unusable} with a benchmark of choices, got one. Leave it out.`);
  const benchmark = benchmarkNamed(name);
  const profile = oneOf("--profile", benchmark.profiles, flags.profile ?? (benchmark.profiles[0] as string));
  const sampler = oneOf("--sampler", samplerNames, flags.sampler ?? "linspace");
  const frames = wholeNumber("--frames", flags.frames ?? "8");
  const seed = seedNumber("--seed", flags.seed);
  const limit = flags.limit === undefined ? undefined : wholeNumber("--limit", flags.limit);
  const signal = context.interruptible();
  const data = flags.data ?? join("runs", `${name}-data-${seed}`);
  if (flags.data === undefined && !benchmark.make) {
    throw new Error(`Expected --data to say where ${benchmark.title} lies. Its layout:\n${benchmark.layout}`);
  }
  if (flags.data === undefined) await make(benchmark, data, { seed, signal, context });
  const open = benchmark.open(data, profile);
  const items = limit === undefined ? open.items : evenlySpread(open.items, limit);
  const output =
    flags.output ?? join("runs", evaluationName(name, { ...flags, profile, limit }, [`${sampler}${frames}`]));
  const shown = flags.baselines ? looks : (["video"] as const);
  const isDryRun = flags.dryRun ?? false;
  const flagged = await openFlaggedModel(flags.model, flags, context, { isDryRun });
  const { model } = flagged;
  try {
    const asked = { benchmark: open, items, data, model, sampler, frames, looks: shown, signal };
    if (isDryRun) {
      const bar = context.progress().task("read videos", { total: videosOf(items), unit: "videos" });
      const onProgress = (videos: number) => bar.update(videos);
      const { estimate, unasked } = await estimateRun({ ...asked, price: flagged.price, onProgress });
      bar.finish();
      const isPaid = flagged.isEndpoint;
      printEstimate(estimate, {
        command: `eval ${name}`,
        model: model.name,
        unasked,
        isPaid,
        json: flags.json ?? false,
      });
      return;
    }
    const total = items.length * shown.length;
    const bar = context.progress().task(`eval ${name}`, { total, unit: "replies" });
    const onProgress = (done: number, problems: number) =>
      bar.update(done, problems === 0 ? undefined : `${problems} problems`);
    const run = await runBenchmark({ ...asked, output, seed, onProgress });
    bar.finish();
    const problems = [...open.problems, ...run.problems, ...unknownWords(model, items)];
    if (run.unasked === items.length) {
      throw new Error(
        `None of ${items.length} items could be asked. ${problemLines(problems).join(". ")}. Check --data.`,
      );
    }
    const table = benchmarkTable({
      benchmark: open,
      items,
      replies: run.replies,
      majority: flags.baselines ?? false,
      seed,
    });
    const shownReplies = run.replies.get("video") ?? new Map<string, string>();
    const isTempCompass = benchmark.family === "tempcompass";
    const extra = isTempCompass ? tempCompassExtra({ data, output, items: open.items, replies: shownReplies }) : {};
    const report = join(output, "report.html");
    const by = { model: model.name, fingerprint: model.fingerprint, sampler, frames, seed };
    const facts = Object.entries({ ...by, profile, data, "items not asked": run.unasked }).map(
      ([key, value]) => [key, String(value)] as const,
    );
    writeBenchmarkReport(report, { title: `${benchmark.title}, ${model.name}`, table, problems, facts });
    if (flags.json) {
      const summary = { ...summaryOf(table, run.unasked), ...extra };
      const usage = flagged.usage();
      printJson({ command: "eval", benchmark: name, profile, ...by, output, report, summary, table, problems, usage });
      return;
    }
    const lines = [
      `${benchmark.title}, profile ${profile}, ${model.name}, ${sampler} ${frames} frames: ${formatBenchmarkTable(table)}`,
      ...problemLines(problems).map((line) => `! ${line}`),
      `-> ${report}${isTempCompass ? `, ${join(output, "predictions")}` : ""}`,
    ];
    printText(lines.join("\n"));
    const usage = flagged.usageLine();
    if (usage !== null) process.stderr.write(`${usage}\n`);
    if (run.unasked > 0) printText(`${run.unasked} items were not asked; the same command asks for them again.`);
  } finally {
    await model.dispose();
  }
}

/** TempCompass's own prediction files beside the log, and the figures that its scripts would print. */
function tempCompassExtra({ data, output, items, replies }: ExtraSource) {
  writePredictions(join(output, "predictions"), readTempCompass(data).questions, replies);
  const score = scoreTempCompass(items, replies, { resamples: 0 });
  const coverage = { predicted: replies.size, of: items.length };
  const { multiChoice, yesNo, captionMatching, captioning, ruleOnly, matched, ...rest } = tempCompassSummary(
    score,
    coverage,
  );
  return { multiChoice, yesNo, captionMatching, captioning, ruleOnly, matched, tasksDefault: rest.default };
}

type ExtraSource = Readonly<{
  data: string;
  output: string;
  items: readonly BenchmarkItem[];
  replies: ReadonlyMap<string, string>;
}>;

function summaryOf({ rows, coverage }: BenchmarkTable, unasked: number) {
  const video = rows.find(({ look }) => look === "video");
  const baselines = rows.flatMap(({ look, profile, default: ours }) => {
    const key = look.replace(/ (.)/, (_, letter: string) => letter.toUpperCase());
    return look === "video"
      ? []
      : [[key, profile.all.accuracy] as const, [`${key}Default`, ours.all.accuracy] as const];
  });
  return {
    accuracy: video?.profile.all.accuracy ?? null,
    low: video?.profile.all.low ?? null,
    high: video?.profile.all.high ?? null,
    macro: video?.profile.macro ?? null,
    unparsed: video?.profile.all.unparsed ?? null,
    unjudged: video?.profile.all.unjudged ?? null,
    default: video?.default.all.accuracy ?? null,
    defaultUnparsed: video?.default.all.unparsed ?? null,
    chance: video?.default.all.chance ?? null,
    ...Object.fromEntries(baselines),
    ...coverage,
    unasked,
  };
}

type MakeContext = Readonly<{ seed: number; signal: AbortSignal; context: CommandContext }>;

/** Data of a synthesised benchmark; the bar appears when it says how much there is to do. */
async function make({ name, make }: Benchmark, data: string, { seed, signal, context }: MakeContext): Promise<void> {
  let bar: ReturnType<ReturnType<CommandContext["progress"]>["task"]> | undefined;
  const onProgress = (done: number, of: number) => {
    bar ??= context.progress().task(`make ${name}`, { total: of, unit: "videos" });
    bar.update(done);
  };
  await make?.(data, { seed, signal, onProgress });
  bar?.finish(data);
}

/** Parts of videos that are looked at. */
function videosOf(items: readonly BenchmarkItem[]): number {
  return new Set(items.map(({ video, span }) => `${video} ${span?.start}-${span?.end}`)).size;
}

/** A closed vocabulary that lacks a benchmark's words: read off a sample of its questions. */
function unknownWords(model: ChatModel, items: readonly BenchmarkItem[]) {
  const prompts = evenlySpread(items, 300).map(({ prompt }) => prompt);
  return problem(`words that ${model.name} does not know (expect nonsense)`, model.unknownWords(prompts.join("\n")));
}
