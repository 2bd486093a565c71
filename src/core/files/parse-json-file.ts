/** A JSON file as a value that nobody has checked yet. */
import { readFileSync } from "node:fs";

/** Read and parse a file. Throws an Error that names it where it holds no JSON or cannot be read. */
export function parseJsonFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`Expected JSON in ${path}: ${(error as Error).message}.`, { cause: error });
  }
}
