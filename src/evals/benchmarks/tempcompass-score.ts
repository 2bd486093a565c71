/**
 * TempCompass's scores as its scripts print them (utils/eval_utils.py, print_result): per task the micro average, the five
 * aspects and the eleven fine ones, one decimal; beside them the rules alone, our own reading, and intervals.
 *
 * The official script adds a judge's -1 to the sum; here an item that no judge decided is unjudged and counts nowhere.
 */
import type { BenchmarkItem, Reading } from "./benchmark.ts";
import { roundToTenth } from "./python-round.ts";
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
  const asked = items.filter(({ id }) => replies.has(id));
  const schemes = { official: new Map<string, Reading>(), ruleOnly: new Map<string, Reading>(), default: new Map() };
  for (const item of asked) {
    const reply = replies.get(item.id);
    const rule = readReply(item, "official", reply);
    schemes.ruleOnly.set(item.id, rule);
    schemes.official.set(item.id, options.verdicts ? judged(rule, reply, options.verdicts.get(item.id)) : rule);
    schemes.default.set(item.id, readReply(item, "default", reply));
  }
  const rowsOf = (list: readonly BenchmarkItem[], scheme: TempCompassScheme): ReadItem[] =>
    list.map((item) => ({ item, reading: schemes[scheme].get(item.id) as Reading }));
  const byTask = groupByTask(asked);
  const tasks = Object.fromEntries(
    tempCompassTasks.flatMap((task) => {
      const list = byTask.get(task);
      if (!list) return [];
      const scores = tempCompassSchemes.map((scheme) => [
        scheme,
        taskScore(task, rowsOf(list, scheme), scheme, options),
      ]);
      return [[task, Object.fromEntries(scores) as Record<TempCompassScheme, TaskScore>]];
    }),
  );
  const matched = Object.fromEntries(
    [...byTask].flatMap(([task, list]) => {
      if (task === "captioning") return [];
      const count = rowsOf(list, "ruleOnly").filter(({ reading }) => reading.kind === "read").length;
      return [[task, { count, of: list.length, rate: roundToTenth((count / list.length) * 100) }]];
    }),
  );
  const all = Object.fromEntries(
    tempCompassSchemes.map((scheme) => [scheme, overall(rowsOf(asked, scheme), scheme, options)]),
  ) as Record<TempCompassScheme, ItemScore>;
  return { tasks, matched, all };
}

function overall(
  rows: readonly ReadItem[],
  scheme: TempCompassScheme,
  { seed = 0, resamples = 1000 }: TempCompassScoreOptions,
) {
  return scoreItems(rows, { groupings: [], seed, resamples: scheme === "ruleOnly" ? 0 : resamples }).all;
}

/** The reading of a reply by one of an item's readers; null and what is no text cannot be read. */
export function readReply(item: BenchmarkItem, reader: string, reply: unknown): Reading {
  if (typeof reply === "string") return (item.read[reader] as NonNullable<(typeof item.read)[string]>)(reply);
  const got = reply === null ? "null" : Array.isArray(reply) ? "an array" : typeof reply;
  return { kind: "unparsed", reason: `the prediction is ${got}` };
}

/** A verdict, where there is one, is the official score: it was given under the rules of its day. */
function judged(rule: Reading, reply: unknown, verdict: boolean | undefined): Reading {
  if (verdict !== undefined) return { kind: "read", correct: verdict, rule: "judge" };
  if (rule.kind === "read" || typeof reply !== "string") return rule;
  return { kind: "unjudged", reason: "no rule matches and no judge has decided" };
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

function groupByTask(items: readonly BenchmarkItem[]): Map<TempCompassTask, BenchmarkItem[]> {
  const byTask = new Map<TempCompassTask, BenchmarkItem[]>();
  for (const item of items) {
    const task = item.groups.task as TempCompassTask;
    const list = byTask.get(task);
    if (list) list.push(item);
    else byTask.set(task, [item]);
  }
  return byTask;
}
