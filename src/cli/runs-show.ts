/**
 * `zoetrope runs show`: the figures of a run as its log records them and what they depend on, or one of its samples.
 */
import type { Command } from "commander";
import {
  defaultRuns,
  type FingerprintPart,
  figuresOf,
  intervalText,
  type MetricEstimates,
  type Outcome,
  outcomeOf,
  percentText,
  type RunConfig,
  type RunFigures,
  type RunRow,
  readRun,
  resolveRun,
  textTable,
} from "../evals/index.ts";
import { printJson, printText } from "./context.ts";
import { seedNumber } from "./flags.ts";
import { sampleText } from "./runs-sample.ts";

const examples = `
Examples:
  $ zoetrope runs show eval-world-compass-official-micro-linspace8-seed0
  $ zoetrope runs show my-run/blind --json
  $ zoetrope runs show my-run --sample yes_no/video-3/order/0

RUN is a log, its folder, or its name below --runs ("RUN/blind" for another look than the video). Figures are the recorded ones;
"runs rescore" reads the replies anew.
`;

type ShowFlags = Readonly<{ runs: string; sample?: string; seed: string; json?: boolean }>;

export function registerRunsShow(runs: Command): void {
  runs
    .command("show")
    .description("figures of a run and what they depend on, or one sample: prompt, reply, parse, frames")
    .argument("<run>", "a log, its folder, or its name below --runs")
    .option("--sample <id>", "show this sample")
    .option("--runs <folder>", "where runs lie", defaultRuns)
    .option("--seed <n>", "seed of the intervals", "0")
    .option("--json", "print one JSON object on stdout")
    .addHelpText("after", examples)
    .action((reference: string, flags: ShowFlags) => runShow(reference, flags));
}

function runShow(reference: string, { runs, sample, seed, json = false }: ShowFlags): void {
  const path = resolveRun(reference, runs);
  if (sample !== undefined) {
    showSample(path, sample, json);
    return;
  }
  const { config, created, rows } = readRun(path);
  const outcomes: Outcome[] = [];
  for (const row of rows) outcomes.push(outcomeOf(row));
  const figures = figuresOf(outcomes, { seed: seedNumber("--seed", seed) });
  if (json) {
    const { fingerprint, ...run } = config;
    printJson({
      command: "runs show",
      path,
      summary: summaryOf(outcomes.length, figures),
      created,
      ...run,
      fingerprint,
      ...figures,
    });
    return;
  }
  printText(showText(path, { config, created, figures, samples: outcomes.length }));
}

function summaryOf(samples: number, { counts, metrics }: RunFigures): Record<string, number | null> {
  const values = Object.entries(metrics).flatMap(([name, { value, low, high, n }]) => [
    [name, value],
    [`${name}Low`, low],
    [`${name}High`, high],
    [`${name}N`, n],
  ]);
  return { samples, ...Object.fromEntries(values), ...counts };
}

type Shown = Readonly<{ config: RunConfig; created: string | null; figures: RunFigures; samples: number }>;

function showText(path: string, { config, created, figures, samples }: Shown): string {
  const { benchmark, profile, look, model, coverage, fingerprint, imported } = config;
  const { counts, metrics, groups } = figures;
  const read = Object.entries(counts).filter(([, count]) => count > 0);
  const parts = Object.entries(fingerprint.parts).filter(([, value]) => value !== null);
  const unknown = Object.entries(fingerprint.parts).filter(([, value]) => value === null);
  const source = imported ? [`Brought in from ${imported.file} (${imported.format}).`] : [];
  return [
    `${path}: ${benchmark}${profile === null ? "" : ` ${profile}`}, ${look}, ${model}${created ? `, begun ${created.slice(0, 16).replace("T", " ")}` : ""}`,
    `${samples} of ${coverage.samples} samples (${coverage.of} in the benchmark): ${read.map(([status, count]) => `${count} ${status}`).join(", ")}.`,
    ...source,
    "",
    textTable(["recorded", "%", "95 %", "n"], metricRows(metrics)),
    // A grouping into one group says what the first table says.
    ...Object.entries(groups)
      .filter(([, byName]) => Object.keys(byName).length > 1)
      .flatMap(([grouping, byName]) => [
        "",
        textTable(
          [grouping, "%", "95 %", "n"],
          Object.entries(byName).flatMap(([name, own]) => metricRows(own, name)),
        ),
      ]),
    "",
    `fingerprint ${fingerprint.hash}`,
    ...parts.map(([part, value]) => `  ${part.padEnd(10)} ${value}`),
    ...(unknown.length === 0 ? [] : [`  not told:  ${unknown.map(([part]) => part as FingerprintPart).join(", ")}`]),
    "",
    "Unparsed replies count as wrong. Intervals are 95 %, resampled by video.",
  ].join("\n");
}

/** A row a metric; a group with one metric is named for the group alone. */
function metricRows(metrics: MetricEstimates, group?: string): string[][] {
  const entries = Object.entries(metrics);
  return entries.map(([name, { value, low, high, n }]) => {
    const label = group === undefined ? name : entries.length === 1 ? group : `${group}: ${name}`;
    return [label, percentText(value), intervalText(low, high), String(n)];
  });
}

function showSample(path: string, id: string, json: boolean): void {
  const { config, row } = findSample(path, id);
  if (json) {
    const { parse, frames } = row.temporal;
    const summary = { doc_id: row.doc_id, frames: frames?.length ?? null, status: parse.status, rule: parse.rule };
    printJson({ command: "runs show", path, summary, sample: row });
    return;
  }
  printText(sampleText(row, config));
}

/** By id, or by the place in the benchmark where no id is spelt like that. */
function findSample(path: string, id: string): { config: RunConfig; row: RunRow } {
  const { config, rows } = readRun(path);
  let byPlace: RunRow | undefined;
  const some: string[] = [];
  for (const row of rows) {
    if (row.doc.id === id) return { config, row };
    if (String(row.doc_id) === id) byPlace = row;
    if (some.length < 3) some.push(row.doc.id);
  }
  if (byPlace) return { config, row: byPlace };
  throw new Error(
    `Expected a sample of ${path} (${some.join(", ")}, ...), got "${id}". Pass an id or the place in the benchmark.`,
  );
}
