/**
 * Scores of replies to a multiple-choice benchmark: by the profile's reader and by ours, by group, over the items that have a reply.
 */
import {
  type BenchmarkItem,
  type ItemScore,
  type ItemScores,
  type Problem,
  readReplies,
  scoreItems,
} from "./benchmarks/index.ts";
import { intervalText, percentText, problemLines, textTable } from "./text-table.ts";

export type FlatScore = Readonly<{
  profile: string;
  /** The profile's reader first, then ours. */
  readers: readonly [Readonly<{ reader: string } & ItemScores>, Readonly<{ reader: string } & ItemScores>];
  groupings: readonly string[];
  coverage: Readonly<{ predicted: number; of: number }>;
}>;

export type FlatScoreOptions = Readonly<{
  profile: string;
  groupings: readonly string[];
  macro?: string | undefined;
  /** Items of the whole benchmark. Default: those given. */
  of?: number;
  seed?: number;
  resamples?: number;
}>;

/** Score replies by item id (text, null, or what is no text). */
export function scoreFlatReplies(
  items: readonly BenchmarkItem[],
  replies: ReadonlyMap<string, unknown>,
  { profile, groupings, macro, of = items.length, ...sampling }: FlatScoreOptions,
): FlatScore {
  const options = { groupings, ...sampling, ...(macro !== undefined && { macro }) };
  const by = (reader: string) => ({ reader, ...scoreItems(readReplies(items, replies, { reader }), options) });
  return { profile, readers: [by(profile), by("default")], groupings, coverage: { predicted: replies.size, of } };
}

/** The headline figures: percent; null where nothing was scored. */
export function flatSummary({ readers: [official, ours], coverage }: FlatScore) {
  return {
    accuracy: official.all.accuracy,
    low: official.all.low,
    high: official.all.high,
    macro: official.macro,
    unparsed: official.all.unparsed,
    default: ours.all.accuracy,
    defaultUnparsed: ours.all.unparsed,
    n: official.all.n,
    ...coverage,
  };
}

/** Text without a final line end. */
export function formatFlat(title: string, score: FlatScore, problems: readonly Problem[]): string {
  const { profile, readers, groupings, coverage } = score;
  const [official, ours] = readers;
  const row = (name: string, a: ItemScore, b: ItemScore | undefined) => [
    name,
    ...[percentText(a.accuracy), intervalText(a.low, a.high), String(a.unparsed)],
    ...(b ? [percentText(b.accuracy), intervalText(b.low, b.high), String(b.unparsed)] : []),
    percentText(a.chance),
    String(a.n),
  ];
  const rows = groupings.flatMap((grouping) =>
    Object.entries(official.groups[grouping] ?? {}).map(([group, each]) =>
      row(`${grouping}: ${group}`, each, ours.groups[grouping]?.[group]),
    ),
  );
  const macro =
    official.macro === null ? [] : [["mean over groups", percentText(official.macro), "", "", percentText(ours.macro)]];
  const head = ["", profile, "95 %", "unparsed", "default", "95 %", "unparsed", "chance", "n"];
  const share = coverage.of === 0 ? "-" : `${((100 * coverage.predicted) / coverage.of).toFixed(1)} %`;
  return [
    `${title}, profile ${profile}: ${coverage.predicted} of ${coverage.of} items have a prediction (${share}); scores are over those.`,
    "",
    textTable(head, [...rows, row("all items", official.all, ours.all), ...macro]),
    "",
    "Percent right of n; unparsed replies count as wrong. Intervals are 95 %, resampled by video.",
    ...problemLines(problems).map((line) => `! ${line}`),
  ].join("\n");
}
