/** Samples of several runs side by side: one row a sample, filtered and in order. */
import type { Span } from "zoetrope/core/time";
import type { StudioRun, StudioSample } from "./read/studio-run.ts";

export type SampleRow = Readonly<{
  key: string;
  video: string;
  question: string;
  duration: number;
  truths: readonly Span[] | null;
  /** By place of the run; null where a run lacks the sample. */
  samples: readonly (StudioSample | null)[];
}>;

/** Rows by video and sample id, in the order of the first run that has them. */
export function rowsOf(runs: readonly StudioRun[]): SampleRow[] {
  const rows = new Map<string, (StudioSample | null)[]>();
  runs.forEach((run, place) => {
    for (const sample of run.samples) {
      const key = `${sample.video}\u0000${sample.id}`;
      const row = rows.get(key) ?? new Array<StudioSample | null>(runs.length).fill(null);
      row[place] = sample;
      rows.set(key, row);
    }
  });
  return [...rows].map(([key, samples]) => {
    const present = samples.filter((sample) => sample !== null);
    const first = present[0] as StudioSample;
    const truths = present.find((sample) => sample.truths !== null)?.truths ?? null;
    return { key, video: first.video, question: first.question, duration: lengthOf(present), truths, samples };
  });
}

/** The video's length, or the last second that anything speaks of. */
function lengthOf(samples: readonly StudioSample[]): number {
  const known = samples.find(({ duration }) => duration !== null)?.duration;
  if (known) return known;
  const ends = samples.flatMap(({ truths, predicted, frames }) => [
    ...(truths ?? []).map(({ end }) => end),
    ...(predicted ?? []).flatMap(({ start, end }) => [start, end]),
    ...(frames ?? []).map(({ time }) => time),
  ]);
  return Math.max(1, ...ends.filter(Number.isFinite));
}

export type Filters = Readonly<{
  /** In video, question, reply or id. */
  text: string;
  /** "GROUPING=GROUP", or "". */
  group: string;
  /** A verdict of any run, "differ" where runs do not agree, or "". */
  verdict: string;
}>;

export function filtered(rows: readonly SampleRow[], { text, group, verdict }: Filters): SampleRow[] {
  const words = text.toLowerCase();
  const [grouping, name] = group === "" ? [] : splitOnce(group, "=");
  return rows.filter(({ samples, video, question }) => {
    const present = samples.filter((sample) => sample !== null);
    if (grouping !== undefined && !present.some(({ outcome }) => outcome.groups[grouping] === name)) return false;
    if (verdict === "differ") {
      if (new Set(present.map((sample) => sample.verdict === "hit")).size < 2) return false;
    } else if (verdict === "not a hit") {
      if (!present.some((sample) => sample.verdict !== "hit")) return false;
    } else if (verdict !== "" && !present.some((sample) => sample.verdict === verdict)) return false;
    if (words === "") return true;
    const said = present.map(({ reply, id }) => `${reply ?? ""}\n${id}`).join("\n");
    return `${video}\n${question}\n${said}`.toLowerCase().includes(words);
  });
}

export const orders = ["as logged", "worst first", "best first", "most apart"] as const;
export type Order = (typeof orders)[number];

export function sorted(rows: readonly SampleRow[], order: Order, metric: string): readonly SampleRow[] {
  if (order === "as logged") return rows;
  const values = new Map(rows.map((row) => [row, valuesOf(row, metric)]));
  const lowest = (row: SampleRow) => Math.min(...(values.get(row) ?? []), Number.POSITIVE_INFINITY);
  const spread = (row: SampleRow) => {
    const all = values.get(row) ?? [];
    return all.length < 2 ? -1 : Math.max(...all) - Math.min(...all);
  };
  if (order === "worst first") return rows.toSorted((a, b) => lowest(a) - lowest(b));
  if (order === "best first") return rows.toSorted((a, b) => finite(lowest(b)) - finite(lowest(a)));
  return rows.toSorted((a, b) => spread(b) - spread(a));
}

function finite(value: number): number {
  return Number.isFinite(value) ? value : -1;
}

function valuesOf({ samples }: SampleRow, metric: string): number[] {
  return samples.flatMap((sample) => {
    const value = sample?.outcome.values[metric];
    return typeof value === "number" ? [value] : [];
  });
}

/** Verdicts that occur, with their counts over all runs, the most frequent first. */
export function verdictCounts(runs: readonly StudioRun[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { samples } of runs) {
    for (const { verdict } of samples) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1]);
}

function splitOnce(text: string, mark: string): [string, string] {
  const at = text.indexOf(mark);
  return [text.slice(0, at), text.slice(at + mark.length)];
}
