/**
 * The table of a run: looks by scores, under the profile's reader and under ours, with what each baseline leaves of the video.
 */
import { Rng } from "../core/math/index.ts";
import { accuracyDifference, type Difference } from "../core/metrics/index.ts";
import {
  type BenchmarkItem,
  type ItemScores,
  type OpenBenchmark,
  type ReadItem,
  readReplies,
  scoreItems,
} from "./benchmarks/index.ts";
import type { Look } from "./look.ts";

export type BenchmarkTableRow = Readonly<{
  look: Look | "majority";
  /** By the reader of the profile, and by ours. */
  profile: ItemScores;
  default: ItemScores;
  /** The video's accuracy minus this one's in points, by our reader, paired; null for the video itself. */
  videoMinusThis: Difference | null;
}>;

export type BenchmarkTable = Readonly<{
  benchmark: string;
  profile: string;
  rows: readonly BenchmarkTableRow[];
  /** Items asked, of all items of the benchmark. */
  coverage: Readonly<{ asked: number; of: number }>;
}>;

export type BenchmarkTableOptions = Readonly<{
  benchmark: OpenBenchmark;
  items: readonly BenchmarkItem[];
  replies: ReadonlyMap<Look, ReadonlyMap<string, string>>;
  /** Adds the row that always gives the most frequent gold letter. */
  majority: boolean;
  seed: number;
}>;

/** Scores of every look. The video comes first and is broken down by every grouping, the others by the first one. */
export function benchmarkTable({ benchmark, items, replies, majority, seed }: BenchmarkTableOptions): BenchmarkTable {
  const { profile, groupings, macro } = benchmark;
  const shown = replies.get("video") ?? new Map<string, string>();
  const video = readReplies(items, shown, { reader: "default" });
  const score = (rows: readonly ReadItem[], all: boolean) =>
    scoreItems(rows, {
      groupings: all ? groupings : groupings.slice(0, 1),
      seed,
      ...(macro !== undefined && { macro }),
    });
  const rows = [...replies].map(([look, given]): BenchmarkTableRow => {
    const ours = readReplies(items, given, { reader: "default" });
    return {
      look,
      profile: score(readReplies(items, given, { reader: profile }), look === "video"),
      default: score(ours, look === "video"),
      videoMinusThis: look === "video" ? null : difference(video, ours, `${look}/${seed}`),
    };
  });
  if (majority) {
    const guessed = majorityReadings(items.filter(({ id }) => shown.has(id)));
    const scores = score(guessed, false);
    rows.push({
      look: "majority",
      profile: scores,
      default: scores,
      videoMinusThis: difference(video, guessed, `majority/${seed}`),
    });
  }
  return { benchmark: benchmark.name, profile, rows, coverage: { asked: shown.size, of: benchmark.items.length } };
}

/**
 * The most frequent gold letter of each group (of the first grouping), given to every item of it: what knowing the answer
 * key's bias alone is worth. Captions have no letter and are left out.
 */
export function majorityReadings(items: readonly BenchmarkItem[]): ReadItem[] {
  const groupOf = (item: BenchmarkItem) => Object.values(item.groups)[0] ?? "";
  const counts = new Map<string, Map<number, number>>();
  const choosable = items.filter(({ isFreeText }) => !isFreeText);
  for (const item of choosable) {
    const letters = counts.get(groupOf(item)) ?? new Map<number, number>();
    letters.set(item.answerIndex, (letters.get(item.answerIndex) ?? 0) + 1);
    counts.set(groupOf(item), letters);
  }
  return choosable.map((item) => {
    const letters = [...(counts.get(groupOf(item)) ?? [])].sort(([a, n], [b, m]) => m - n || a - b);
    return { item, reading: { kind: "read", correct: item.answerIndex === letters[0]?.[0], rule: "majority" } };
  });
}

function difference(video: readonly ReadItem[], other: readonly ReadItem[], label: string): Difference {
  const isRight = ({ reading }: ReadItem) => reading.kind === "read" && reading.correct;
  const others = new Map(other.map((row) => [row.item.id, row]));
  const pairs = video.flatMap((row) => {
    const partner = others.get(row.item.id);
    return partner ? [{ base: isRight(partner), other: isRight(row), cluster: row.item.video }] : [];
  });
  return accuracyDifference(pairs, { rng: new Rng("looks").fork(label), resamples: 1000 });
}
