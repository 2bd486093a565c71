/**
 * NumPro-FT's training rows from any annotations of moments: "During which frames can we see ...?" - "From x to y." (B6).
 *
 * Frame numbers stand in the text because that is what is trained; the seconds they came from, the rate and the number of
 * frames stand beside it, so that a trainer shows exactly the frames that were counted.
 */
import type { VideoMoments } from "../../data/index.ts";
import { numproAnswer, numproQuestion } from "../../tasks/index.ts";
import { frameNotation, renderTurns, type VtimellmRow, type VtimellmTurn } from "../vtimellm/index.ts";
import {
  type FramePlan,
  longvaBudget,
  mostTokens,
  numbersOf,
  type Overflow,
  planFrames,
  type TokenBudget,
} from "./frame-plan.ts";

/** A row as the reference's loader reads it, with `meta` beside what it knows. */
export type NumproRow = Readonly<{
  id: string;
  /** Name of the file without its ending; the loader adds .mp4. */
  video: string;
  source?: string;
  conversations: readonly VtimellmTurn[];
  meta: Readonly<{
    duration: number;
    /** The part of the file that is shown, in its seconds; absent: all of it. */
    split?: readonly [number, number];
    /** The moment in seconds, where the row asks for one. */
    span?: readonly [number, number];
    /** Numbers a second, and how many frames there are: frame k shows second k / rate and carries number k. */
    rate: number;
    frames: number;
  }>;
}>;

export type NumproOptions = Readonly<{
  /** Frames and numbers a second. Default 0.5, the paper's. */
  rate?: number;
  budget?: TokenBudget;
  /** What becomes of videos with more frames than fit. Default "sparser". */
  overflow?: Overflow;
  source?: string;
}>;

/** A row, or why there is none; `query` names what was skipped. */
export type NumproOutcome = NumproRow | Readonly<{ skip: string; query: string }>;

/** What stands for the frames. */
const imageToken = "<image>";

/** A row for every moment of a video. */
export function numproRows({ video, duration, moments }: VideoMoments, options: NumproOptions = {}): NumproOutcome[] {
  return moments.map((moment, i) => {
    const query = moment.label.trim();
    if (query === "") return { skip: "no words", query };
    if (!(moment.start < moment.end)) return { skip: "no length", query };
    if (moment.start >= duration) return { skip: "begins behind the video's end", query };
    const question = `${imageToken}\n${numproQuestion(query)}`;
    // The longest answer that any plan can give.
    const plan = planOf(duration, [question, numproAnswer(99_999, 99_999)], options);
    if ("skip" in plan) return { ...plan, query };
    if (plan.frames < 2) return { skip: "a video of one frame", query };
    const span = { start: Math.max(0, moment.start), end: Math.min(duration, moment.end) };
    return {
      id: `${video}#${i}`,
      video,
      ...(options.source !== undefined && { source: options.source }),
      conversations: [
        { from: "human", value: question },
        { from: "gpt", value: numproAnswer(...numbersOf(span, plan)) },
      ],
      meta: { duration, span: [span.start, span.end], rate: plan.rate, frames: plan.frames },
    };
  });
}

/** A VTimeLLM row (stage 2 or 3) with its times as frame numbers: the paper trains on both. */
export function numproFromVtimellm(row: VtimellmRow, options: NumproOptions = {}): NumproOutcome {
  const { id, meta, image } = row;
  const query = row.conversations[0]?.value ?? "";
  if (image !== undefined || meta === undefined) return { skip: "no times", query };
  const texts = renderTurns(row, () => "99999").map(({ value }) => value);
  const plan = planOf(meta.duration, texts, options);
  if ("skip" in plan) return { ...plan, query };
  const times = Array.from({ length: plan.frames }, (_, k) => k / plan.rate);
  const turns = renderTurns(row, frameNotation(times));
  const source = options.source ?? row.source;
  return {
    id,
    video: id,
    ...(source !== undefined && { source }),
    conversations: turns.map(({ from, value }) => ({ from, value: value.replace("<video>", imageToken) })),
    meta: {
      duration: meta.duration,
      ...(meta.split !== undefined && { split: meta.split }),
      rate: plan.rate,
      frames: plan.frames,
    },
  };
}

/** Tokens that a row takes at most; a trainer that cuts below this loses the answer. */
export function rowTokens({ conversations, meta }: NumproRow, { tokensPerFrame }: TokenBudget = longvaBudget): number {
  return meta.frames * tokensPerFrame + mostTokens(conversations.map(({ value }) => value));
}

function planOf(duration: number, texts: readonly string[], options: NumproOptions): FramePlan | { skip: string } {
  const { rate = 0.5, budget = longvaBudget, overflow = "sparser" } = options;
  if (!(rate > 0 && rate < Infinity)) throw new RangeError(`Expected frames a second above 0, got ${rate}.`);
  return planFrames(duration, { rate, texts, budget, overflow });
}
