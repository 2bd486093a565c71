/**
 * Scores of readings: over all items, and by every grouping that the items carry.
 */
import { Rng } from "../../core/math/index.ts";
import { accuracy, chanceLevel } from "../../core/metrics/index.ts";
import type { BenchmarkItem, Reading } from "./benchmark.ts";

/**
 * Percent right of n with its 95 % interval clustered by video (null where it was not asked for, or of nothing). n counts
 * unparsed replies, which are wrong, and leaves out unjudged ones.
 */
export type ItemScore = Readonly<{
  n: number;
  correct: number;
  unparsed: number;
  unjudged: number;
  accuracy: number | null;
  low: number | null;
  high: number | null;
  /** Percent right by guessing among the options. */
  chance: number | null;
}>;

export type ReadItem = Readonly<{ item: BenchmarkItem; reading: Reading }>;

/** Scores by grouping ("task") and group ("yes_no"), in order of the items. */
export type GroupScores = Readonly<Record<string, Readonly<Record<string, ItemScore>>>>;

export type ItemScores = Readonly<{ all: ItemScore; groups: GroupScores; macro: number | null }>;

export type ScoreItemsOptions = Readonly<{
  groupings: readonly string[];
  /** Grouping whose groups are averaged in `macro`. */
  macro?: string;
  seed?: number;
  /** 0 leaves intervals out. Default 1000. */
  resamples?: number;
}>;

export function scoreItems(rows: readonly ReadItem[], options: ScoreItemsOptions): ItemScores {
  const groups = Object.fromEntries(
    options.groupings.map((grouping) => {
      const byGroup = new Map<string, ReadItem[]>();
      for (const row of rows) {
        const group = row.item.groups[grouping];
        if (group === undefined) continue;
        const list = byGroup.get(group);
        if (list) list.push(row);
        else byGroup.set(group, [row]);
      }
      const scores = [...byGroup].map(([group, list]) => [group, scoreOf(list, `${grouping}/${group}`, options)]);
      return [grouping, Object.fromEntries(scores) as Record<string, ItemScore>];
    }),
  );
  const parts = options.macro === undefined ? [] : Object.values(groups[options.macro] ?? {});
  const known = parts.flatMap((part) => part.accuracy ?? []);
  const macro = known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
  return { all: scoreOf(rows, "all", options), groups, macro };
}

function scoreOf(
  rows: readonly ReadItem[],
  label: string,
  { seed = 0, resamples = 1000 }: ScoreItemsOptions,
): ItemScore {
  const counted = rows.filter(({ reading }) => reading.kind !== "unjudged");
  const isRight = ({ reading }: ReadItem) => reading.kind === "read" && reading.correct;
  const n = counted.length;
  const correct = counted.filter(isRight).length;
  const base = {
    n,
    correct,
    unparsed: counted.filter(({ reading }) => reading.kind === "unparsed").length,
    unjudged: rows.length - n,
    chance: chanceLevel(counted.flatMap(({ item }) => (item.options.length > 0 ? item.options.length : []))),
  };
  if (n === 0 || resamples === 0)
    return { ...base, accuracy: n === 0 ? null : (100 * correct) / n, low: null, high: null };
  const outcomes = counted.map((row) => ({ correct: isRight(row), cluster: row.item.video }));
  const rng = new Rng(`bootstrap/${seed}`).fork(label);
  const { value, low, high } = accuracy(outcomes, { rng, resamples });
  return { ...base, accuracy: value, low, high };
}
