/**
 * Random access to the rows of a file of any size: a table on disk of where each row lies, made in one pass.
 *
 * The table is a temporary file of 12 bytes a row (offset, length), so that memory stays the same at ten million rows.
 */
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jsonRows } from "./json-rows.ts";

const ENTRY = 12;
const ENTRIES_A_WRITE = 1 << 14;

/** An open table. Close it to remove the temporary file. */
export type RowTable = Readonly<{
  path: string;
  rows: number;
  /** The texts of rows by number from 0, in the order asked for; read in the order of the file. */
  read(rows: readonly number[]): string[];
  close(): void;
}>;

/** Pass over a JSON array or JSON Lines once. Throws DataFileError where its brackets do not close. */
export async function openRowTable(path: string, onRow: (count: number) => void = () => {}): Promise<RowTable> {
  const folder = mkdtempSync(join(tmpdir(), "zoetrope-rows-"));
  const handles: number[] = [];
  const close = () => {
    for (const handle of handles.splice(0)) closeSync(handle);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const table = openSync(join(folder, "table"), "w+");
    handles.push(table);
    const rows = await writeTable(path, table, onRow);
    const file = openSync(path, "r");
    handles.push(file);
    return { path, rows, read: (wanted) => readRows(table, file, wanted), close };
  } catch (error) {
    close();
    throw error;
  }
}

async function writeTable(path: string, table: number, onRow: (count: number) => void): Promise<number> {
  const entries = Buffer.alloc(ENTRY * ENTRIES_A_WRITE);
  let held = 0;
  let rows = 0;
  for await (const { offset, bytes } of jsonRows(path)) {
    entries.writeDoubleLE(offset, held * ENTRY);
    entries.writeUInt32LE(bytes.length, held * ENTRY + 8);
    held++;
    onRow(++rows);
    if (held < ENTRIES_A_WRITE) continue;
    writeSync(table, entries);
    held = 0;
  }
  writeSync(table, entries, 0, held * ENTRY);
  return rows;
}

function readRows(table: number, file: number, wanted: readonly number[]): string[] {
  const texts = new Array<string>(wanted.length);
  const entry = Buffer.alloc(ENTRY);
  const places = wanted.map((_, i) => i).sort((a, b) => (wanted[a] as number) - (wanted[b] as number));
  for (const place of places) {
    readFully(table, entry, (wanted[place] as number) * ENTRY);
    const bytes = Buffer.allocUnsafe(entry.readUInt32LE(8));
    readFully(file, bytes, entry.readDoubleLE(0));
    texts[place] = bytes.toString("utf8");
  }
  return texts;
}

function readFully(file: number, bytes: Buffer, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    const read = readSync(file, bytes, done, bytes.length - done, position + done);
    if (read === 0) throw new Error("Expected the file to keep its length while it is read, but it became shorter.");
    done += read;
  }
}
