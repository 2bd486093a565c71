/**
 * The record of a run: one file, its configuration in the first line, then a line a sample, on the disk before the next one is
 * asked for. Logs of 10,000 samples are read line by line.
 */
import { DataFileError } from "../../data/index.ts";
import { parseRunHead, parseRunRow, type RunConfig, type RunRow, runFormat, runVersion } from "./format/index.ts";
import { type LogKind, openRowLog, type ReadRowLog, type RowLog, readRowLog } from "./row-log.ts";
import { configDifferences } from "./run-config.ts";

const kind: LogKind<RunConfig, RunRow> = {
  format: runFormat,
  version: runVersion,
  parseHead: parseRunHead,
  parseRow: parseRunRow,
  rowName: "a sample",
  differences: configDifferences,
};

export type OpenedRun = ReadRowLog<RunConfig, RunRow>;

/**
 * Read a finished or a broken-off run; rows come one by one as they are asked for. Throws DataFileError with the line that is
 * not what it should be, or that repeats a sample.
 */
export function readRun(path: string): OpenedRun {
  const log = readRowLog(path, kind);
  return { ...log, rows: eachOnce(path, log.rows) };
}

/** What is known of a sample that was answered before: enough to tell whether it would be asked the same again. */
export type DoneSample = Readonly<{ promptHash: string; docHash: string }>;

/** Open a run's log for appending; make it, with its folder, where there is none. Throws where it was begun differently. */
export function openRunLog(
  path: string,
  config: RunConfig,
  { onRow }: Readonly<{ onRow?: (row: RunRow) => void }> = {},
): RunLog {
  const done = new Map<string, DoneSample>();
  const log = openRowLog(path, kind, {
    config,
    onRow: (row, line) => {
      if (done.has(row.doc.id)) throw repeated(path, line, row.doc.id);
      done.set(row.doc.id, { promptHash: row.prompt_hash, docHash: row.doc_hash });
      onRow?.(row);
    },
  });
  return new RunLog(config, log, done);
}

/** An open run. `append` rows, then `close`. */
export class RunLog {
  readonly config: RunConfig;
  readonly #log: RowLog<RunRow>;
  readonly #done: Map<string, DoneSample>;

  /** Use openRunLog. */
  constructor(config: RunConfig, log: RowLog<RunRow>, done: Map<string, DoneSample>) {
    this.config = config;
    this.#log = log;
    this.#done = done;
  }

  get path(): string {
    return this.#log.path;
  }
  /** Samples that are answered, those of earlier openings included, by id. */
  get done(): ReadonlyMap<string, DoneSample> {
    return this.#done;
  }

  /** Add rows; they are on the disk when this returns. When the disk is full, throws and leaves the rows before them whole. */
  append(rows: readonly RunRow[]): void {
    const known = rows.find(({ doc }) => this.#done.has(doc.id));
    if (known) throw new RangeError(`Expected a sample that ${this.path} does not hold, got "${known.doc.id}" again.`);
    this.#log.append(rows);
    for (const row of rows) this.#done.set(row.doc.id, { promptHash: row.prompt_hash, docHash: row.doc_hash });
  }

  /** Let the file go. Closing twice does nothing. */
  close(): void {
    this.#log.close();
  }
}

function* eachOnce(path: string, rows: Generator<RunRow, void, void>): Generator<RunRow, void, void> {
  const seen = new Set<string>();
  let line = 1;
  for (const row of rows) {
    line++;
    if (seen.has(row.doc.id)) throw repeated(path, line, row.doc.id);
    seen.add(row.doc.id);
    yield row;
  }
}

function repeated(path: string, line: number, id: string): DataFileError {
  return new DataFileError(path, line, `Expected every sample once, got "${id}" again. Remove one of its lines.`);
}
