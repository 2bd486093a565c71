/**
 * `zoetrope runs export`: a run in another tool's layout.
 */
import type { Command } from "commander";
import { writeAtomically } from "../core/files/index.ts";
import { defaultRuns, exportFormats, exportLines, readRun, resolveRun } from "../evals/index.ts";
import { printJson } from "./context.ts";
import { oneOf } from "./flags.ts";

const examples = `
Examples:
  $ zoetrope runs export my-run --to csv -o my-run.csv
  $ zoetrope runs export my-run --to lmms-eval -o 20260801_120000_samples_tvbench.jsonl
  $ zoetrope runs export import-timechat --to qvhighlights | head -3

lmms-eval: sample log, with "temporal" beside its own keys. qvhighlights: a submission. vtimellm: its log; spans without text become two
digits, hundredths of the video. csv: a line a sample. Without -o the text goes to stdout.
`;

type ExportFlags = Readonly<{ to: string; output?: string; runs: string; json?: boolean }>;

export function registerRunsExport(runs: Command): void {
  runs
    .command("export")
    .description("a run in another tool's layout")
    .argument("<run>", "a log, its folder, or its name below --runs")
    .requiredOption("--to <format>", exportFormats.join(", "))
    .option("-o, --output <file>", "where to write (default: stdout)")
    .option("--runs <folder>", "where runs lie", defaultRuns)
    .option("--json", "with -o: print one JSON object on stdout")
    .addHelpText("after", examples)
    .action((reference: string, flags: ExportFlags) => runExport(reference, flags));
}

function runExport(reference: string, { to, output, runs, json = false }: ExportFlags): void {
  const format = oneOf("--to", exportFormats, to);
  if (json && output === undefined)
    throw new RangeError("Expected -o with --json, got none: stdout cannot hold both. Name a file.");
  const path = resolveRun(reference, runs);
  const skipped = new Map<string, number>();
  let lines = 0;
  const counted = function* () {
    const onSkipped = (_: string, reason: string) => void skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
    for (const line of exportLines(readRun(path), format, onSkipped)) {
      lines++;
      yield line;
    }
  };
  if (output === undefined) for (const line of counted()) process.stdout.write(line);
  else writeAtomically(output, counted());
  const left = [...skipped].map(([reason, count]) => `${count} samples left out: ${reason}`);
  if (json) {
    const total = [...skipped.values()].reduce((sum, count) => sum + count, 0);
    printJson({
      command: "runs export",
      path,
      format,
      output,
      summary: { lines, skipped: total },
      skipped: Object.fromEntries(skipped),
    });
    return;
  }
  for (const text of left) process.stderr.write(`! ${text}\n`);
  if (output !== undefined) process.stderr.write(`${lines} lines (${format}) -> ${output}\n`);
}
