/**
 * `zoetrope eval` for moments: charades-sta, activitynet-captions, qvhighlights, youcook2, asked by a prompt of the field's.
 */
import { join } from "node:path";
import { groundingHabits } from "../chat/index.ts";
import {
  estimateMoments,
  evaluatedMoments,
  formatMomentLooks,
  type MomentBenchmark,
  type MomentItem,
  type MomentLookScore,
  type MomentManner,
  momentLooks,
  momentManner,
  momentPrompts,
  momentTasks,
  type OpenMomentBenchmark,
  problemLines,
  runMoments,
  scoreMomentLooks,
  taskOf,
} from "../evals/index.ts";
import { overlayPositions } from "../media/overlay/index.ts";
import { type SamplerName, samplers } from "../media/sampling/index.ts";
import { type CommandContext, printJson, printText } from "./context.ts";
import type { EvalFlags, MomentEvalFlags } from "./eval-flags.ts";
import { evaluationName, evenlySpread } from "./eval-items.ts";
import { oneOf, positiveNumber, seedNumber, wholeNumber } from "./flags.ts";
import { openFlaggedModel } from "./model-flags.ts";
import { colorOf } from "./overlay.ts";
import { printEstimate } from "./print-estimate.ts";

const prompts = momentTasks.map((task) => `${momentPrompts[task].join(", ")} (${task})`).join("; ");

export const momentEvalExamples = `  $ zoetrope eval charades-sta --data Charades --model http://127.0.0.1:8000/v1#Qwen/Qwen2-VL-7B-Instruct --baselines
  $ zoetrope eval charades-sta --data Charades --model M --prompt times --no-numbers
  $ zoetrope eval activitynet-captions --data ActivityNet --task captioning --model ~/vtimellm
  $ zoetrope eval qvhighlights --data QVHighlights --task highlights --model M --dry-run`;

export const momentEvalHelp = `Moments: ${evaluatedMoments.map(({ name, tasks }) => `${name} (${tasks.join(", ")})`).join(", ")}.
Prompts: ${prompts}.
Frames come at 1 a second (highlights 0.5), 240 at most, with NumPro's red numbers where the prompt speaks of them; prompt vtimellm
shows 100 evenly, without numbers. Baselines: blind, shuffled and reversed; constant and random spans stand in every report.`;

/** Flags that only questions about moments have. */
export function momentFlagsOf(flags: MomentEvalFlags): string[] {
  const names = ["task", "prompt", "numbers", "fps", "fontSize", "color", "position", "maxTokens"] as const;
  return [...names, "truth" as const, "durations" as const, "subset" as const].filter(
    (name) => flags[name] !== undefined,
  );
}

export function isMomentBenchmark(name: string): boolean {
  return evaluatedMoments.some((each) => each.name === name);
}

export function momentBenchmarkNamed(name: string): MomentBenchmark {
  return evaluatedMoments.find((each) => each.name === name) as MomentBenchmark;
}

export async function evalMoments(name: string, flags: EvalFlags, context: CommandContext): Promise<void> {
  const benchmark = momentBenchmarkNamed(name);
  const task = taskOf(benchmark, flags.task);
  const { data, model: reference } = flags;
  if (data === undefined)
    throw new Error(`Expected --data to say where ${benchmark.title} lies. Its layout:\n${benchmark.layout}`);
  if (flags.profile !== undefined)
    throw new RangeError("Expected --prompt for a benchmark of moments, got --profile. Name a prompt.");
  const manner = mannerOf(task, flags);
  const seed = seedNumber("--seed", flags.seed);
  const limit = flags.limit === undefined ? undefined : wholeNumber("--limit", flags.limit);
  const open = benchmark.open(data, { task, truth: flags.truth, durations: flags.durations, subset: flags.subset });
  const items = limit === undefined ? open.items : evenlySpread(open.items, limit);
  const looks = flags.baselines ? momentLooks : (["video"] as const);
  const signal = context.interruptible();
  const isDryRun = flags.dryRun ?? false;
  const flagged = await openFlaggedModel(reference, flags, context, { isDryRun });
  const { model } = flagged;
  try {
    const asked = { items, data, model, manner, looks, signal };
    if (isDryRun) {
      const total = new Set(items.map(({ video }) => video)).size;
      const bar = context.progress().task("read videos", { total, unit: "videos" });
      const onProgress = (videos: number) => bar.update(videos);
      const { estimate, unasked } = await estimateMoments({ ...asked, price: flagged.price, onProgress });
      bar.finish();
      const planned = { command: `eval ${name}`, model: model.name, unasked, isPaid: flagged.isEndpoint };
      printEstimate(estimate, { ...planned, json: flags.json ?? false });
      return;
    }
    const output =
      flags.output ??
      join(
        "runs",
        evaluationName(name, { model: reference, profile: task, seed: flags.seed, limit }, shownName(manner)),
      );
    const bar = context.progress().task(`eval ${name}`, { total: items.length * looks.length, unit: "replies" });
    const onProgress = (done: number, problems: number) =>
      bar.update(done, problems === 0 ? undefined : `${problems} problems`);
    const run = await runMoments({ ...asked, benchmark: open, output, seed, onProgress });
    bar.finish();
    const problems = [...open.problems, ...run.problems];
    if (run.unasked === items.length)
      throw new Error(
        `None of ${items.length} questions could be asked. ${problemLines(problems).join(". ")}. Check --data.`,
      );
    const scores = scoreMomentLooks(looks, output, seed);
    const report = { open, items, manner, output, seed, scores, unasked: run.unasked, problems };
    const by = { model: model.name, fingerprint: model.fingerprint };
    if (flags.json) printMomentsJson(report, { ...by, usage: flagged.usage() });
    else {
      printMoments(report, model.name);
      const usage = flagged.usageLine();
      if (usage !== null) process.stderr.write(`${usage}\n`);
    }
  } finally {
    await model.dispose();
  }
}

function mannerOf(task: MomentManner["asks"]["task"], flags: EvalFlags): MomentManner {
  return momentManner(task, {
    prompt: flags.prompt,
    numbers: flags.numbers,
    ...(flags.sampler !== undefined && {
      sampler: oneOf("--sampler", Object.keys(samplers) as SamplerName[], flags.sampler),
    }),
    ...(flags.fps !== undefined && { fps: positiveNumber("--fps", flags.fps) }),
    ...(flags.frames !== undefined && { frames: wholeNumber("--frames", flags.frames) }),
    ...(flags.maxTokens !== undefined && { maxNewTokens: wholeNumber("--max-tokens", flags.maxTokens) }),
    style: {
      color: colorOf(flags.color ?? "red"),
      position: oneOf("--position", overlayPositions, flags.position ?? "bottom-right"),
      ...(flags.fontSize !== undefined && { fontSize: positiveNumber("--font-size", flags.fontSize) }),
    },
    habits: groundingHabits(flags.model),
  });
}

/** What moves the frames and the question, for the name of a run's folder. */
function shownName({ asks, numbers, shows }: MomentManner): string[] {
  return [asks.prompt, numbers ? "numbers" : "plain", shows.split(",")[0] ?? ""];
}

type Report = Readonly<{
  open: OpenMomentBenchmark;
  items: readonly MomentItem[];
  manner: MomentManner;
  output: string;
  seed: number;
  scores: readonly MomentLookScore[];
  unasked: number;
  problems: OpenMomentBenchmark["problems"];
}>;

function printMomentsJson({ open, manner, output, seed, scores, unasked, problems }: Report, by: object): void {
  const [video, ...others] = scores;
  const summary = {
    ...video?.score.summary,
    unparsed: video?.unparsed ?? null,
    ...Object.fromEntries(others.map(({ look, value }) => [look, value.value])),
    unasked,
  };
  printJson({
    ...{ command: "eval", benchmark: open.name, task: open.task, prompt: manner.asks.prompt, numbers: manner.numbers },
    ...{ sampler: manner.shows, frames: manner.frames, seed, ...by, output, truth: open.truth, summary },
    looks: scores.map(({ look, metric, value, unparsed, videoMinusThis, score }) => {
      return { look, metric, value, unparsed, videoMinusThis, summary: score.summary };
    }),
    problems,
  });
}

function printMoments({ open, items, manner, output, scores, unasked, problems }: Report, model: string): void {
  const part = items.length < open.items.length ? `${items.length} of ` : "";
  const looks = formatMomentLooks(scores);
  const lines = [
    `${open.title}, ${open.task}, ${model}, prompt ${manner.asks.prompt}, frames ${manner.shows}: ${part}${open.items.length} questions.`,
    scores[0]?.score.text ?? "",
    ...(looks === "" ? [] : ["", looks]),
    ...problemLines(problems).map((line) => `! ${line}`),
    `-> ${output} (zoetrope runs show ${output}, zoetrope score ${open.name} ${output})`,
    ...(unasked === 0 ? [] : [`${unasked} questions were not asked; the same command asks them again.`]),
  ];
  printText(lines.join("\n"));
}
