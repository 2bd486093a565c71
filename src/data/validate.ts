/**
 * Every fault of a training file, with line and field. Reads on behind a broken row; memory does not grow with the file.
 */
import type { ConversationFormat } from "./conversation.ts";
import { formatOfRow } from "./detect-format.ts";
import { jsonRows } from "./json-rows.ts";
import { parseJsonAt } from "./json-text.ts";
import { DataFileError } from "./read-error.ts";
import { type RowFault, rowFaults } from "./row-faults.ts";

/** A fault, the line on which its row starts, and the row's number from 1; row 0 is the file as a whole. */
export type Fault = RowFault & Readonly<{ line: number; row: number }>;

export type Validation = Readonly<{
  format: ConversationFormat | undefined;
  rows: number;
  faultyRows: number;
  faults: number;
  /** Faults by kind. */
  kinds: Readonly<Record<string, number>>;
  /** The first faults, as many as asked for. */
  first: readonly Fault[];
}>;

export type ValidateOptions = Readonly<{
  /** Default: as the first readable row looks. */
  format?: ConversationFormat;
  /** How many faults to list; default 20. All are counted. */
  max?: number;
  exists?: (file: string) => boolean;
  /** Told where in the file the reading is, in bytes. */
  onOffset?: (offset: number) => void;
}>;

/** Check a file. Throws DataFileError only where it is empty. */
export async function validateFile(path: string, options: ValidateOptions = {}): Promise<Validation> {
  const { max = 20, exists, onOffset } = options;
  let { format } = options;
  let [rows, faultyRows, faults] = [0, 0, 0];
  const kinds: Record<string, number> = {};
  const first: Fault[] = [];
  const add = (fault: RowFault, line: number, row: number) => {
    faults++;
    kinds[fault.kind] = (kinds[fault.kind] ?? 0) + 1;
    if (first.length < max) first.push({ ...fault, line, row });
  };
  try {
    for await (const { bytes, line, offset } of jsonRows(path)) {
      rows++;
      onOffset?.(offset);
      const parsed = parseRow(path, bytes.toString("utf8"), line);
      if ("fault" in parsed) {
        add({ field: "(row)", kind: "no JSON", problem: reasonOf(parsed.fault) }, parsed.fault.line ?? line, rows);
        faultyRows++;
        continue;
      }
      format ??= formatOfRow(parsed.value);
      const found = rowFaults(parsed.value, format ?? "llava", exists ? { exists } : {});
      for (const fault of found) add(fault, line, rows);
      if (found.length > 0) faultyRows++;
    }
  } catch (error) {
    if (!(error instanceof DataFileError) || error.line === undefined) throw error;
    add({ field: "(file)", kind: "no JSON", problem: reasonOf(error) }, error.line, 0);
  }
  return { format, rows, faultyRows, faults, kinds, first };
}

function parseRow(path: string, text: string, line: number): { value: unknown } | { fault: DataFileError } {
  try {
    return { value: parseJsonAt(path, text, line) };
  } catch (error) {
    if (error instanceof DataFileError) return { fault: error };
    throw error;
  }
}

/** The sentence without file and line, which stand beside it. */
function reasonOf({ message, path, line }: DataFileError): string {
  return message.replace(`${path}:${line}: `, "");
}
