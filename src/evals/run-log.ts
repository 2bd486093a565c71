/**
 * The record of one run: an append-only JSONL file, the configuration in its first line, then a row a sample.
 *
 * Rows reach the disk in groups. A process that dies leaves at most a torn last line, which the next opening removes; a
 * run goes on where it stopped, under the same configuration only.
 */
import { closeSync, existsSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { type Answer, answerSchema } from "./answer.ts";

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

const headSchema = z.object({ format: z.literal("zoetrope-run"), version: z.literal(1), config: runConfigSchema });

export type RunRecord = Readonly<{ config: RunConfig; answers: readonly Answer[] }>;

/** Read a finished or a broken-off run. Throws a sentence with the line number where a line is not what it should be. */
export function readRunLog(path: string): RunRecord {
  const { config, answers } = parse(path, readFileSync(path));
  if (!config) throw new Error(`Expected a run log with its configuration in line 1, got an empty file: ${path}.`);
  return { config, answers };
}

/** Open a run log for appending; make it, with its folder, where there is none. */
export function openRunLog(path: string, config: RunConfig, options: Readonly<{ syncEvery?: number }> = {}): RunLog {
  mkdirSync(dirname(path), { recursive: true });
  const found = existsSync(path) ? parse(path, readFileSync(path)) : { answers: [], bytes: 0 };
  if (found.config) checkSameConfig(path, found.config, config);
  const log = new RunLog(path, config, found, options.syncEvery ?? 64);
  if (!found.config) log.write([{ format: "zoetrope-run", version: 1, config }]);
  return log;
}

/** An open run log. `append` rows, then `close`. */
export class RunLog {
  readonly path: string;
  readonly config: RunConfig;
  readonly #file: number;
  readonly #answers: Answer[];
  readonly #syncEvery: number;
  #bytes: number;
  #unsynced = 0;

  constructor(path: string, config: RunConfig, found: { answers: Answer[]; bytes: number }, syncEvery: number) {
    this.path = path;
    this.config = config;
    this.#answers = found.answers;
    this.#bytes = found.bytes;
    this.#syncEvery = syncEvery;
    this.#file = openSync(path, existsSync(path) ? "r+" : "w");
    ftruncateSync(this.#file, found.bytes);
  }

  /** Every row so far, those of earlier openings included. */
  get answers(): readonly Answer[] {
    return this.#answers;
  }

  /** Add rows. When the disk is full, throws and leaves the rows before them whole. */
  append(answers: readonly Answer[]): void {
    this.write(answers);
    this.#answers.push(...answers);
    this.#unsynced += answers.length;
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
function parse(path: string, bytes: Buffer): { config?: RunConfig; answers: Answer[]; bytes: number } {
  const whole = bytes.lastIndexOf(0x0a) + 1;
  const lines = bytes.toString("utf8", 0, whole).split("\n").slice(0, -1);
  if (lines.length === 0) return { answers: [], bytes: 0 };
  const { config } = parseLine(path, lines, 0, headSchema);
  const answers = lines.slice(1).map((_, i) => parseLine(path, lines, i + 1, answerSchema));
  return { config, answers, bytes: whole };
}

function parseLine<T>(path: string, lines: readonly string[], i: number, schema: z.ZodType<T>): T {
  const what = i === 0 ? "the configuration of a run (first line of a run log)" : "an answer";
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

function checkSameConfig(path: string, found: RunConfig, config: RunConfig): void {
  for (const key of Object.keys(config) as (keyof RunConfig)[]) {
    const [was, is] = [JSON.stringify(found[key]), JSON.stringify(config[key])];
    if (was === is) continue;
    throw new Error(`Expected ${path} to record a run with ${key} ${is}, got ${was}. Give this run another folder.`);
  }
}
