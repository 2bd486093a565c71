/** A finished run as a log, all of it at once. */
import { existsSync, statSync } from "node:fs";
import { writeAtomically } from "../../core/files/index.ts";
import { type RunConfig, type RunHead, type RunRow, runFormat, runVersion } from "./format/index.ts";

export type FinishedRun = Readonly<{ config: RunConfig; rows: Iterable<RunRow> }>;

/** Write a run, whole or not at all; it was created when the file that it was brought in from was last changed, else now. */
export function writeRun(path: string, run: FinishedRun): void {
  const file = run.config.imported?.file;
  const created = file !== undefined && existsSync(file) ? statSync(file).mtime : new Date();
  writeAtomically(path, runLines(run, created.toISOString()));
}

/** The lines of a run's log: its configuration, with the time if one is given, then a row a line. */
export function* runLines({ config, rows }: FinishedRun, created?: string): Generator<string, void, void> {
  const head: RunHead = { format: runFormat, version: runVersion, ...(created !== undefined && { created }), config };
  yield `${JSON.stringify(head)}\n`;
  for (const row of rows) yield `${JSON.stringify(row)}\n`;
}
