/**
 * `npm run bench [-- NAME [--flags]]`: run one bench or all, each in a process of its own, and print one JSON object with
 * the machine and the commit. A bench is a file bench/*.bench.ts that exports `name` and `run`; flags are passed on to it.
 */
import { execFileSync, spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Bench, Figures } from "./bench.ts";

const childFlag = "--in-this-process";

async function main(args: readonly string[]): Promise<void> {
  if (args[0] === childFlag) return runHere(args[1] as string, args.slice(2));
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith(".bench.ts"));
  const names = files.map((file) => basename(file, ".bench.ts"));
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(
      `npm run bench                      every bench, one after the other\nnpm run bench -- NAME [--flags]   one of ${names.join(", ")}\n`,
    );
    return;
  }
  const chosen = args[0]?.startsWith("--") ? undefined : args[0];
  if (chosen !== undefined && !names.includes(chosen)) {
    throw new RangeError(`Expected a bench of ${names.join(", ")}, got "${chosen}".`);
  }
  const flags = chosen === undefined ? args : args.slice(1);
  const benches: Record<string, Figures> = {};
  for (const name of chosen === undefined ? names : [chosen]) {
    process.stderr.write(`${name} ...\n`);
    benches[name] = await runApart(name, flags);
  }
  process.stdout.write(`${JSON.stringify({ machine: machine(), commit: commit(), benches }, null, 2)}\n`);
}

/** Run a bench in a new process, so that its peak memory is its own. */
async function runApart(name: string, flags: readonly string[]): Promise<Figures> {
  const child = spawn(process.execPath, [...process.execArgv, import.meta.filename, childFlag, name, ...flags], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  for await (const part of child.stdout) text += String(part);
  if (child.exitCode === null) await new Promise((resolve) => child.once("exit", resolve));
  if (child.exitCode !== 0)
    throw new Error(`Bench "${name}" ended with code ${child.exitCode}. Its error stands above.`);
  return JSON.parse(text.trim().split("\n").at(-1) ?? "") as Figures;
}

async function runHere(name: string, flags: readonly string[]): Promise<void> {
  const url = pathToFileURL(join(import.meta.dirname, `${name}.bench.ts`)).href;
  const bench = (await import(url)) as Bench;
  const figures = await bench.run(flags);
  const peakMemoryMiB = Math.round(process.resourceUsage().maxRSS / 1024);
  process.stdout.write(`${JSON.stringify({ ...figures, peakMemoryMiB })}\n`);
}

function machine() {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
  };
}

/** Abbreviated hash, with + when tracked files differ from it. */
function commit(): string {
  const git = (...args: string[]) =>
    execFileSync("git", args, {
      cwd: import.meta.dirname,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  try {
    return git("rev-parse", "--short", "HEAD") + (git("status", "--porcelain", "--untracked-files=no") ? "+" : "");
  } catch {
    return "unknown";
  }
}

await main(process.argv.slice(2));
