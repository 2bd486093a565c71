/**
 * What a set of T3 rows consists of.
 */
import type { T3Row } from "./row.ts";

export type T3Statistics = {
  rows: number;
  families: Record<string, number>;
  /** "order/list" -> rows. */
  levels: Record<string, number>;
  padding: Record<string, number>;
  splits: Record<string, number>;
  /** Context lines in all. */
  captionLines: number;
  /** For each count of options, how often each letter is correct. */
  letters: Record<string, number[]>;
  /** Largest |share of a letter - 1 / options| over letters and option counts; null without multiple-choice rows. */
  letterImbalance: number | null;
};

/** Counts over rows. */
export function t3Statistics(rows: Iterable<T3Row>): T3Statistics {
  const tally = t3Tally();
  for (const row of rows) tally.add(row);
  return tally.statistics();
}

/** The same counts, one row at a time, for rows that are written and forgotten. */
export function t3Tally(): { add(row: T3Row): void; statistics(): T3Statistics } {
  const counts: Omit<T3Statistics, "letterImbalance"> = {
    rows: 0,
    families: {},
    levels: {},
    padding: {},
    splits: {},
    captionLines: 0,
    letters: {},
  };
  return {
    add(row) {
      counts.rows++;
      counts.captionLines += row.captions.length;
      increment(counts.families, row.family);
      increment(counts.levels, `${row.family}/${row.level}`);
      increment(counts.padding, String(row.padding));
      increment(counts.splits, row.split);
      if (row.options.length === 0) return;
      const letters = counts.letters[row.options.length] ?? new Array<number>(row.options.length).fill(0);
      counts.letters[row.options.length] = letters;
      letters[row.answerIndex] = (letters[row.answerIndex] ?? 0) + 1;
    },
    statistics: () => ({ ...counts, letterImbalance: imbalance(Object.values(counts.letters)) }),
  };
}

function increment(counts: Record<string, number>, key: string): void {
  counts[key] = (counts[key] ?? 0) + 1;
}

function imbalance(tallies: readonly (readonly number[])[]): number | null {
  const gaps = tallies.flatMap((letters) => {
    const total = letters.reduce((sum, count) => sum + count, 0);
    return letters.map((count) => Math.abs(count / total - 1 / letters.length));
  });
  return gaps.length === 0 ? null : Math.max(...gaps);
}
