/**
 * `zoetrope runs rescore`: the replies of a run read and scored anew, beside what was recorded; or as other code bases would.
 */
import { existsSync } from "node:fs";
import type { Command } from "commander";
import { type MomentConvention, momentConventions } from "../core/metrics/index.ts";
import { type SpanPreset, spanPresets } from "../core/text/index.ts";
import {
  defaultRuns,
  denseConventions,
  type GroundingRules,
  groundingRules,
  letterRules,
  parsersOf,
  type Rereading,
  type RunConfig,
  type RunRow,
  readRun,
  replayPreset,
  replayPresets,
  rereadConfig,
  rereadRow,
  resolveRun,
  scoreLog,
  writeRun,
} from "../evals/index.ts";
import { type CommandContext, printJson, printText } from "./context.ts";
import { oneOf, positiveNumber, seedNumber } from "./flags.ts";
import { type LoadedRun, replayAs } from "./runs-replay.ts";
import { rescoredOf, rescoreTable, spreadOf, spreadText } from "./runs-rescore-table.ts";

const conventionNames = Object.keys(momentConventions) as MomentConvention[];
const examples = `
Examples:
  $ zoetrope runs rescore my-run
  $ zoetrope runs rescore my-run --parser lmms-eval
  $ zoetrope runs rescore import-timechat --convention strict --parser timelens -o timechat-strict.jsonl
  $ zoetrope runs rescore my-run --as all
  $ zoetrope runs rescore my-run --as vlmevalkit qwen --ask-again again.jsonl --json

No model is asked. Without flags the replies are read by every parser that fits, beside what was recorded. --as reads them by another
code base's rules and says for how many samples it would have shown other frames; replies to those are not known, so they would
have to be asked again (--ask-again lists them with their frames).
Presets: ${replayPresets.map(({ name, shows }) => `${name} (${shows})`).join("; ")}.
`;

type RescoreFlags = Readonly<{
  runs: string;
  parser?: string;
  convention?: string;
  unit?: string;
  frameRate?: string;
  metric?: string;
  as?: readonly string[];
  askAgain?: string;
  output?: string;
  replace?: boolean;
  seed: string;
  json?: boolean;
}>;

export function registerRunsRescore(runs: Command, context: CommandContext): void {
  runs
    .command("rescore")
    .description("read and score a run's replies anew, as others would, without asking")
    .argument("<run>", "a log, its folder, or its name below --runs")
    .option(
      "--parser <name>",
      `choices: the benchmark's own or ${letterRules.join(", ")}; moments: ours, ${spanPresets.join(", ")}`,
    )
    .option("--convention <name>", `moments: ${conventionNames.join(", ")}; captions: strict, vtimellm`)
    .option("--unit <name>", "moments: what bare numbers count: seconds, frames or percent")
    .option("--frame-rate <n>", "moments: frames a second of the numbers that the model saw")
    .option("--metric <name>", "the metric of the paired difference (default: the run's)")
    .option("--as <presets...>", `as another code base: ${replayPresets.map(({ name }) => name).join(", ")} or all`)
    .option("--ask-again <file>", "with --as: write the samples that would have to be asked again, with their frames")
    .option("-o, --output <log>", "write the run as it reads now")
    .option("--replace", "overwrite a run that is there")
    .option("--runs <folder>", "where runs lie", defaultRuns)
    .option("--seed <n>", "seed of the intervals", "0")
    .option("--json", "print one JSON object on stdout")
    .addHelpText("after", examples)
    .action((reference: string, flags: RescoreFlags) => runRescore(reference, flags, context));
}

async function runRescore(reference: string, flags: RescoreFlags, context: CommandContext): Promise<void> {
  const path = resolveRun(reference, flags.runs);
  const { config, rows: read } = readRun(path);
  const rows = [...read];
  const seed = seedNumber("--seed", flags.seed);
  const run = { path, config, rows, seed, metric: flags.metric ?? config.metric, json: flags.json ?? false };
  if (flags.as !== undefined) {
    const presets = flags.as.includes("all") ? replayPresets : flags.as.map(replayPreset);
    await replayAs(run, { presets, askAgain: flags.askAgain }, context);
    return;
  }
  if (flags.askAgain !== undefined) throw new RangeError("Expected --as with --ask-again, got none. Name a preset.");
  const chosen = chosenReading(config, flags);
  if (chosen === null) {
    if (flags.output !== undefined)
      throw new RangeError("Expected --parser or --convention with -o, got neither. Name one.");
    reportAll(run);
    return;
  }
  const again = rows.map((row) => rereadRow(row, config, chosen));
  if (flags.output !== undefined) {
    if (existsSync(flags.output) && !flags.replace)
      throw new Error(`Expected no run at ${flags.output}, got one. Pass --replace to overwrite it, or another -o.`);
    writeRun(flags.output, { config: rereadConfig(config, chosen, path), rows: again });
  }
  reportOne(run, again, chosen, flags.output);
}

/** What the flags ask for; null: nothing in particular. */
function chosenReading(config: RunConfig, { parser, convention, unit, frameRate }: RescoreFlags): Rereading | null {
  if (config.task === "choice") {
    if (convention !== undefined || unit !== undefined || frameRate !== undefined)
      throw new RangeError("Expected --parser for a run of choices, got a flag for moments. Leave it out.");
    return parser === undefined ? null : { task: "choice", parser };
  }
  if (config.task !== "grounding") {
    const given = Object.entries({ parser, unit, "frame-rate": frameRate }).find(([, value]) => value !== undefined);
    if (given)
      throw new RangeError(
        `Expected no --${given[0]} for a run of ${config.task}, whose predictions are kept as they were read. Leave it out.`,
      );
    if (convention === undefined) return null;
    if (config.task !== "captions")
      throw new RangeError("Expected no --convention for QVHighlights, whose report knows one only. Leave it out.");
    return { task: "captions", convention: oneOf("--convention", denseConventions, convention) };
  }
  if ([parser, convention, unit, frameRate].every((flag) => flag === undefined)) return null;
  const recorded = groundingRules(config);
  const reads = parser === undefined ? undefined : oneOf("--parser", ["ours", ...spanPresets] as const, parser);
  const rules: GroundingRules = {
    convention: convention === undefined ? recorded.convention : oneOf("--convention", conventionNames, convention),
    units: {
      unit: unit === undefined ? recorded.units.unit : oneOf("--unit", ["seconds", "frames", "percent"] as const, unit),
      frameRate: frameRate === undefined ? recorded.units.frameRate : positiveNumber("--frame-rate", frameRate),
    },
    ...(reads !== undefined && { reads: reads === "ours" ? null : (reads as SpanPreset) }),
  };
  return { task: "grounding", rules };
}

/** Every reading that fits, in one table. */
function reportAll({ path, config, rows, seed, metric, json }: LoadedRun): void {
  const readings = allReadings(config, rows);
  const recorded = rescoredOf("recorded", rows, { base: rows, metric, seed });
  const others = readings.map(({ name, how }) =>
    rescoredOf(
      name,
      rows.map((row) => rereadRow(row, config, how)),
      { base: rows, metric, seed },
    ),
  );
  const score = readings.length === 0 || config.task === "captions" ? scoreLog(config, rows, { seed }) : null;
  const spread = spreadOf(recorded, others);
  if (json) {
    const { partial, ...figures } = spread;
    const summary = { recorded: recorded.value, ...figures, readings: others.length, partial: partial.join(", ") };
    printJson({
      command: "runs rescore",
      path,
      summary,
      metric,
      recorded,
      rescored: others,
      ...(score && { score: score.summary }),
    });
    return;
  }
  const table = rescoreTable([recorded, ...others], metric);
  printText([`${path}: ${config.benchmark}, ${config.model}`, "", table, "", ...spreadText(spread)].join("\n"));
  if (score) printText(score.text);
}

function reportOne(
  { path, config, rows, seed, metric, json }: LoadedRun,
  again: readonly RunRow[],
  how: Rereading,
  output: string | undefined,
): void {
  const name = nameOf(how);
  const [recorded, rescored] = [
    rescoredOf("recorded", rows, { base: rows, metric, seed }),
    rescoredOf(name, again, { base: rows, metric, seed }),
  ];
  const score = scoreLog(rereadConfig(config, how, path), again, { seed });
  if (json) {
    const { value, low, high } = rescored;
    const summary = {
      recorded: recorded.value,
      rescored: value,
      low,
      high,
      n: rescored.n,
      unparsed: rescored.unparsed,
      difference: rescored.difference?.value ?? null,
    };
    printJson({
      command: "runs rescore",
      path,
      summary,
      metric,
      output: output ?? null,
      recorded,
      rescored,
      score: score?.summary ?? null,
    });
    return;
  }
  printText(
    [`${path}: ${config.benchmark}, ${config.model}`, "", rescoreTable([recorded, rescored], metric)].join("\n"),
  );
  if (score && config.task !== "choice") printText(`\n${score.text}`);
  if (output !== undefined) printText(`-> ${output}`);
}

function nameOf(how: Rereading): string {
  switch (how.task) {
    case "choice":
      return how.parser;
    case "captions":
      return `convention ${how.convention}`;
    case "grounding":
      return `${how.rules.convention}${how.rules.reads === undefined ? "" : `, ${how.rules.reads ?? "ours"}`}`;
    default:
      return how satisfies never;
  }
}

function allReadings(config: RunConfig, rows: readonly RunRow[]): Readonly<{ name: string; how: Rereading }>[] {
  if (config.task === "choice")
    return parsersOf(config, rows).map((parser) => ({ name: parser, how: { task: "choice", parser } }));
  if (config.task === "captions")
    return denseConventions.map((convention) => {
      const how = { task: "captions" as const, convention };
      return { name: nameOf(how), how };
    });
  if (config.task !== "grounding") return [];
  const { units } = groundingRules(config);
  const isText = rows.some(({ resps }) => typeof resps[0]?.[0] === "string");
  const hasDurations = rows.every(({ doc }) => typeof doc.duration === "number");
  const possible = (name: string) => hasDurations || !isText || name !== "vtimellm";
  const conventions = conventionNames.filter(possible).map((convention) => ({
    name: `convention ${convention}`,
    how: { task: "grounding" as const, rules: { convention, units } },
  }));
  const parsers = isText
    ? spanPresets.filter(possible).map((reads) => ({
        name: `strict, read as ${reads}`,
        how: { task: "grounding" as const, rules: { convention: "strict" as const, units, reads } },
      }))
    : [];
  return [...conventions, ...parsers];
}
