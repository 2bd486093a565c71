/**
 * Values of a JSON or JSON Lines file one by one, each with its line number, without holding the file in memory.
 */
import { jsonRows } from "./json-rows.ts";
import { parseJsonAt } from "./json-text.ts";

/** A value, its line from 1, and where in the file it starts, in bytes. */
export type JsonValue = { value: unknown; line: number; offset: number };

/** Elements of the array, or lines, or the single value of the file. Throws DataFileError with the line of the fault. */
export async function* jsonValues(path: string): AsyncGenerator<JsonValue, void, void> {
  for await (const { bytes, line, offset } of jsonRows(path)) {
    yield { value: parseJsonAt(path, bytes.toString("utf8"), line), line, offset };
  }
}
