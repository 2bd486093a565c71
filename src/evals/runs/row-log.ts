/**
 * An append-only JSONL file with its configuration in the first line, then a row a line: what runs and judges record.
 *
 * Rows are on the disk when `append` returns. A process that dies leaves at most a torn last line, which the next opening
 * removes; a log goes on where it stopped, under the same configuration only, and one process writes it at a time.
 */
import { closeSync, existsSync, fsyncSync, ftruncateSync, mkdirSync, openSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { type FileLock, lockFile, syncFolder } from "../../core/files/index.ts";
import { DataFileError } from "../../data/index.ts";
import type { Parsed } from "./format/index.ts";
import { wholeLines } from "./whole-lines.ts";

/** The first line, less its format and version. */
type Head<Config> = Readonly<{ config: Config; created?: string | undefined }>;

/** What a kind of log holds, and how its lines are read. */
export type LogKind<Config, Row> = Readonly<{
  format: string;
  version: number;
  parseHead: (line: string) => Parsed<Head<Config>>;
  parseRow: (line: string) => Parsed<Row>;
  /** "a sample" */
  rowName: string;
  /** In what two configurations differ; a log is gone on with only where they do not. */
  differences: (
    found: Config,
    wanted: Config,
  ) => readonly Readonly<{ what: string; found: unknown; wanted: unknown }>[];
}>;

export type OpenRowLogOptions<Config, Row> = Readonly<{
  config: Config;
  /** Told every row that the file holds already, in order. */
  onRow?: (row: Row, line: number) => void;
}>;

/** A log that is being read: rows come one by one as they are asked for. */
export type ReadRowLog<Config, Row> = Readonly<{
  config: Config;
  /** ISO 8601. */
  created: string | null;
  rows: Generator<Row, void, void>;
}>;

/** The rows of a log in order, after its configuration. Throws DataFileError with the line that is not what it should be. */
export function readRowLog<Config, Row>(path: string, kind: LogKind<Config, Row>): ReadRowLog<Config, Row> {
  const scan = scanLog(path, kind);
  const first = scan.next();
  if (first.done || !("config" in first.value)) {
    throw new DataFileError(
      path,
      undefined,
      "Expected a log with its configuration in line 1, got no whole line. Remove the file.",
    );
  }
  const { config, created = null } = first.value;
  return { config, created, rows: rowsOf(scan) };
}

/** Open a log for appending; make it, with its folder, where there is none. Throws where it was begun differently or is being written. */
export function openRowLog<Config, Row>(
  path: string,
  kind: LogKind<Config, Row>,
  { config, onRow }: OpenRowLogOptions<Config, Row>,
): RowLog<Row> {
  mkdirSync(dirname(path), { recursive: true });
  const lock = lockFile(path);
  try {
    let bytes = 0;
    for (const line of existsSync(path) ? scanLog(path, kind) : []) {
      if ("config" in line) checkSameConfig(path, kind.differences(line.config, config));
      else onRow?.(line.row, line.number);
      bytes = line.end;
    }
    const log = new RowLog<Row>(path, lock, bytes);
    if (bytes === 0) {
      log.write([{ format: kind.format, version: kind.version, created: new Date().toISOString(), config }]);
      syncFolder(dirname(path));
    }
    return log;
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** An open log. `append` rows, then `close`. */
export class RowLog<Row> {
  readonly path: string;
  readonly #lock: FileLock;
  readonly #file: number;
  #bytes: number;

  /** Use openRowLog. `bytes`: the whole lines that are there; what follows them goes. */
  constructor(path: string, lock: FileLock, bytes: number) {
    this.path = path;
    this.#lock = lock;
    this.#bytes = bytes;
    this.#file = openSync(path, existsSync(path) ? "r+" : "w");
    ftruncateSync(this.#file, bytes);
  }

  /** Add rows; they are on the disk when this returns. When the disk is full, throws and leaves the rows before them whole. */
  append(rows: readonly Row[]): void {
    if (rows.length > 0) this.write(rows);
  }

  /** Lines as given; for `append` and the first line. */
  write(lines: readonly unknown[]): void {
    const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    try {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.#file, bytes, done, bytes.length - done, this.#bytes + done);
      }
      fsyncSync(this.#file);
    } catch (error) {
      ftruncateSync(this.#file, this.#bytes);
      const reason = (error as Error).message.replace(/[.\s]+$/, "");
      throw new Error(
        `Could not write to the log ${this.path}: ${reason}. Free space and run the same command again; what was finished is in the log.`,
        { cause: error },
      );
    }
    this.#bytes += bytes.length;
  }

  /** Let the file and its lock go. Closing twice does nothing. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.#file);
    this.#lock.release();
  }
  #isClosed = false;
}

type Scanned<Config, Row> = Readonly<{ number: number; end: number }> & (Head<Config> | Readonly<{ row: Row }>);

function* scanLog<Config, Row>(path: string, kind: LogKind<Config, Row>): Generator<Scanned<Config, Row>, void, void> {
  for (const { text, number, end } of wholeLines(path)) {
    if (number === 1) yield { ...valueAt(path, 1, kind.parseHead(text), "the first line of a run log"), number, end };
    else yield { row: valueAt(path, number, kind.parseRow(text), kind.rowName), number, end };
  }
}

function* rowsOf<Config, Row>(scan: Generator<Scanned<Config, Row>, void, void>): Generator<Row, void, void> {
  for (const line of scan) if ("row" in line) yield line.row;
}

function valueAt<T>(path: string, line: number, parsed: Parsed<T>, what: string): T {
  if (parsed.ok) return parsed.value;
  throw new DataFileError(
    path,
    line,
    `Expected ${what}, but ${parsed.reason}. ${parsed.remedy ?? "Repair the line, or move the file away and begin afresh."}`,
  );
}

function checkSameConfig(path: string, differences: ReturnType<LogKind<unknown, unknown>["differences"]>): void {
  const [first, ...more] = differences;
  if (first === undefined) return;
  const others = more.length === 0 ? "" : ` (and another ${more.map(({ what }) => what).join(", ")})`;
  const [wanted, found] = [first.wanted, first.found].map((value) => JSON.stringify(value));
  throw new Error(
    `Expected ${path} to record a run with ${first.what} ${wanted}, got ${found}${others}. Give this run another folder.`,
  );
}
