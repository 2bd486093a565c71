/**
 * `zoetrope data leakage`: which questions of a training file can be answered without captions, or without their order?
 */
import type { Command } from "commander";
import { Rng } from "../core/math/index.ts";
import { CONVERSATION_FORMATS, detectFormat } from "../data/index.ts";
import {
  askModel,
  type Check,
  CONDITIONS,
  type ConditionScore,
  checkLeakage,
  type ItemSample,
  type LeakageItem,
  type LeakageReport,
  type OrderCheck,
  sampleItems,
} from "../synthesis/index.ts";
import { type CommandContext, printJson, printText, thresholdStatus } from "./context.ts";
import { oneOf, wholeNumber } from "./flags.ts";
import { addModelFlags, type ModelFlags, openFlaggedModel } from "./model-flags.ts";
import { readingProgress } from "./reading-progress.ts";

const examples = `
Examples:
  $ zoetrope data leakage t3.json
  $ zoetrope data leakage t3.json --limit 20000 --strict
  $ zoetrope data leakage t3.json --model micro --ask 200 --json

Without a model: guessers that see question and options only (longest option, most frequent letter, a classifier of their
words trained on the other half, ...), one that sees the captions in no order, and a solver that reads the captions in
order and shuffled. A guesser that beats chance shows a leak; a solver as good on shuffled captions shows questions
that need no order. With --model the model is asked with captions in order, shuffled, and without.
Percentages carry 95 % intervals clustered by source; exit status 100 with --strict where a guesser beats chance.
`;

type LeakageFlags = ModelFlags &
  Readonly<{
    format?: string;
    limit: string;
    model?: string;
    ask: string;
    seed: string;
    strict?: boolean;
    json?: boolean;
  }>;

export function registerDataLeakage(data: Command, context: CommandContext): void {
  const command = data
    .command("leakage")
    .description("which questions need no captions, or not their order")
    .argument("<file>", "multiple-choice questions, such as T3's")
    .option("--format <format>", `${CONVERSATION_FORMATS.join(", ")} (default: told by the first row)`)
    .option("--limit <n>", "questions to check, drawn at random", "5000")
    .option("-m, --model <reference>", "also ask this model")
    .option("--ask <n>", "questions to ask the model, three times each", "300")
    .option("--seed <seed>", "of the drawing and the shuffling", "0")
    .option("--strict", "exit status 100 where a guesser beats chance")
    .option("--json", "print one JSON object on stdout");
  addModelFlags(command, { seesVideos: false })
    .addHelpText("after", examples)
    .action((file: string, flags: LeakageFlags) => runLeakage(file, flags, context));
}

async function runLeakage(file: string, flags: LeakageFlags, context: CommandContext): Promise<void> {
  const limit = wholeNumber("--limit", flags.limit);
  const ask = wholeNumber("--ask", flags.ask);
  const signal = context.interruptible("Stopping.");
  const { onOffset, finish } = readingProgress(context, "read", { path: file, signal });
  const format =
    flags.format === undefined ? await detectFormat(file) : oneOf("--format", CONVERSATION_FORMATS, flags.format);
  const rng = new Rng(`leakage/${flags.seed}`);
  const sample = await sampleItems(file, { format, limit, rng: rng.fork("sample"), onOffset });
  finish();
  if (sample.items.length === 0) {
    const why = Object.entries(sample.left).map(([reason, count]) => `${reason} ${count}`);
    throw new RangeError(
      `Expected multiple-choice questions in ${file}, got none (${why.join(", ")}). Pass rows with options.`,
    );
  }
  const report = checkLeakage(sample.items, rng.fork("checks"));
  const model =
    flags.model === undefined
      ? null
      : await scores(flags.model, sample.items.slice(0, ask), { rng, signal, context, flags });
  const leaks = report.checks.filter(({ beatsChance, sees }) => beatsChance && sees === "options");
  if (flags.json) printJson(asJson(file, { sample, report, model, leaks }));
  else printText(asText({ sample, report, model, leaks }));
  if (flags.strict && leaks.length > 0) process.exitCode = thresholdStatus;
}

type ModelScores = Readonly<{ model: string; fingerprint: string; scores: readonly ConditionScore[] }>;
type Asking = Readonly<{ rng: Rng; signal: AbortSignal; context: CommandContext; flags: LeakageFlags }>;

async function scores(
  reference: string,
  items: readonly LeakageItem[],
  { rng, signal, context, flags }: Asking,
): Promise<ModelScores> {
  const { model, usageLine } = await openFlaggedModel(reference, flags, context, { textOnly: true });
  try {
    const bar = context.progress().task(model.name, { total: CONDITIONS.length * items.length, unit: "questions" });
    const found = await askModel(model, items, {
      rng: rng.fork("model"),
      signal,
      onAsked: (count) => bar.update(count),
    });
    bar.finish(usageLine() ?? undefined);
    return { model: model.name, fingerprint: model.fingerprint, scores: found };
  } finally {
    await model.dispose();
  }
}

type Found = Readonly<{
  sample: ItemSample;
  report: LeakageReport;
  model: ModelScores | null;
  leaks: readonly Check[];
}>;

function asJson(file: string, { sample, report, model, leaks }: Found): Readonly<Record<string, unknown>> {
  const { n, chance, checks, order } = report;
  const all = order.at(-1);
  const best = checks
    .filter(({ sees }) => sees === "options")
    .reduce((a, b) => ((b.value ?? 0) > (a.value ?? 0) ? b : a));
  const of = (condition: string) => model?.scores.find((score) => score.condition === condition)?.value ?? null;
  const summary = {
    n,
    rows: sample.rows,
    chance,
    leaks: leaks.length,
    bestGuesser: best.name,
    bestGuess: best.value,
    solverInOrder: all?.inOrder.value ?? null,
    solverShuffled: all?.shuffled.value ?? null,
    ...(model && { modelInOrder: of("in order"), modelShuffled: of("shuffled"), modelBlind: of("no captions") }),
  };
  return { command: "data leakage", file, summary, left: sample.left, checks, order, model };
}

function asText({ sample, report, model, leaks }: Found): string {
  const left = Object.entries(sample.left).map(([reason, count]) => `${count} rows left out: ${reason}`);
  const lines = [
    `${report.n} questions of ${sample.rows} rows; chance ${percent(report.chance)}`,
    ...left,
    "",
    "without captions:",
  ];
  for (const check of report.checks) lines.push(checkLine(check));
  lines.push("", "solver on captions in order -> shuffled:", ...report.order.map(orderLine));
  if (report.order.length === 0) lines.push("  no question shows more than one caption");
  if (model) {
    lines.push("", `${model.model}:`, ...model.scores.map(modelLine));
  }
  lines.push("", verdict(leaks));
  return lines.join("\n");
}

function checkLine({ name, sees, value, low, high, beatsChance }: Check): string {
  const mark = beatsChance ? "  beats chance" : "";
  const label = sees === "options" ? name : `${name} (sees ${sees})`;
  return `  ${label.padEnd(54)} ${interval(value, low, high)}${mark}`;
}

function orderLine({ family, n, unsolved, chance, inOrder, shuffled }: OrderCheck): string {
  const order = interval(shuffled.value, shuffled.low, shuffled.high);
  return `  ${family.padEnd(20)} ${percent(inOrder.value)} -> ${order}; chance ${percent(chance)}, n ${n}, not understood ${unsolved}`;
}

function modelLine({ condition, n, unparsed, value, low, high, difference }: ConditionScore): string {
  const lost = difference
    ? `; in order minus this ${points(difference.value)} [${points(difference.low)}, ${points(difference.high)}] points`
    : "";
  return `  ${condition.padEnd(12)} ${interval(value, low, high)}, n ${n}, unparsed ${unparsed}${lost}`;
}

function verdict(leaks: readonly Check[]): string {
  if (leaks.length === 0) return "No guesser beats chance: nothing shows that answers leak from questions and options.";
  const names = leaks.map(({ name }) => name).join(", ");
  return `Answers leak from questions and options: ${names}. Look at options that are never or always right.`;
}

const percent = (value: number | null) => (value === null ? "-" : `${value.toFixed(1)} %`);
const points = (value: number | null) => (value === null ? "-" : value.toFixed(1));
const interval = (value: number | null, low: number | null, high: number | null) =>
  `${percent(value)} [${points(low)}, ${points(high)}]`;
