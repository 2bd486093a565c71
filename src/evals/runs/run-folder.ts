/**
 * Where runs lie: a folder of folders, `runs/` unless another one is named, each with one log or several (a log a look). What
 * a list needs of a finished log is kept in INDEX beside them, so that a list of many runs reads only what has changed.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative, sep } from "node:path";
import * as z from "zod";
import { isLocked, writeAtomically } from "../../core/files/index.ts";
import { countStatuses, metricOf, type RunConfig, runConfigSchema, runFormat } from "./format/index.ts";
import { readRun } from "./run-log.ts";
import { wholeLines } from "./whole-lines.ts";

export const defaultRuns = "runs";
const indexFile = ".index.json";
/** Logs lie in a run's folder or one below it (seeds of a recipe). */
const depth = 3;

/** What a list shows of a log. */
export type RunEntry = Readonly<{
  /** Path of the log below the folder of runs, without ".jsonl", and without "/video" or "/run", which a folder stands for. */
  name: string;
  path: string;
  config: RunConfig;
  created: string | null;
  counts: ReturnType<typeof countStatuses>;
  /** Mean of the task's headline metric in percent, over `n` samples that count; null of none. */
  value: number | null;
  n: number;
  /** complete: as many samples as there should be. open: its writer lives. broken off: neither. */
  state: "complete" | "open" | "broken off";
}>;

export type RunList = Readonly<{
  entries: readonly RunEntry[];
  /** Logs that cannot be read, a sentence each. */
  faults: readonly Readonly<{ path: string; message: string }>[];
}>;

const summarySchema = z.object({
  bytes: z.number(),
  mtimeMs: z.number(),
  config: runConfigSchema,
  created: z.string().nullable(),
  counts: z.object({
    read: z.number(),
    given: z.number(),
    unparsed: z.number(),
    unjudged: z.number(),
    missing: z.number(),
  }),
  value: z.number().nullable(),
  n: z.number(),
});
const indexSchema = z.object({ version: z.literal(1), logs: z.record(z.string(), summarySchema) });
type Summary = z.infer<typeof summarySchema>;

/** All logs below a folder, newest first. The index is brought up to date; where it cannot be written, the list is only slower. */
export function listRuns(folder: string = defaultRuns): RunList {
  const known = readIndex(folder);
  const logs: Record<string, Summary> = {};
  const faults: { path: string; message: string }[] = [];
  let isChanged = false;
  for (const path of logsBelow(folder)) {
    const key = relative(folder, path).split(sep).join("/");
    const { size, mtimeMs } = statSync(path);
    const old = known[key];
    try {
      logs[key] = old?.bytes === size && old.mtimeMs === mtimeMs ? old : summaryOf(path, { bytes: size, mtimeMs });
    } catch (error) {
      faults.push({ path, message: (error as Error).message });
    }
    if (logs[key] !== old) isChanged = true;
  }
  if (isChanged || Object.keys(known).length !== Object.keys(logs).length) writeIndex(folder, logs);
  const entries = Object.entries(logs).map(([key, summary]) => entryOf(folder, key, summary));
  return { entries: entries.sort(newestFirst), faults };
}

function newestFirst(a: RunEntry, b: RunEntry): number {
  return (b.created ?? "").localeCompare(a.created ?? "") || a.name.localeCompare(b.name);
}

/**
 * The log that a user means: a file, a folder with one log or with a "video" look, or either below the folder of runs; "RUN/blind"
 * names a look. Throws an Error that says what there is.
 */
export function resolveRun(reference: string, folder: string = defaultRuns): string {
  for (const path of [reference, `${reference}.jsonl`, join(folder, reference), join(folder, `${reference}.jsonl`)]) {
    if (!existsSync(path)) continue;
    if (!statSync(path).isDirectory()) return path;
    const logs = readdirSync(path).filter((file) => file.endsWith(".jsonl") && isRunLog(join(path, file)));
    const chosen = logs.length === 1 ? logs[0] : logs.find((file) => file === "video.jsonl" || file === "run.jsonl");
    if (chosen !== undefined) return join(path, chosen);
    if (logs.length === 0) continue;
    const names = logs.map((file) => `${reference}/${basename(file, ".jsonl")}`);
    throw new Error(`Expected one run in "${reference}", got ${logs.length}. Name one: ${names.join(", ")}.`);
  }
  const there = existsSync(folder) ? logsBelow(folder).map((path) => nameOf(folder, path)) : [];
  const some = there.slice(0, 8).join(", ");
  const known =
    there.length === 0 ? `there are none in ${folder}` : `there are ${some}${there.length > 8 ? ", ..." : ""}`;
  throw new Error(`Expected a run (a log, its folder, or its name in ${folder}), got "${reference}"; ${known}.`);
}

/** Name of a log as \`runs list\` prints it. */
function nameOf(folder: string, path: string): string {
  const below = relative(folder, path).split(sep).join("/");
  return below.replace(/(?:\/(?:run|video))?\.jsonl$/, "");
}

function logsBelow(folder: string): string[] {
  const found: string[] = [];
  const visit = (at: string, level: number) => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      if (entry.isDirectory() && level < depth) visit(path, level + 1);
      else if (entry.isFile() && entry.name.endsWith(".jsonl") && isRunLog(path)) found.push(path);
    }
  };
  if (existsSync(folder)) visit(folder, 1);
  return found.sort();
}

const firstLine = new RegExp(`^\\s*\\{\\s*"format"\\s*:\\s*"${runFormat}"`);

/** By the beginning of the first line: other JSONL files lie in run folders too. */
function isRunLog(path: string): boolean {
  for (const { text } of wholeLines(path)) return firstLine.test(text);
  return false;
}

function summaryOf(path: string, file: Readonly<{ bytes: number; mtimeMs: number }>): Summary {
  const { config, created, rows } = readRun(path);
  let [n, sum] = [0, 0];
  const statuses = function* () {
    for (const row of rows) {
      const value = metricOf(row, config.metric);
      if (value !== null) n++;
      sum += value ?? 0;
      yield row.temporal.parse;
    }
  };
  const counts = countStatuses(statuses());
  return { ...file, config, created, counts, value: n === 0 ? null : (100 * sum) / n, n };
}

function entryOf(folder: string, key: string, { config, created, counts, value, n }: Summary): RunEntry {
  const path = join(folder, key);
  const samples = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const state = samples >= config.coverage.samples ? "complete" : isLocked(path) ? "open" : "broken off";
  return { name: nameOf(folder, path), path, config, created, counts, value, n, state };
}

function readIndex(folder: string): Record<string, Summary> {
  try {
    return indexSchema.parse(JSON.parse(readFileSync(join(folder, indexFile), "utf8"))).logs;
  } catch {
    // None yet, or of another version: it is made again.
    return {};
  }
}

function writeIndex(folder: string, logs: Record<string, Summary>): void {
  try {
    writeAtomically(join(folder, indexFile), [JSON.stringify({ version: 1, logs })]);
  } catch {
    // A folder that cannot be written to can still be listed.
  }
}
