/** Rows of a run under one reading: the figure, its interval, and the paired difference to what was recorded. */
import type { Estimate } from "../core/math/index.ts";
import {
  compareOutcomes,
  figuresOf,
  intervalText,
  type Outcome,
  outcomeOf,
  percentText,
  type RunRow,
  signedText,
  textTable,
} from "../evals/index.ts";

export type Rescored = Readonly<{
  name: string;
  n: number;
  unparsed: number;
  unjudged: number;
  value: number | null;
  low: number | null;
  high: number | null;
  /** By metric, in percent. */
  metrics: Readonly<Record<string, number | null>>;
  /** To the recorded values, paired; null for these themselves. */
  difference: Estimate | null;
}>;

type Options = Readonly<{ base: readonly RunRow[] | readonly Outcome[]; metric: string; seed: number }>;

/** Figures of rows as they read now. */
export function rescoredOf(
  name: string,
  rows: readonly RunRow[] | readonly Outcome[],
  { base, metric, seed }: Options,
): Rescored {
  const [own, recorded] = [outcomes(rows), outcomes(base)];
  const { metrics, counts } = figuresOf(
    own.map((each) => ({ ...each, groups: {} })),
    { seed },
  );
  const main = metrics[metric];
  const { difference } = compareOutcomes(recorded, own, { metric, seed });
  return {
    name,
    n: main?.n ?? 0,
    unparsed: counts.unparsed,
    unjudged: counts.unjudged,
    value: main?.value ?? null,
    low: main?.low ?? null,
    high: main?.high ?? null,
    metrics: Object.fromEntries(Object.entries(metrics).map(([each, { value }]) => [each, value])),
    difference: rows === base ? null : difference,
  };
}

/** The metric of the differences first, then the others. */
export function rescoreTable(all: readonly Rescored[], metric: string): string {
  const others = [...new Set(all.flatMap(({ metrics }) => Object.keys(metrics)))].filter((name) => name !== metric);
  const rows = all.map(({ name, n, unparsed, value, low, high, metrics, difference }) => [
    name,
    percentText(value),
    intervalText(low, high),
    ...others.map((other) => percentText(metrics[other] ?? null)),
    difference === null ? "" : signedText(difference.value),
    difference === null ? "" : intervalText(difference.low, difference.high),
    String(unparsed),
    String(n),
  ]);
  return textTable(["read by", metric, "95 %", ...others, "- recorded", "95 %", "unparsed", "n"], rows);
}

/**
 * How far readings are apart: of scores, where a reading applies to every sample, and of paired differences to the recorded score.
 * `partial` names the readings that apply to some samples only (letters, where there are lettered options).
 */
export type Spread = Readonly<{
  low: number | null;
  high: number | null;
  below: number | null;
  above: number | null;
  partial: readonly string[];
}>;

export function spreadOf(recorded: Rescored, others: readonly Rescored[]): Spread {
  const isWhole = ({ unjudged }: Rescored) => unjudged <= recorded.unjudged;
  const values = [recorded, ...others].flatMap((each) => (each.value !== null && isWhole(each) ? [each.value] : []));
  const differences = others.flatMap(({ difference }) => difference?.value ?? []);
  const partial = others.filter((each) => !isWhole(each)).map(({ name }) => name);
  return { ...ends("low", "high", values), ...ends("below", "above", differences), partial };
}

function ends<A extends string, B extends string>(low: A, high: B, values: readonly number[]) {
  const [a, b] = values.length === 0 ? [null, null] : [Math.min(...values), Math.max(...values)];
  return { [low]: a, [high]: b } as Record<A | B, number | null>;
}

/** The spread in a sentence or two; nothing where there is nothing to compare. */
export function spreadText({ low, high, below, above, partial }: Spread): string[] {
  if (low === null || high === null || below === null || above === null) return [];
  const scores =
    percentText(low) === percentText(high)
      ? []
      : [`The same replies score ${percentText(low)} to ${percentText(high)}.`];
  const isAgreed = signedText(below) === "0.0" && signedText(above) === "0.0";
  const isSame = percentText(low) === percentText(high) && isAgreed;
  const paired = isAgreed
    ? "Sample by sample they agree: what differs is which samples count."
    : `Sample by sample, where both count, readings are ${signedText(below)} to ${signedText(above)} points from the recorded one.`;
  return [
    isSame ? "All readings give the recorded score." : [...scores, paired].join(" "),
    ...(partial.length === 0
      ? []
      : [`Only for samples with lettered options: ${partial.join(", ")}; their scores are no whole score.`]),
  ];
}

function outcomes(rows: readonly RunRow[] | readonly Outcome[]): readonly Outcome[] {
  return rows.map((row) => ("values" in row && "status" in row ? (row as Outcome) : outcomeOf(row as RunRow)));
}
