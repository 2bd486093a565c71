/**
 * TempCompass's scores as its scripts print them (utils/eval_utils.py, print_result): per task the micro average, the five
 * aspects and the eleven fine ones, one decimal; beside them the rules alone, our own reading, and intervals.
 *
 * The official script adds a judge's -1 to the sum; here an item that no judge decided is unjudged and counts nowhere.
 */
import type { BenchmarkItem } from "./benchmark.ts";
import { roundToTenth } from "./python-round.ts";
import { readReplies } from "./read-replies.ts";
import { type ItemScore, type ReadItem, scoreItems } from "./score-items.ts";
import { fineAspects, type TempCompassTask, tempCompassAspects, tempCompassTasks } from "./tempcompass-data.ts";

/** Official: rules, then the judge. Rule only: the official --disable_llm. Default: our reading; captions by word overlap. */
export const tempCompassSchemes = ["official", "ruleOnly", "default"] as const;
export type TempCompassScheme = (typeof tempCompassSchemes)[number];

export type TaskScore = Readonly<{
  /** Percent, one decimal as Python rounds; null of nothing. */
  avg: number | null;
  aspects: Readonly<Record<string, number | null>>;
  fineAspects: Readonly<Record<string, number | null>>;
  /** Counts and interval of the average, unrounded. */
  score: ItemScore;
  aspectScores: Readonly<Record<string, ItemScore>>;
}>;

export type TempCompassScore = Readonly<{
  tasks: Readonly<Partial<Record<TempCompassTask, Readonly<Record<TempCompassScheme, TaskScore>>>>>;
  /** How many replies an official rule reads, of how many; captions have none. */
  matched: Readonly<Partial<Record<TempCompassTask, Readonly<{ count: number; of: number; rate: number | null }>>>>;
  /** Micro average over all items of all tasks by scheme; null for rules alone. */
  all: Readonly<Record<TempCompassScheme, ItemScore>>;
}>;

export type TempCompassScoreOptions = Readonly<{
  /** Verdicts of a judge by item id. Without any, official is rules alone and captions are unjudged. */
  verdicts?: ReadonlyMap<string, boolean> | undefined;
  seed?: number;
  resamples?: number;
}>;

/** Score replies (by item id; text, null, or what is no text). Items without a reply are left out. */
export function scoreTempCompass(
  items: readonly BenchmarkItem[],
  replies: ReadonlyMap<string, unknown>,
  options: TempCompassScoreOptions = {},
): TempCompassScore {
  const rows: Record<TempCompassScheme, readonly ReadItem[]> = {
    official: readReplies(items, replies, { reader: "official", verdicts: options.verdicts }),
    ruleOnly: readReplies(items, replies, { reader: "official" }),
    default: readReplies(items, replies, { reader: "default" }),
  };
  const tasks = Object.fromEntries(
    tempCompassTasks.flatMap((task) => {
      if (!rows.official.some(({ item }) => item.groups.task === task)) return [];
      const scores = tempCompassSchemes.map((scheme) => {
        const list = rows[scheme].filter(({ item }) => item.groups.task === task);
        return [scheme, taskScore(task, list, scheme, options)];
      });
      return [[task, Object.fromEntries(scores) as Record<TempCompassScheme, TaskScore>]];
    }),
  );
  const matched = Object.fromEntries(
    tempCompassTasks.flatMap((task) => {
      const list = rows.ruleOnly.filter(({ item }) => item.groups.task === task);
      if (task === "captioning" || list.length === 0) return [];
      const count = list.filter(({ reading }) => reading.kind === "read").length;
      return [[task, { count, of: list.length, rate: roundToTenth((count / list.length) * 100) }]];
    }),
  );
  const all = Object.fromEntries(
    tempCompassSchemes.map((scheme) => [scheme, overall(rows[scheme], scheme, options)]),
  ) as Record<TempCompassScheme, ItemScore>;
  return { tasks, matched, all };
}

function overall(
  rows: readonly ReadItem[],
  scheme: TempCompassScheme,
  { seed = 0, resamples = 1000 }: TempCompassScoreOptions,
): ItemScore {
  return scoreItems(rows, { groupings: [], seed, resamples: scheme === "ruleOnly" ? 0 : resamples }).all;
}

function taskScore(
  task: TempCompassTask,
  rows: readonly ReadItem[],
  scheme: TempCompassScheme,
  { seed, resamples }: TempCompassScoreOptions,
): TaskScore {
  const options = { ...(seed !== undefined && { seed }), ...(resamples !== undefined && { resamples }) };
  // Rules alone repeat the official figures but for a few items: their intervals are not worth the time.
  const quick = scheme === "ruleOnly" ? { resamples: 0 } : {};
  const { all, groups } = scoreItems(rows, { ...options, ...quick, groupings: ["aspect"] });
  const fine = scoreItems(rows, { groupings: ["fine aspect"], resamples: 0 }).groups["fine aspect"] ?? {};
  const aspectScores = pick(groups.aspect ?? {}, task, tempCompassAspects);
  return {
    avg: roundToTenth(all.accuracy),
    aspects: rounded(aspectScores),
    fineAspects: rounded(pick(fine, task, fineAspects)),
    score: all,
    aspectScores,
  };
}

function pick(
  scores: Readonly<Record<string, ItemScore>>,
  task: string,
  names: readonly string[],
): Record<string, ItemScore> {
  const present = names.flatMap((name) => {
    const score = scores[`${task}: ${name}`];
    return score ? [[name, score] as const] : [];
  });
  return Object.fromEntries(present);
}

function rounded(scores: Readonly<Record<string, ItemScore>>): Record<string, number | null> {
  return Object.fromEntries(Object.entries(scores).map(([name, { accuracy }]) => [name, roundToTenth(accuracy)]));
}

/** The headline figures: percent, one decimal; null where nothing was scored. */
export function tempCompassSummary(
  { tasks, matched, all }: TempCompassScore,
  coverage: Readonly<{ predicted: number; of: number }>,
) {
  const four = <T>(of: (task: TempCompassTask) => T) => ({
    multiChoice: of("multi-choice"),
    yesNo: of("yes_no"),
    captionMatching: of("caption_matching"),
    captioning: of("captioning"),
  });
  return {
    ...four((task) => tasks[task]?.official.avg ?? null),
    ruleOnly: four((task) => tasks[task]?.ruleOnly.avg ?? null),
    default: four((task) => tasks[task]?.default.avg ?? null),
    matched: four((task) => matched[task]?.count ?? null),
    all: all.official.accuracy,
    unparsed: all.official.unparsed,
    unjudged: all.official.unjudged,
    ...coverage,
  };
}
