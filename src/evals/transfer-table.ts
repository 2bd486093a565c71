/**
 * The table of the transfer: tasks by {baseline, control, T3} with paired differences, and its headline figures.
 *
 * The baseline is the shipped model, not trained anew per seed: baseline runs with the same replies are one run, so that
 * its n does not grow with the number of seeds.
 */
import { mean } from "../core/math/index.ts";
import type { Difference } from "../core/metrics/index.ts";
import { staticTasks, type TaskName, temporalTasks } from "../tasks/index.ts";
import type { Answer } from "./answer.ts";
import { aggregateSeeds, compareSeeds, type Score, type ScoreOptions } from "./score.ts";

/** The answers of one seed: before training, after the control, after T3, over the same questions; an id names the same in every run. */
export type TransferRun = Readonly<{
  seed: number;
  baseline: readonly Answer[];
  control: readonly Answer[];
  t3: readonly Answer[];
}>;

export type Arm = "baseline" | "control" | "t3";

export type TransferRow = Readonly<{
  /** A task, or "temporal (all)", "static (all)". */
  label: TaskName | "temporal (all)" | "static (all)";
  kind: "temporal" | "static";
  total: boolean;
  chance: number | null;
  /** T3 minus baseline, T3 minus control, in points. */
  gain: Difference;
  gainOverControl: Difference;
}> &
  Readonly<Record<Arm, Score>>;

/** One seed's scores over all questions of a kind, in percent. */
export type SeedScores = Readonly<{ seed: number }> &
  Readonly<Record<"temporal" | "static", Record<Arm, number | null>>>;

export type TransferTable = Readonly<{
  rows: readonly TransferRow[];
  perSeed: readonly SeedScores[];
  seeds: number;
  videos: number;
  questions: number;
}>;

/** Headline figures in percent and points; null where there was nothing to measure. */
export type TransferSummary = Readonly<{
  baselineTemporal: number | null;
  controlTemporal: number | null;
  t3Temporal: number | null;
  baselineStatic: number | null;
  t3Static: number | null;
  gain: number | null;
  gainLow: number | null;
  gainHigh: number | null;
  gainOverControl: number | null;
  seeds: number;
  videos: number;
  questions: number;
}>;

/** Rows for every task with questions, then the two totals. Throws when the three arms were not asked the same questions. */
export function transferTable(runs: readonly TransferRun[], options: ScoreOptions = {}): TransferTable {
  const baseline = aggregateSeeds(withoutRepeats(runs.map((run) => run.baseline)), options);
  const control = aggregateSeeds(
    runs.map((run) => run.control),
    options,
  );
  const t3 = aggregateSeeds(
    runs.map((run) => run.t3),
    options,
  );
  const gain = compareSeeds(
    runs.map((run) => ({ base: run.baseline, other: run.t3 })),
    options,
  );
  const over = compareSeeds(
    runs.map((run) => ({ base: run.control, other: run.t3 })),
    options,
  );
  const tasks = [...temporalTasks, ...staticTasks].flatMap((label): TransferRow[] => {
    const scores = { baseline: baseline.tasks[label], control: control.tasks[label], t3: t3.tasks[label] };
    const differences = { gain: gain.tasks[label], gainOverControl: over.tasks[label] };
    if (!scores.baseline || !scores.control || !scores.t3 || !differences.gain || !differences.gainOverControl)
      return [];
    const kind = (temporalTasks as readonly TaskName[]).includes(label) ? "temporal" : "static";
    return [{ label, kind, total: false, chance: scores.t3.chance, ...scores, ...differences } as TransferRow];
  });
  const totals = (["temporal", "static"] as const).map(
    (kind): TransferRow => ({
      label: `${kind} (all)`,
      kind,
      total: true,
      chance: t3[kind].chance,
      baseline: baseline[kind],
      control: control[kind],
      t3: t3[kind],
      gain: gain[kind],
      gainOverControl: over[kind],
    }),
  );
  const samples = runs.flatMap((run) => run.t3.map(({ sample }) => sample));
  return {
    rows: [...tasks, ...totals],
    perSeed: runs.map(seedScores),
    seeds: runs.length,
    videos: new Set(samples.map(({ video }) => video)).size,
    questions: new Set(samples.map(({ id, video }) => `${video}\n${id}`)).size,
  };
}

/** The headline figures of a table. */
export function transferSummary(table: TransferTable): TransferSummary {
  const total = (kind: string) => table.rows.find((row) => row.total && row.kind === kind) as TransferRow;
  const [temporal, still] = [total("temporal"), total("static")];
  return {
    baselineTemporal: temporal.baseline.accuracy,
    controlTemporal: temporal.control.accuracy,
    t3Temporal: temporal.t3.accuracy,
    baselineStatic: still.baseline.accuracy,
    t3Static: still.t3.accuracy,
    gain: temporal.gain.value,
    gainLow: temporal.gain.low,
    gainHigh: temporal.gain.high,
    gainOverControl: temporal.gainOverControl.value,
    seeds: table.seeds,
    videos: table.videos,
    questions: table.questions,
  };
}

function withoutRepeats(runs: readonly (readonly Answer[])[]): (readonly Answer[])[] {
  const key = (answers: readonly Answer[]) =>
    JSON.stringify(answers.map(({ sample, reply }) => [sample.id, sample.video, reply]));
  return [...new Map(runs.map((answers) => [key(answers), answers])).values()];
}

function seedScores({ seed, ...arms }: TransferRun): SeedScores {
  const share = (answers: readonly Answer[], kind: "temporal" | "static") =>
    mean(answers.filter(({ sample }) => sample.kind === kind).map(({ correct }) => (correct ? 100 : 0)));
  const of = (kind: "temporal" | "static") => ({
    baseline: share(arms.baseline, kind),
    control: share(arms.control, kind),
    t3: share(arms.t3, kind),
  });
  return { seed, temporal: of("temporal"), static: of("static") };
}
