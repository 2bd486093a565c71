/**
 * `zoetrope runs list`: which runs there are, with their headline figure.
 */
import type { Command } from "commander";
import { defaultRuns, listRuns, percentText, type RunEntry, textTable } from "../evals/index.ts";
import { printJson, printText } from "./context.ts";

const examples = `
Examples:
  $ zoetrope runs list
  $ zoetrope runs list --benchmark tempcompass --model micro
  $ zoetrope runs list --runs ~/experiments --json

A run is a log (NAME.jsonl) in a folder below --runs. The score is the mean over samples of accuracy, IoU, mAP or SODA_c, in percent;
"runs show" has it with its interval. A run is broken off where samples are missing and nobody is writing it: the command that
began it goes on with it.
`;

type ListFlags = Readonly<{ runs: string; benchmark?: string; model?: string; json?: boolean }>;

export function registerRunsList(runs: Command): void {
  runs
    .command("list")
    .description("past runs, newest first")
    .option("--benchmark <text>", "only benchmarks whose name holds this")
    .option("-m, --model <text>", "only models whose name holds this")
    .option("--runs <folder>", "where runs lie", defaultRuns)
    .option("--json", "print one JSON object on stdout")
    .addHelpText("after", examples)
    .action((flags: ListFlags) => runList(flags));
}

function runList({ runs: folder, benchmark, model, json = false }: ListFlags): void {
  const { entries, faults } = listRuns(folder);
  const holds = (text: string, part: string | undefined) => part === undefined || text.includes(part);
  const shown = entries.filter(({ config }) => holds(config.benchmark, benchmark) && holds(config.model, model));
  if (json) {
    const count = (state: RunEntry["state"]) => shown.filter((each) => each.state === state).length;
    const summary = {
      runs: shown.length,
      complete: count("complete"),
      open: count("open"),
      brokenOff: count("broken off"),
      unreadable: faults.length,
    };
    printJson({ command: "runs list", folder, summary, runs: shown.map(entryJson), faults });
    return;
  }
  if (shown.length === 0)
    printText(`No runs in ${folder}. "zoetrope eval" makes them, "zoetrope runs import" brings logs in.`);
  else printText(textTable(["run", "task", "model", "samples", "score", "unparsed", "state", "begun"], shown.map(row)));
  for (const { message } of faults) printText(`! ${message}`);
}

function row({ name, config, counts, value, state, created }: RunEntry): string[] {
  const samples = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const of = config.coverage.samples;
  return [
    name,
    config.task,
    config.model,
    samples === of ? String(of) : `${samples} of ${of}`,
    `${config.metric} ${percentText(value)}`,
    String(counts.unparsed),
    state,
    created?.slice(0, 16).replace("T", " ") ?? "",
  ];
}

function entryJson({ name, path, config, created, counts, value, n, state }: RunEntry) {
  const { task, benchmark, profile, look, model, coverage, fingerprint } = config;
  const headline = { metric: config.metric, value, n };
  return {
    ...{ name, path, task, benchmark, profile, look, model, state, created, headline },
    ...{ coverage, counts, fingerprint: fingerprint.hash },
  };
}
