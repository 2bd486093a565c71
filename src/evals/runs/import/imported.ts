/** What an importer gives: a run and its rows, and what was wrong with the files. */
import type { Problem } from "../../../data/index.ts";
import type { RunConfig, RunRow } from "../format/index.ts";
import { docHash, hashOfAll, type RunDescription, runConfig } from "../run-config.ts";

export type ImportedRun = Readonly<{ config: RunConfig; rows: readonly RunRow[]; problems: readonly Problem[] }>;

export type ImportOptions = Readonly<{
  /** The log or the folder of predictions. */
  path: string;
  /** Who answered; default: what the file or its name says. */
  model?: string | undefined;
  benchmark?: string | undefined;
  profile?: string | undefined;
  /** Folder of a benchmark's annotations. */
  data?: string | undefined;
  /** Files of annotated moments or captions. */
  truth?: string | undefined;
  secondTruth?: string | undefined;
  durations?: string | undefined;
  subset?: string | undefined;
  /** Where a file holds several tasks. */
  task?: "grounding" | "captioning" | "choice" | undefined;
  convention?: string | undefined;
  unit?: "seconds" | "frames" | "percent" | undefined;
  frameRate?: number | undefined;
  /** Folder of released verdicts; false: leave those beside the predictions alone. */
  judgements?: string | false | undefined;
}>;

/** A run whose rows are there: annotations and wording follow from them. */
export function importedRun(
  rows: readonly RunRow[],
  problems: readonly Problem[],
  {
    parts,
    ...run
  }: Omit<RunDescription, "coverage" | "seed" | "imported"> & Readonly<{ of: number; format: string; file: string }>,
): ImportedRun {
  const { of, format, file, ...rest } = run;
  const config = runConfig({
    ...rest,
    seed: 0,
    coverage: { samples: rows.length, of },
    imported: { format, file },
    parts: {
      data: hashOfAll(rows.map(({ doc }) => docHash(doc))),
      prompt: hashOfAll(rows.map(({ input }) => input)),
      ...parts,
    },
  });
  return { config, rows, problems };
}

/** A file that the import needs. Throws an Error that says which. */
export function needed(value: string | undefined, flag: string, what: string): string {
  if (value !== undefined) return value;
  throw new Error(`Expected ${flag} to name ${what}, got none. The log does not hold it.`);
}
