/**
 * Annotation files that are lists of rows, as JSON or JSON Lines: rows of the schema, and what is wrong with the others.
 */
import { existsSync, readFileSync } from "node:fs";
import type { z } from "zod";
import { DataFileError } from "../../data/index.ts";
import { type Problem, problem } from "./benchmark.ts";

export type AnnotationRows<T> = Readonly<{ rows: readonly T[]; problems: readonly Problem[] }>;

/** Read rows; of rows with the same id the first counts. Throws DataFileError where the file is no list or holds no row. */
export function readAnnotationRows<T>(path: string, schema: z.ZodType<T>, idOf: (row: T) => string): AnnotationRows<T> {
  const rows = new Map<string, T>();
  const [faulty, twice]: [string[], string[]] = [[], []];
  rawRows(path).forEach((raw, i) => {
    const result = schema.safeParse(raw);
    if (!result.success) {
      const issue = result.error.issues[0];
      faulty.push(`row ${i + 1} (${issue?.path.join(".") || "row"}: ${issue?.message})`);
      return;
    }
    const id = idOf(result.data);
    if (rows.has(id)) twice.push(id);
    else rows.set(id, result.data);
  });
  if (rows.size === 0) {
    throw new DataFileError(
      path,
      undefined,
      `Expected rows of the benchmark, got none that fits: ${faulty[0] ?? "it is empty"}.`,
    );
  }
  return {
    rows: [...rows.values()],
    problems: [
      ...problem("rows that do not fit the layout (left out)", faulty),
      ...problem("ids that occur twice (the first counts)", twice),
    ],
  };
}

/** The rows of a file as they stand there. */
export function rawRows(path: string): unknown[] {
  if (!existsSync(path)) throw new DataFileError(path, undefined, "Expected a file of rows, got none. Check the path.");
  const text = readFileSync(path, "utf8").replace(/^\ufeff/, "");
  if (path.endsWith(".jsonl")) {
    return text.split("\n").flatMap((line, i) => (line.trim() === "" ? [] : [parsed(path, line, i + 1)]));
  }
  const value = parsed(path, text, undefined);
  if (Array.isArray(value)) return value;
  throw new DataFileError(path, undefined, `Expected an array of rows, got ${value === null ? "null" : typeof value}.`);
}

function parsed(path: string, text: string, line: number | undefined): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DataFileError(path, line, `Expected JSON: ${(error as Error).message}. Fix it or fetch the file again.`);
  }
}
