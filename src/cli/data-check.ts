/**
 * `zoetrope data check`: is a benchmark's folder complete, and do its videos open?
 */
import { existsSync } from "node:fs";
import type { Command } from "commander";
import { type BenchmarkCheck, benchmarkNamed, benchmarks, checkBenchmark, problemLines } from "../evals/index.ts";
import { type CommandContext, printJson, printText } from "./context.ts";
import { oneOf } from "./flags.ts";

const examples = `
Examples:
  $ zoetrope data check tempcompass TempCompass
  $ zoetrope data check video-mme Video-MME --json
  $ zoetrope data check mlvu MLVU --deep

Layouts:
${benchmarks.map(({ name, layout }) => `${name}\n${layout.replace(/^/gm, "  ")}`).join("\n")}

Videos are decoded, long ones by their key frames unless --deep is given. Annotations without any video are fine for
score. Exit status 0 whatever is found; 1 where there are no annotations.
`;

type CheckFlags = Readonly<{ profile?: string; deep?: boolean; json?: boolean }>;

export function registerDataCheck(data: Command, context: CommandContext): void {
  data
    .command("check")
    .description("coverage, missing, doubled and broken files of a benchmark's folder")
    .argument("<benchmark>", benchmarks.map(({ name }) => name).join(", "))
    .argument("<folder>", "where its files lie")
    .option("--profile <name>", "prompts and readers of which time (default: the benchmark's first)")
    .option("--deep", "decode every frame of every video")
    .option("--json", "print one JSON object on stdout")
    .addHelpText("after", examples)
    .action((name: string, folder: string, flags: CheckFlags) => runCheck({ name, folder, flags }, context));
}

type Asked = Readonly<{ name: string; folder: string; flags: CheckFlags }>;

async function runCheck({ name, folder, flags }: Asked, context: CommandContext): Promise<void> {
  const benchmark = benchmarkNamed(name);
  const profile = oneOf("--profile", benchmark.profiles, flags.profile ?? (benchmark.profiles[0] as string));
  if (!existsSync(folder)) throw new Error(`Expected a folder with ${benchmark.title}, got nothing at "${folder}".`);
  const open = benchmark.open(folder, profile);
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
  printText(textOf(benchmark.title, check));
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
