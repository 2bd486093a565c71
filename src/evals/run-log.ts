/**
 * The record of one run over questions of our own tasks: what it depends on, then a row a sample. See row-log.ts for the
 * file itself.
 */
import { z } from "zod";
import { type Answer, answerSchema } from "./answer.ts";
import { type LogKind, openRowLog, type RowLog, readRowLog } from "./row-log.ts";

/** What a number of this run depends on. Names and fingerprints, free text; coverage is how much of the benchmark is asked. */
export const runConfigSchema = z.object({
  benchmark: z.string(),
  model: z.string(),
  sampler: z.string(),
  prompt: z.string(),
  parser: z.string(),
  seed: z.number().int(),
  coverage: z.object({ questions: z.number().int(), of: z.number().int() }),
});
export type RunConfig = Readonly<z.infer<typeof runConfigSchema>>;

const kind: LogKind<RunConfig, Answer> = {
  format: "zoetrope-run",
  config: runConfigSchema,
  row: answerSchema,
  rowName: "an answer",
};

export type RunRecord = Readonly<{ config: RunConfig; answers: readonly Answer[] }>;

/** Read a finished or a broken-off run. Throws a sentence with the line number where a line is not what it should be. */
export function readRunLog(path: string): RunRecord {
  const { config, rows } = readRowLog(path, kind);
  return { config, answers: rows };
}

/** Open a run log for appending; make it, with its folder, where there is none. */
export function openRunLog(path: string, config: RunConfig, options: Readonly<{ syncEvery?: number }> = {}): RunLog {
  return new RunLog(openRowLog(path, kind, { config, ...options }));
}

/** An open run log. `append` rows, then `close`. */
export class RunLog {
  readonly #rows: RowLog<RunConfig, Answer>;

  /** Use openRunLog. */
  constructor(rows: RowLog<RunConfig, Answer>) {
    this.#rows = rows;
  }

  get path(): string {
    return this.#rows.path;
  }
  get config(): RunConfig {
    return this.#rows.config;
  }
  /** Every row so far, those of earlier openings included. */
  get answers(): readonly Answer[] {
    return this.#rows.rows;
  }

  /** Add rows. When the disk is full, throws and leaves the rows before them whole. */
  append(answers: readonly Answer[]): void {
    this.#rows.append(answers);
  }

  /** Bring everything to the disk and let the file go. */
  close(): void {
    this.#rows.close();
  }
}
