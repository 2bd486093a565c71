/**
 * The gap decomposition: where, between a perfect answer and what the full model says, accuracy is lost.
 *
 * P is the probe (what the encoder keeps), D the decoder on captions (what it makes of the same video in words), F the full
 * model, in percent:
 *   lost in the encoder    100 - P
 *   lost in the decoder    P - D
 *   lost in the interface  min(P, D) - F
 * Where D <= P the three add up to 100 - F. Nothing is clipped: a negative loss in the decoder says that captions tell more than
 * the probe finds in the tokens, a negative loss in the interface that the full model beats the weaker of its parts. The probe
 * was trained for the task and the decoder was not, so P - D is a bound of what the decoder leaves lying, not its fault alone.
 */
import {
  clusterBootstrap,
  type JointEstimate,
  type JointObservation,
  jointBootstrap,
  type MeanOf,
  Rng,
} from "../core/math/index.ts";
import { type PaperTask, type ProbingAspect, paperTaskOf, paperTasks } from "../synthesis/index.ts";
import type { ProbeOutcome } from "./probe-arm.ts";
import type { TextOutcome } from "./text-arms.ts";

/** A figure in percent or points with its 95 % interval, clustered by video; null where there was nothing to measure. */
export type Figure = Readonly<{ value: number | null; low: number | null; high: number | null }>;

/** n counts answers: questions, times seeds for probes. */
export type ArmFigure = Figure & Readonly<{ n: number; unparsed: number; compat: number | null }>;

export type GapRow = Readonly<{
  /** An aspect, one of the paper's tasks, or "all". */
  label: string;
  level: "aspect" | "task" | "all";
  chance: number;
  videos: number;
  full: ArmFigure;
  decoder: ArmFigure;
  probe: ArmFigure;
  linear: ArmFigure;
  lostInEncoder: Figure;
  lostInDecoder: Figure;
  lostInInterface: Figure;
}>;

export type ArmOutcomes = Readonly<{
  full: readonly TextOutcome[];
  decoder: readonly TextOutcome[];
  probe: readonly ProbeOutcome[];
}>;

const armNames = ["full", "decoder", "probe", "linear"] as const;
type ArmName = (typeof armNames)[number];
type FigureName = ArmName | "lostInEncoder" | "lostInDecoder" | "lostInInterface";

/** One answer of one arm. */
type Cell = Readonly<{ arm: ArmName; aspect: string; id: string; video: string; run?: number; correct: boolean }>;

export type GapOptions = Readonly<{ seed?: number; resamples?: number }>;

/**
 * A row an aspect, a row for each of the paper's tasks that has aspects (their mean), a row for the mean of those. A loss is
 * taken over the aspects for which all arms that it needs were run.
 */
export function gapRows(aspects: readonly ProbingAspect[], outcomes: ArmOutcomes, options: GapOptions = {}): GapRow[] {
  const cells: Cell[] = [
    ...outcomes.full.map((each): Cell => ({ arm: "full", ...each })),
    ...outcomes.decoder.map((each): Cell => ({ arm: "decoder", ...each })),
    ...outcomes.probe.map(
      ({ kind, seed, ...each }): Cell => ({ arm: kind === "lstm" ? "probe" : "linear", run: seed, ...each }),
    ),
  ];
  const row = (label: string, level: GapRow["level"], groups: readonly (readonly ProbingAspect[])[]) =>
    gapRow({ label, level, groups }, { cells, outcomes, ...options });
  const tasks = paperTasks
    .map((task) => ({ task, own: aspects.filter((aspect) => paperTaskOf[aspect.task] === task) }))
    .filter(({ own }) => own.length > 0);
  return [
    ...aspects.map((aspect) => row(aspect.id, "aspect", [[aspect]])),
    ...tasks.map(({ task, own }) => row(task, "task", [own])),
    ...(tasks.length > 1
      ? [
          row(
            "all",
            "all",
            tasks.map(({ own }) => own),
          ),
        ]
      : []),
  ];
}

type Wanted = Pick<GapRow, "label" | "level"> & Readonly<{ groups: readonly (readonly ProbingAspect[])[] }>;
type Given = GapOptions & Readonly<{ cells: readonly Cell[]; outcomes: ArmOutcomes }>;

function gapRow({ label, level, groups }: Wanted, { cells, outcomes, seed = 0, resamples = 2000 }: Given): GapRow {
  const ids = new Set(groups.flat().map(({ id }) => id));
  const own = cells.filter(({ aspect }) => ids.has(aspect));
  const rng = new Rng(`gap/${seed}`).fork(label);
  const present = new Set(own.map(measureOf));
  const figures = jointBootstrap(
    own.map(({ video, run, correct, ...cell }): JointObservation => {
      return { measure: measureOf(cell), cluster: video, ...(run !== undefined && { run }), value: correct ? 100 : 0 };
    }),
    (mean) => figuresOf(mean, groups, present),
    { rng, resamples },
  );
  const videos = new Set(own.map(({ video }) => video));
  const figure = (name: FigureName): Figure => withConstant(figures[name], name, { videos, rng });
  const texts = (arm: "full" | "decoder") => outcomes[arm].filter(({ aspect }) => ids.has(aspect));
  const textArm = (arm: "full" | "decoder"): ArmFigure => {
    const answers = texts(arm);
    const compat = meanOver(groups, (aspect) =>
      percent(
        answers.filter((each) => each.aspect === aspect),
        "compat",
      ),
    );
    const unparsed = answers.filter((each) => each.unparsed).length;
    return { ...figure(arm), n: answers.length, unparsed, compat };
  };
  const probeArm = (arm: "probe" | "linear"): ArmFigure => {
    const n = own.filter((cell) => cell.arm === arm).length;
    return { ...figure(arm), n, unparsed: 0, compat: null };
  };
  return {
    label,
    level,
    chance: meanOver(groups, (_, { classes }) => 100 / classes.length) ?? 0,
    videos: videos.size,
    full: textArm("full"),
    decoder: textArm("decoder"),
    probe: probeArm("probe"),
    linear: probeArm("linear"),
    lostInEncoder: figure("lostInEncoder"),
    lostInDecoder: figure("lostInDecoder"),
    lostInInterface: figure("lostInInterface"),
  };
}

function measureOf({ arm, aspect }: Pick<Cell, "arm" | "aspect">): string {
  return `${arm}/${aspect}`;
}

/** Means over groups of means over their aspects, of the aspects that have the arms which a figure needs. */
function figuresOf(
  mean: MeanOf,
  groups: readonly (readonly ProbingAspect[])[],
  present: ReadonlySet<string>,
): Record<FigureName, number> {
  const over = (arm: ArmName, needed: readonly ArmName[] = [arm]): number => {
    const has = ({ id }: ProbingAspect) => needed.every((each) => present.has(measureOf({ arm: each, aspect: id })));
    return meanOver(groups, (aspect) => mean(measureOf({ arm, aspect })), has) ?? Number.NaN;
  };
  const all = ["probe", "decoder", "full"] as const;
  const both = ["probe", "decoder"] as const;
  return {
    full: over("full"),
    decoder: over("decoder"),
    probe: over("probe"),
    linear: over("linear"),
    lostInEncoder: 100 - over("probe"),
    lostInDecoder: over("probe", both) - over("decoder", both),
    lostInInterface: Math.min(over("probe", all), over("decoder", all)) - over("full", all),
  };
}

/** Mean over groups of the means over their aspects; groups without a value are left out; null where none has one. */
function meanOver(
  groups: readonly (readonly ProbingAspect[])[],
  value: (id: string, aspect: ProbingAspect) => number | null,
  has: (aspect: ProbingAspect) => boolean = () => true,
): number | null {
  const average = (values: readonly (number | null)[]) => {
    const known = values.filter((each) => each !== null);
    return known.length === 0 ? null : known.reduce((sum, each) => sum + each, 0) / known.length;
  };
  return average(groups.map((group) => average(group.filter(has).map((aspect) => value(aspect.id, aspect)))));
}

function percent(answers: readonly TextOutcome[], key: "correct" | "compat"): number | null {
  return answers.length === 0 ? null : (100 * answers.filter((each) => each[key]).length) / answers.length;
}

/**
 * Where every draw says the same (all videos right, say) resampling gives a width of zero; then the exact bound of
 * clusterBootstrap takes its place.
 */
function withConstant(
  { value, low, high, spread }: JointEstimate,
  name: FigureName,
  { videos, rng }: Readonly<{ videos: ReadonlySet<string>; rng: Rng }>,
): Figure {
  if (value === null || spread > 0) return { value, low, high };
  const least = name === "lostInDecoder" || name === "lostInInterface" ? -100 : 0;
  const observations = Array.from(videos, (cluster) => ({ cluster, value }));
  const bound = clusterBootstrap(observations, [least, 100], { rng });
  return { value, low: bound.low, high: bound.high };
}

/** What T3 reports for a task, with the same three losses. */
export type PaperRow = Readonly<{
  name: string;
  task: PaperTask;
  full: number;
  decoder: number;
  probe: number;
  lostInEncoder: number;
  lostInDecoder: number;
  lostInInterface: number;
}>;

/** The losses of published accuracies. */
export function paperRow(
  name: string,
  task: PaperTask,
  { probe, decoder, full }: Readonly<{ probe: number; decoder: number; full: number }>,
): PaperRow {
  return {
    ...{ name, task, full, decoder, probe },
    lostInEncoder: 100 - probe,
    lostInDecoder: probe - decoder,
    lostInInterface: Math.min(probe, decoder) - full,
  };
}
