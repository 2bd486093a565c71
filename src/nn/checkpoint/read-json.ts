/**
 * JSON files of a checkpoint, checked by a schema at the edge.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";

/** Read and check a JSON file. Throws an Error that names the file and what is wrong with it. */
export function readJson<T>(path: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`Expected a JSON file at ${path}, got ${(error as Error).message}. Copy it again.`);
  }
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  throw new Error(`Expected other content in ${path}: ${z.prettifyError(checked.error)}.`);
}
