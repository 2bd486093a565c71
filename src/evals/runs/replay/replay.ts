/**
 * A run "as lmms-eval", "as VTimeLLM": the same replies read by their rules, and for how many samples they would have shown the same
 * frames. A reply to other frames is not known; those samples would have to be asked again, and that is said, not pretended.
 */
import type { Outcome, RunConfig, RunRow, ShownFrame } from "../format/index.ts";
import { outcomeOf } from "../format/index.ts";
import { groundingOf } from "../grounding-row.ts";
import { parsersOf, type Rereading, rereadRow } from "../rescore.ts";
import { presetFrames, Timelines } from "./preset-frames.ts";
import type { ReplayPreset } from "./presets.ts";

/** same, other: than the run's frames. unknown: the log or the preset does not tell. */
export type FrameMatch = "same" | "other" | "unknown";

export type AskAgain = Readonly<{ id: string; video: string; frames: readonly ShownFrame[] }>;

export type Replay = Readonly<{
  preset: ReplayPreset;
  /** How it reads these replies; null: as they were read, for it has no rule of its own or cannot apply it (`why`). */
  reads: string | null;
  why: string | null;
  /** One a row, read by its rules. */
  outcomes: readonly Outcome[];
  frames: Readonly<Record<FrameMatch, number>>;
  /** Ids of samples to which the preset would have shown the same frames. */
  same: ReadonlySet<string>;
  /** What it would have shown to the others. */
  askAgain: readonly AskAgain[];
  /** Samples whose timeline was laid out evenly, for want of the file. */
  evenly: number;
}>;

/** Replay a run as each preset. Videos are opened for their timestamps alone. */
export async function replayRun(
  config: RunConfig,
  rows: readonly RunRow[],
  { presets, onRow }: Readonly<{ presets: readonly ReplayPreset[]; onRow?: (done: number) => void }>,
): Promise<Replay[]> {
  const timelines = new Timelines();
  const parsers = parsersOf(config, rows);
  const plans = presets.map((preset) => ({ preset, ...readingOf(preset, config, { rows, parsers }) }));
  const states = plans.map(() => ({
    outcomes: [] as Outcome[],
    frames: { same: 0, other: 0, unknown: 0 },
    same: new Set<string>(),
    askAgain: [] as AskAgain[],
    evenly: 0,
  }));
  for (const [done, row] of rows.entries()) {
    const known = config.look === "video" && row.temporal.frames !== null ? await timelines.of(row) : null;
    for (const [i, { preset, how }] of plans.entries()) {
      const state = states[i] as (typeof states)[0];
      state.outcomes.push(outcomeOf(how === null ? row : rereadRow(row, config, how)));
      if (known === null) {
        state.frames.unknown++;
        continue;
      }
      if (!known.isExact) state.evenly++;
      const frames = presetFrames(preset, known, row);
      if (isSame(frames, row.temporal.frames ?? [])) {
        state.frames.same++;
        state.same.add(row.doc.id);
      } else {
        state.frames.other++;
        state.askAgain.push({ id: row.doc.id, video: row.doc.video, frames });
      }
    }
    onRow?.(done + 1);
  }
  return plans.map(({ preset, reads, why }, i) => ({ preset, reads, why, ...(states[i] as (typeof states)[0]) }));
}

type Plan = Readonly<{ how: Rereading | null; reads: string | null; why: string | null }>;

function readingOf(
  { moments, letters }: ReplayPreset,
  { task }: RunConfig,
  { rows, parsers }: Readonly<{ rows: readonly RunRow[]; parsers: readonly string[] }>,
): Plan {
  const none = (why: string): Plan => ({ how: null, reads: null, why });
  if (task === "choice") {
    if (letters === null) return none("no rule of its own for options");
    return parsers.includes(letters)
      ? { how: { task, parser: letters }, reads: letters, why: null }
      : none("no question with lettered options");
  }
  if (task !== "grounding") return none("predictions hold spans, not text");
  if (moments === null) return none("no rule of its own for moments");
  const isText = rows.some((row) => groundingOf(row).answer?.kind === "text");
  const isKnown = rows.every((row) => Number.isFinite(groundingOf(row).query.duration));
  if (moments.convention === "vtimellm" && isText && !isKnown) return none("the videos' durations are not known");
  return { how: { task, rules: moments }, reads: moments.reads ?? moments.convention, why: null };
}

function isSame(a: readonly ShownFrame[], b: readonly ShownFrame[]): boolean {
  return a.length === b.length && a.every(({ src_index }, i) => src_index === b[i]?.src_index);
}
