/**
 * Charades-STA: lines "3MSZA 24.3 30.4##person turn a light on.", and durations in the column "length" of Charades' own csv.
 */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Problem, problem } from "../problem.ts";
import { readText } from "./file-content.ts";
import type { MomentQuery } from "./moments.ts";

const line = /^(\S+)\s+(-?[\d.]+)\s+(-?[\d.]+)\s*##(.*)$/;
/** Where durations are looked for when no file is named. */
const besides = ["Charades_v1_test.csv", "Charades_v1_train.csv", "charades_sta_test.csv"];

export type CharadesFile = Readonly<{ queries: readonly MomentQuery[]; problems: readonly Problem[] }>;

/** Is this the text of such a file? */
export function isCharadesSta(text: string): boolean {
  return line.test(
    text
      .slice(0, 2000)
      .split(/\r?\n/)
      .find((each) => each.trim() !== "") ?? "",
  );
}

/** Queries with ids "0", "1", ... by line, as TimeChat numbers them. `durations` is a csv with columns id and length. */
export function readCharadesSta(path: string, durations?: string): CharadesFile {
  const faulty: string[] = [];
  const csv = durations ?? besides.map((name) => join(dirname(path), name)).find(existsSync);
  const lengths = csv === undefined ? new Map<string, number>() : readLengths(csv);
  const lines = readText(path).split(/\r?\n/);
  const queries = lines.flatMap((text, i): MomentQuery[] => {
    if (text.trim() === "") return [];
    const [, video, start, end, query] = line.exec(text) ?? [];
    const [a, b] = [Number(start), Number(end)];
    if (video === undefined || query === undefined || !Number.isFinite(a) || !Number.isFinite(b)) {
      faulty.push(`line ${i + 1}`);
      return [];
    }
    const duration = lengths.get(video) ?? Infinity;
    return [{ id: String(i), video, duration, query: query.trim(), truths: [{ start: a, end: b }] }];
  });
  const unknown = [...new Set(queries.filter(({ duration }) => duration === Infinity).map(({ video }) => video))];
  return {
    queries,
    problems: [
      ...problem('lines that are not "VIDEO START END##SENTENCE" (left out)', faulty),
      ...problem("videos without a known duration (name Charades_v1_test.csv)", unknown),
    ],
  };
}

/** Seconds by video id. Quoted fields may hold commas and line ends. */
function readLengths(path: string): Map<string, number> {
  const rows = csvRows(readText(path));
  const [head] = rows;
  const [id, length] = [head?.indexOf("id") ?? -1, head?.indexOf("length") ?? -1];
  if (id === -1 || length === -1)
    throw new RangeError(`Expected columns "id" and "length" in ${path}, got ${head?.join(", ")}.`);
  return new Map(rows.slice(1).map((row) => [row[id] as string, Number(row[length])]));
}

function csvRows(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const match of text.matchAll(/(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|$)/g)) {
    if (match[0] === "" && match.index === text.length) break;
    rows.at(-1)?.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
    if (match[3] !== ",") rows.push([]);
  }
  return rows.filter((row) => row.length > 1);
}
