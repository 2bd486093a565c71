/**
 * An append-only JSONL file with its configuration in the first line, then a row a line: what runs and judges record.
 *
 * Rows reach the disk in groups. A process that dies leaves at most a torn last line, which the next opening removes; a log
 * goes on where it stopped, under the same configuration only.
 */
import { closeSync, existsSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";

/** What a kind of log holds: its name in line 1, the schemas of its lines, and how errors speak of a row. */
export type LogKind<Config, Row> = Readonly<{
  format: string;
  config: z.ZodType<Config>;
  row: z.ZodType<Row>;
  /** "an answer" */
  rowName: string;
}>;

export type LogRecord<Config, Row> = Readonly<{ config: Config; rows: readonly Row[] }>;

/** Read a finished or a broken-off log. Throws a sentence with the line number where a line is not what it should be. */
export function readRowLog<Config, Row>(path: string, kind: LogKind<Config, Row>): LogRecord<Config, Row> {
  const { config, rows } = parse(path, readFileSync(path), kind);
  if (config === undefined) {
    throw new Error(`Expected a run log with its configuration in line 1, got an empty file: ${path}.`);
  }
  return { config, rows };
}

/** Open a log for appending; make it, with its folder, where there is none. Throws where it was begun differently. */
export function openRowLog<Config extends object, Row>(
  path: string,
  kind: LogKind<Config, Row>,
  { config, syncEvery = 64 }: Readonly<{ config: Config; syncEvery?: number }>,
): RowLog<Config, Row> {
  mkdirSync(dirname(path), { recursive: true });
  const found = existsSync(path) ? parse(path, readFileSync(path), kind) : { rows: [], bytes: 0 };
  if (found.config) checkSameConfig(path, found.config, config);
  const log = new RowLog<Config, Row>(path, config, found, syncEvery);
  if (!found.config) log.write([{ format: kind.format, version: 1, config }]);
  return log;
}

/** An open log. `append` rows, then `close`. */
export class RowLog<Config, Row> {
  readonly path: string;
  readonly config: Config;
  readonly #file: number;
  readonly #rows: Row[];
  readonly #syncEvery: number;
  #bytes: number;
  #unsynced = 0;

  /** Use openRowLog. */
  constructor(path: string, config: Config, found: { rows: Row[]; bytes: number }, syncEvery: number) {
    this.path = path;
    this.config = config;
    this.#rows = found.rows;
    this.#bytes = found.bytes;
    this.#syncEvery = syncEvery;
    this.#file = openSync(path, existsSync(path) ? "r+" : "w");
    ftruncateSync(this.#file, found.bytes);
  }

  /** Every row so far, those of earlier openings included. */
  get rows(): readonly Row[] {
    return this.#rows;
  }

  /** Add rows. When the disk is full, throws and leaves the rows before them whole. */
  append(rows: readonly Row[]): void {
    this.write(rows);
    this.#rows.push(...rows);
    this.#unsynced += rows.length;
    if (this.#unsynced < this.#syncEvery) return;
    fsyncSync(this.#file);
    this.#unsynced = 0;
  }

  /** Lines as given; for `append` and the first line. */
  write(lines: readonly unknown[]): void {
    const bytes = Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    try {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.#file, bytes, done, bytes.length - done, this.#bytes + done);
      }
    } catch (error) {
      ftruncateSync(this.#file, this.#bytes);
      throw new Error(`Could not write to the run log ${this.path}: ${(error as Error).message}.`, { cause: error });
    }
    this.#bytes += bytes.length;
  }

  /** Bring everything to the disk and let the file go. */
  close(): void {
    fsyncSync(this.#file);
    closeSync(this.#file);
  }
}

/** Whole lines only: what follows the last line end was torn off by a crash and does not count. */
function parse<Config, Row>(
  path: string,
  bytes: Buffer,
  kind: LogKind<Config, Row>,
): { config?: Config; rows: Row[]; bytes: number } {
  const whole = bytes.lastIndexOf(0x0a) + 1;
  const lines = bytes.toString("utf8", 0, whole).split("\n").slice(0, -1);
  if (lines.length === 0) return { rows: [], bytes: 0 };
  const head = z.object({ format: z.literal(kind.format), version: z.literal(1), config: kind.config });
  const { config } = parseLine(path, lines, 0, {
    schema: head,
    what: "the configuration of a run (first line of a run log)",
  });
  const rows = lines.slice(1).map((_, i) => parseLine(path, lines, i + 1, { schema: kind.row, what: kind.rowName }));
  return { config, rows, bytes: whole };
}

function parseLine<T>(
  path: string,
  lines: readonly string[],
  i: number,
  { schema, what }: { schema: z.ZodType<T>; what: string },
): T {
  const fault = (reason: string) =>
    new Error(`Expected ${what} in line ${i + 1} of ${path}: ${reason}. Move the file away to start the run afresh.`);
  let value: unknown;
  try {
    value = JSON.parse(lines[i] as string);
  } catch (error) {
    throw fault((error as Error).message);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw fault(`${issue?.path.join(".") || "line"}: ${issue?.message}`);
}

function checkSameConfig<Config extends object>(path: string, found: Config, config: Config): void {
  for (const key of Object.keys(config) as (keyof Config & string)[]) {
    const [was, is] = [JSON.stringify(found[key]), JSON.stringify(config[key])];
    if (was === is) continue;
    throw new Error(`Expected ${path} to record a run with ${key} ${is}, got ${was}. Give this run another folder.`);
  }
}
