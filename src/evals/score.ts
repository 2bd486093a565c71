/**
 * Scores of runs per task and over all temporal and all static questions, and paired differences of two runs.
 *
 * A run is the list of answers of one seed. The score over all questions of a kind is the mean over questions; the mean over
 * tasks (`macro`) stands beside it. With several seeds every interval also resamples seeds (core/math, cluster-bootstrap).
 */
import { Rng } from "../core/math/index.ts";
import { accuracy, accuracyDifference, chanceLevel, type Difference, type Outcome } from "../core/metrics/index.ts";
import { type Sample, staticTasks, type TaskName, temporalTasks } from "../tasks/index.ts";
import type { Answer } from "./answer.ts";
import { countUnparsed } from "./evaluate.ts";

/** A score in percent with its 95 % interval clustered by video; n counts answers, unparsed ones included. */
export type Score = Readonly<{
  n: number;
  unparsed: number;
  accuracy: number | null;
  low: number | null;
  high: number | null;
  /** Percent right by guessing. */
  chance: number | null;
}>;

export type Scores = Readonly<{
  /** Only tasks with questions. */
  tasks: Readonly<Partial<Record<TaskName, Score>>>;
  temporal: Score;
  static: Score;
  /** Means over tasks, in percent. */
  macro: Readonly<{ temporal: number | null; static: number | null }>;
}>;

export type Differences = Readonly<{
  tasks: Readonly<Partial<Record<TaskName, Difference>>>;
  temporal: Difference;
  static: Difference;
}>;

/** Two runs over the same questions. */
export type RunPair = Readonly<{ base: readonly Answer[]; other: readonly Answer[] }>;

export type ScoreOptions = Readonly<{ seed?: number; resamples?: number }>;

/** The scores of one run. */
export function scoreRun(answers: readonly Answer[], options: ScoreOptions = {}): Scores {
  return aggregateSeeds([answers], options);
}

/** The scores of one model over several seeds: the mean over all their answers. */
export function aggregateSeeds(runs: readonly (readonly Answer[])[], options: ScoreOptions = {}): Scores {
  const rows = runs.flatMap((answers, run) => answers.map((answer) => ({ answer, run })));
  const score = (label: string, keep: (sample: Sample) => boolean): Score => {
    const kept = rows.filter(({ answer }) => keep(answer.sample));
    const outcomes = kept.map(
      ({ answer, run }): Outcome => ({ correct: answer.correct, cluster: answer.sample.video, run }),
    );
    const { n, value, low, high } = accuracy(outcomes, bootstrap(label, options));
    const answers = kept.map(({ answer }) => answer);
    const chance = chanceLevel(answers.map(({ sample }) => sample.options.length));
    return { n, unparsed: countUnparsed(answers), accuracy: value, low, high, chance };
  };
  const tasks = byTask(
    rows.map(({ answer }) => answer.sample),
    score,
  );
  const macro = (names: readonly TaskName[]) => {
    const present = names.flatMap((name) => tasks[name]?.accuracy ?? []);
    return present.length === 0 ? null : present.reduce((sum, value) => sum + value, 0) / present.length;
  };
  return { tasks, ...byKind(score), macro: { temporal: macro(temporalTasks), static: macro(staticTasks) } };
}

/** Accuracy of `other` minus accuracy of `base`, in points, over the same questions. */
export function compareRuns(
  base: readonly Answer[],
  other: readonly Answer[],
  options: ScoreOptions = {},
): Differences {
  return compareSeeds([{ base, other }], options);
}

/** The paired difference over several seeds; each pair is matched question by question. */
export function compareSeeds(pairs: readonly RunPair[], options: ScoreOptions = {}): Differences {
  const rows = pairs.flatMap(({ base, other }, run) => match(base, other).map((pair) => ({ ...pair, run })));
  const difference = (label: string, keep: (sample: Sample) => boolean): Difference => {
    const kept = rows.filter(({ base }) => keep(base.sample));
    const outcomes = kept.map(({ base, other, run }) => ({
      base: base.correct,
      other: other.correct,
      cluster: base.sample.video,
      run,
    }));
    return accuracyDifference(outcomes, bootstrap(label, options));
  };
  const samples = rows.map(({ base }) => base.sample);
  return { tasks: byTask(samples, difference), ...byKind(difference) };
}

type Measure<T> = (label: string, keep: (sample: Sample) => boolean) => T;

function byTask<T>(samples: readonly Sample[], measure: Measure<T>): Partial<Record<TaskName, T>> {
  const present = new Set(samples.map(({ task }) => task));
  const names = [...temporalTasks, ...staticTasks].filter((name) => present.has(name));
  return Object.fromEntries(names.map((name) => [name, measure(name, ({ task }) => task === name)]));
}

function byKind<T>(measure: Measure<T>): { temporal: T; static: T } {
  return {
    temporal: measure("temporal", ({ kind }) => kind === "temporal"),
    static: measure("static", ({ kind }) => kind === "static"),
  };
}

/** A stream of draws per row: a task more in a table does not move the interval of another. */
function bootstrap(label: string, { seed = 0, resamples = 2000 }: ScoreOptions) {
  return { rng: new Rng(`bootstrap/${seed}`).fork(label), resamples };
}

function match(base: readonly Answer[], other: readonly Answer[]): { base: Answer; other: Answer }[] {
  const others = new Map(other.map((answer) => [answer.sample.id, answer]));
  const same = (a: Sample, b: Sample) =>
    a.video === b.video && a.question === b.question && a.answerIndex === b.answerIndex;
  return base.map((answer) => {
    const partner = others.get(answer.sample.id);
    if (partner && same(partner.sample, answer.sample) && other.length === base.length)
      return { base: answer, other: partner };
    const got = partner ? `${other.length} answers, or another wording of it` : "no answer to it";
    throw new RangeError(
      `Expected two runs over the same ${base.length} questions, got ${got} in the other run for "${answer.sample.id}".`,
    );
  });
}
