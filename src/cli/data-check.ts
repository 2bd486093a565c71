/**
 * `zoetrope data check`: is a benchmark's folder complete, and do its videos open?
 */
import { existsSync } from "node:fs";
import type { Command } from "commander";
import {
  type BenchmarkCheck,
  benchmarkNamed,
  benchmarks,
  checkBenchmark,
  evaluatedMoments,
  problemLines,
} from "../evals/index.ts";
import { type CommandContext, printJson, printText } from "./context.ts";
import { isMomentBenchmark, momentBenchmarkNamed } from "./eval-moments.ts";
import { oneOf } from "./flags.ts";

const examples = `
Examples:
  $ zoetrope data check tempcompass TempCompass
  $ zoetrope data check video-mme Video-MME --json
  $ zoetrope data check mlvu MLVU --deep
  $ zoetrope data check charades-sta Charades

Layouts:
${[...benchmarks, ...evaluatedMoments].map(({ name, layout }) => `${name}\n${layout.replace(/^/gm, "  ")}`).join("\n")}

Videos are decoded, long ones by their key frames unless --deep is given. Annotations without any video are fine for
score. Exit status 0 whatever is found; 1 where there are no annotations.
`;

type CheckFlags = Readonly<{ profile?: string; truth?: string; subset?: string; deep?: boolean; json?: boolean }>;

export function registerDataCheck(data: Command, context: CommandContext): void {
  data
    .command("check")
    .description("coverage, missing, doubled and broken files of a benchmark's folder")
    .argument("<benchmark>", [...benchmarks, ...evaluatedMoments].map(({ name }) => name).join(", "))
    .argument("<folder>", "where its files lie")
    .option("--profile <name>", "prompts and readers of which time (default: the benchmark's first)")
    .option("--truth <file>", "moments: annotations (default: found in the folder)")
    .option("--subset <name>", "youcook2: a subset of its annotations (default: validation)")
    .option("--deep", "decode every frame of every video")
    .option("--json", "print one JSON object on stdout")
    .addHelpText("after", examples)
    .action((name: string, folder: string, flags: CheckFlags) => runCheck({ name, folder, flags }, context));
}

type Asked = Readonly<{ name: string; folder: string; flags: CheckFlags }>;

async function runCheck({ name, folder, flags }: Asked, context: CommandContext): Promise<void> {
  const { title, open } = openFolder(name, folder, flags);
  const bar = context
    .progress()
    .task("open videos", { total: new Set(open.items.map(({ video }) => video)).size, unit: "videos" });
  const signal = context.interruptible("Stopping.");
  const check = await checkBenchmark(open, folder, {
    ...(flags.deep !== undefined && { deep: flags.deep }),
    signal,
    onProgress: (done) => bar.update(done),
  });
  bar.finish();
  if (flags.json) {
    const { items, askable, videos } = check;
    const summary = { items, askable, ...videos, problems: check.problems.length };
    printJson({ command: "data check", benchmark: name, folder, summary, ...check });
    return;
  }
  printText(textOf(title, check));
}

/** The annotations of a benchmark of choices or of moments. */
function openFolder(name: string, folder: string, { profile, truth, subset }: CheckFlags) {
  if (!isMomentBenchmark(name)) {
    const benchmark = benchmarkNamed(name);
    const wanted = oneOf("--profile", benchmark.profiles, profile ?? (benchmark.profiles[0] as string));
    checkThere(folder, benchmark.title);
    return { title: benchmark.title, open: benchmark.open(folder, wanted) };
  }
  const benchmark = momentBenchmarkNamed(name);
  checkThere(folder, benchmark.title);
  const [task] = benchmark.tasks as [(typeof benchmark.tasks)[number]];
  return { title: benchmark.title, open: benchmark.open(folder, { task, truth, subset }) };
}

function checkThere(folder: string, title: string): void {
  if (!existsSync(folder)) throw new Error(`Expected a folder with ${title}, got nothing at "${folder}".`);
}

function textOf(title: string, { items, groups, videos, askable, problems }: BenchmarkCheck): string {
  const [first, counts] = Object.entries(groups)[0] ?? ["", {}];
  const listed = Object.entries(counts).map(([group, count]) => `${group} ${count}`);
  const { wanted, found, missing, unreadable, damaged, extra } = videos;
  return [
    `${title}: ${items} items${listed.length === 0 ? "" : ` by ${first}: ${listed.join(", ")}`}`,
    `videos: ${found} of ${wanted} found, ${missing} missing, ${unreadable} unreadable, ${damaged} damaged, ${extra} unasked`,
    `${askable} of ${items} items can be asked${found === 0 ? "; predictions can be scored without videos" : ""}`,
    ...problemLines(problems).map((line) => `! ${line}`),
  ].join("\n");
}
