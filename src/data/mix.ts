/**
 * Mixtures of training files, written in one pass over the mixture: memory does not grow with the sources.
 *
 * Every place of the mixture is traced back through two seeded permutations (the whole, then the source) to a row of a file,
 * which is read where it lies.
 */
import { existsSync } from "node:fs";
import { basename } from "node:path";
import { Rng } from "../core/math/index.ts";
import { type ConversationFormat, lostIn, parseConversation, serialiseConversation } from "./conversation.ts";
import { isArrayFormat } from "./conversation-file.ts";
import { type MixturePlan, planMixture } from "./mixture-plan.ts";
import { permutation } from "./permutation.ts";
import { DataFileError } from "./read-error.ts";
import { openRowTable, type RowTable } from "./row-table.ts";
import { provenancePath, type TextRow, writeRows } from "./write-rows.ts";

export type MixFile = Readonly<{ path: string; format: ConversationFormat; limit?: number }>;

export type MixOptions = Readonly<{
  format: ConversationFormat;
  /** The reference's is 1234. */
  seed: number | string;
  ratio?: number;
  ratioOf?: "limits" | "rows";
  total?: number;
  onIndexed?: (path: string, rows: number) => void;
  onRow?: (written: number, of: number) => void;
  signal?: AbortSignal;
}>;

/** What a source gave: rows there, asked for, taken, left after the cut to the total; `characters` of the latter. */
export type MixedSource = Readonly<{
  path: string;
  rows: number;
  asked: number;
  taken: number;
  written: number;
  characters: number;
}>;

export type Mixture = Readonly<{
  rows: number;
  sources: readonly MixedSource[];
  /** Instruction rows for one other row: as asked, as written, and by characters; null where there is no ratio or no other row. */
  ratio: Readonly<{ nominal: number; realised: number | null; characters: number | null }> | null;
  /** What had no place in the format -> rows. */
  lost: Readonly<Record<string, number>>;
}>;

type Opened = MixFile & Readonly<{ table: RowTable; notes: RowTable | undefined; place: (i: number) => number }>;

/** Rows read at a time: enough to read each file forwards, few enough to hold. */
const BATCH = 512;

/** Mix files into one. Throws RangeError on an impossible plan and DataFileError on a row that is none. */
export async function mixFiles(files: readonly MixFile[], output: string, options: MixOptions): Promise<Mixture> {
  const { seed, signal } = options;
  const rng = new Rng(`mix/${seed}`);
  const opened: Opened[] = [];
  try {
    for (const [i, file] of files.entries()) {
      const table = await openRowTable(file.path, () => signal?.throwIfAborted());
      opened.push({ ...file, table, notes: undefined, place: permutation(table.rows, rng.fork(i)) });
      options.onIndexed?.(file.path, table.rows);
      const notes = await openNotes(file.path, table.rows);
      if (notes) opened[i] = { ...(opened[i] as Opened), notes };
    }
    return await mixOpened(opened, output, { ...options, rng: rng.fork("all") });
  } finally {
    for (const { table, notes } of opened) {
      table.close();
      notes?.close();
    }
  }
}

async function mixOpened(
  opened: readonly Opened[],
  output: string,
  options: MixOptions & { rng: Rng },
): Promise<Mixture> {
  const { format, ratio, rng } = options;
  const there = opened.map(({ table, limit }) => ({ rows: table.rows, ...(limit !== undefined && { limit }) }));
  const plan = planMixture(there, options);
  const tally = { written: opened.map(() => 0), characters: opened.map(() => 0), lost: {} as Record<string, number> };
  const mixed = mixedRows(opened, plan, { ...options, order: permutation(sumOf(plan.taken), rng), tally });
  const rows = await writeRows(output, mixed, { isArray: isArrayFormat(format) });
  const sources = opened.map(({ path, table }, i) => ({
    path,
    rows: table.rows,
    asked: plan.asked[i] as number,
    taken: plan.taken[i] as number,
    written: tally.written[i] as number,
    characters: tally.characters[i] as number,
  }));
  return { rows, sources, ratio: realisedRatio(sources, ratio), lost: tally.lost };
}

/** Notes on the rows' origin, where they lie beside the file and are as many as its rows. */
async function openNotes(path: string, rows: number): Promise<RowTable | undefined> {
  if (!existsSync(provenancePath(path))) return undefined;
  const notes = await openRowTable(provenancePath(path));
  if (notes.rows === rows) return notes;
  notes.close();
  throw new Error(
    `Expected ${rows} lines in ${provenancePath(path)}, one a row, got ${notes.rows}. Remove it or write both again.`,
  );
}

type Tally = { written: number[]; characters: number[]; lost: Record<string, number> };
type Mixing = MixOptions & Readonly<{ order: (i: number) => number; tally: Tally }>;

function* mixedRows(opened: readonly Opened[], plan: MixturePlan, mixing: Mixing): Generator<TextRow> {
  const ends = plan.taken.map((_, i) => sumOf(plan.taken.slice(0, i + 1)));
  for (let from = 0; from < plan.total; from += BATCH) {
    mixing.signal?.throwIfAborted();
    const places = Array.from({ length: Math.min(BATCH, plan.total - from) }, (_, i) => {
      const drawn = mixing.order(from + i);
      const source = ends.findIndex((end) => drawn < end);
      const { place } = opened[source] as Opened;
      return { source, row: place(drawn - (source === 0 ? 0 : (ends[source - 1] as number))) };
    });
    yield* batchOf(opened, places, mixing);
    mixing.onRow?.(from + places.length, plan.total);
  }
}

function batchOf(
  opened: readonly Opened[],
  places: readonly { source: number; row: number }[],
  mixing: Mixing,
): TextRow[] {
  const rows = new Array<TextRow>(places.length);
  for (const [source, file] of opened.entries()) {
    const own = places.flatMap((place, i) => (place.source === source ? [i] : []));
    const numbers = own.map((i) => places[i]?.row as number);
    const texts = file.table.read(numbers);
    const notes = file.notes?.read(numbers);
    for (const [k, i] of own.entries()) {
      const row = numbers[k] as number;
      const text = rewritten(texts[k] as string, file, { row, ...mixing });
      const note = notes && (JSON.parse(notes[k] as string) as Readonly<Record<string, unknown>>);
      rows[i] = { text, provenance: { file: basename(file.path), row: row + 1, ...note } };
      mixing.tally.written[source] = (mixing.tally.written[source] as number) + 1;
      mixing.tally.characters[source] = (mixing.tally.characters[source] as number) + text.length;
    }
  }
  return rows;
}

/** A row of the same layout keeps all of its keys; llama-factory's rows are always made anew, for their columns. */
function rewritten(text: string, file: Opened, { row, format, tally }: Mixing & { row: number }): string {
  const value = parsedRow(text, file.path, row);
  const parsed = parseConversation(value, { format: file.format, fallbackId: `${basename(file.path)}:${row + 1}` });
  if ("problem" in parsed) throw badRow(file.path, row, parsed.problem);
  if (file.format === format && format !== "llama-factory") return JSON.stringify(value);
  const things = [...lostIn(format, parsed.row), ...parsed.leftOut.map((key) => `"${key}"`)];
  for (const thing of things) tally.lost[thing] = (tally.lost[thing] ?? 0) + 1;
  return serialiseConversation(parsed.row, format);
}

function parsedRow(text: string, path: string, row: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw badRow(path, row, error instanceof Error ? error.message : String(error));
  }
}

function badRow(path: string, row: number, problem: string): DataFileError {
  return new DataFileError(
    path,
    undefined,
    `Expected a row to mix, but row ${row + 1}: ${problem}. "zoetrope data validate" tells all such rows.`,
  );
}

function realisedRatio(sources: readonly MixedSource[], nominal: number | undefined): Mixture["ratio"] {
  if (nominal === undefined) return null;
  const share = (key: "written" | "characters") => {
    const others = sumOf(sources.slice(0, -1).map((source) => source[key]));
    return others === 0 ? null : (sources.at(-1)?.[key] as number) / others;
  };
  return { nominal, realised: share("written"), characters: share("characters") };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
