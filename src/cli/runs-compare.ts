/**
 * `zoetrope runs compare`: first in what two runs differ, then by how much, on the samples that both have.
 */
import type { Command } from "commander";
import {
  type Comparison,
  compareOutcomes,
  defaultRuns,
  fingerprintDifferences,
  fingerprintParts,
  intervalText,
  type Outcome,
  outcomeOf,
  type PartDifference,
  partNames,
  percentText,
  type RunConfig,
  readRun,
  resolveRun,
  signedText,
  textTable,
} from "../evals/index.ts";
import { printJson, printText } from "./context.ts";
import { oneOf, seedNumber } from "./flags.ts";

const examples = `
Examples:
  $ zoetrope runs compare eval-tvbench-a eval-tvbench-b
  $ zoetrope runs compare my-run my-run/blind
  $ zoetrope runs compare import-timechat import-vtimellm --metric iou@0.5 --json

A sample is common where id, annotation and target agree. Right or wrong is tested with McNemar's exact test, which takes samples for
independent; every difference has a paired bootstrap interval that resamples videos, and a sign test over videos.
`;

type CompareFlags = Readonly<{ runs: string; metric?: string; seed: string; json?: boolean }>;
type Read = Readonly<{ path: string; config: RunConfig; outcomes: readonly Outcome[] }>;

export function registerRunsCompare(runs: Command): void {
  runs
    .command("compare")
    .description("in what two runs differ, and a paired test on the samples that both have")
    .argument("<a>", "a run: a log, its folder, or its name below --runs")
    .argument("<b>", "another one; differences are B minus A")
    .option(
      "--metric <name>",
      "accuracy, iou, iou@0.3, iou@0.5, iou@0.7, map, hit1, soda_c, ... (default: all in common)",
    )
    .option("--runs <folder>", "where runs lie", defaultRuns)
    .option("--seed <n>", "seed of the intervals", "0")
    .option("--json", "print one JSON object on stdout")
    .addHelpText("after", examples)
    .action((a: string, b: string, flags: CompareFlags) => runCompare(a, b, flags));
}

function runCompare(first: string, second: string, { runs, metric, seed, json = false }: CompareFlags): void {
  const [a, b] = [read(resolveRun(first, runs)), read(resolveRun(second, runs))];
  if (a.config.task !== b.config.task)
    throw new Error(
      `Expected two runs of one task, got ${a.config.task} and ${b.config.task}. Compare runs of one kind.`,
    );
  const inBoth = metricsOf(a.outcomes).filter((name) => metricsOf(b.outcomes).includes(name));
  if (inBoth.length === 0) throw new Error(`Expected a metric that both runs have, got none (${a.path}, ${b.path}).`);
  const headline =
    metric === undefined
      ? (inBoth.find((name) => name === a.config.metric) ?? (inBoth[0] as string))
      : oneOf("--metric", inBoth, metric);
  const others = metric === undefined ? inBoth.filter((name) => name !== headline) : [];
  const options = { seed: seedNumber("--seed", seed) };
  const comparisons = [headline, ...others].map((name) =>
    compareOutcomes(a.outcomes, b.outcomes, { ...options, metric: name }),
  );
  const differences = fingerprintDifferences(a.config.fingerprint, b.config.fingerprint);
  if (json) {
    const summary = summaryOf(comparisons[0] as Comparison, differences);
    const named = ({ path, config, outcomes }: Read) => ({
      path,
      model: config.model,
      fingerprint: config.fingerprint,
      samples: outcomes.length,
    });
    printJson({ command: "runs compare", summary, a: named(a), b: named(b), differences, comparisons });
    return;
  }
  printText(compareText(a, b, { differences, comparisons }));
}

function read(path: string): Read {
  const { config, rows } = readRun(path);
  return { path, config, outcomes: Array.from(rows, outcomeOf) };
}

function metricsOf(outcomes: readonly Outcome[]): string[] {
  return [...new Set(outcomes.flatMap(({ values }) => Object.keys(values)))];
}

function summaryOf(
  { metric, n, onlyA, onlyB, changed, a, b, difference, videos, mcnemar, unparsed }: Comparison,
  differences: readonly PartDifference[],
) {
  return {
    ...{ metric, n, onlyA, onlyB, changed, a: a.value, b: b.value },
    ...{ difference: difference.value, low: difference.low, high: difference.high },
    ...{ p: mcnemar?.p ?? videos.p, pVideos: videos.p, unparsedA: unparsed.a, unparsedB: unparsed.b },
    differs: differences.map(({ part }) => part).join(", "),
  };
}

type Found = Readonly<{ differences: readonly PartDifference[]; comparisons: readonly Comparison[] }>;

function compareText(a: Read, b: Read, { differences, comparisons }: Found): string {
  const [first] = comparisons as readonly [Comparison, ...Comparison[]];
  const { n, onlyA, onlyB, changed, uncounted, mcnemar, videos, unparsed, metric } = first;
  const left = [
    onlyA > 0 ? `${onlyA} only in A` : "",
    onlyB > 0 ? `${onlyB} only in B` : "",
    changed > 0 ? `${changed} with another annotation` : "",
    uncounted > 0 ? `${uncounted} that do not count in one of them` : "",
  ].filter((text) => text !== "");
  const rows = comparisons.map((each) => [
    each.metric,
    ...[each.a, each.b].flatMap(({ value, low, high }) => [percentText(value), intervalText(low, high)]),
    signedText(each.difference.value),
    intervalText(each.difference.low, each.difference.high),
    String(each.n),
  ]);
  return [
    `A  ${a.path}: ${a.config.model}`,
    `B  ${b.path}: ${b.config.model}`,
    "",
    ...differencesText(a.config, b.config, differences),
    "",
    `${n} common samples${left.length === 0 ? "" : ` (left out: ${left.join(", ")})`}; unparsed ${unparsed.a} in A, ${unparsed.b} in B.`,
    "",
    textTable(["", "A", "95 %", "B", "95 %", "B - A", "95 %", "n"], rows),
    "",
    ...(mcnemar === null
      ? []
      : [
          `${metric}: both right ${mcnemar.both}, only A ${mcnemar.onlyA}, only B ${mcnemar.onlyB}, neither ${mcnemar.neither}; McNemar's exact p = ${pText(mcnemar.p)}.`,
        ]),
    `By video: B ahead in ${videos.ahead}, behind in ${videos.behind} of ${first.difference.clusters}; sign test p = ${pText(videos.p)}.`,
    "Percent; differences in points, paired. Intervals are 95 %, resampled by video.",
  ].join("\n");
}

function differencesText(a: RunConfig, b: RunConfig, differences: readonly PartDifference[]): string[] {
  const known = differences.filter(({ isUnknown }) => !isUnknown);
  const unknown = differences.filter(({ isUnknown }) => isUnknown).map(({ part }) => part);
  const same = partNames.filter(
    (part) => a.fingerprint.parts[part] !== null && a.fingerprint.parts[part] === b.fingerprint.parts[part],
  );
  const lines = known.flatMap(({ part, a: x, b: y }) => [
    `  ${part} (${fingerprintParts[part]})`,
    `    A ${x}`,
    `    B ${y}`,
  ]);
  const causes = known.filter(({ part }) => part !== "coverage" && part !== "data");
  return [
    ...(known.length === 0 ? ["They differ in nothing that both logs tell."] : ["They differ in", ...lines]),
    ...(unknown.length === 0 ? [] : [`Only one log tells: ${unknown.join(", ")}. They may differ there too.`]),
    ...(same.length === 0 ? [] : [`The same: ${same.join(", ")}.`]),
    ...(causes.length > 1
      ? [`${causes.length} things differ at once: what follows cannot say which of them it is.`]
      : []),
  ];
}

function pText(p: number | null): string {
  if (p === null) return "-";
  return p < 0.0001 ? "< 0.0001" : p.toFixed(4);
}
