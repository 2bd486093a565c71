/**
 * VTimeLLM's row (A7 of the specification): a conversation with time tokens <s0>, <e0>, ... whose seconds stand beside it.
 *
 * Times stay seconds in the data. What a token becomes in the text is a choice of the model that reads it: two digits of a
 * hundred frames for VTimeLLM, a frame number for NumPro, seconds or a clock for others.
 */
import { z } from "zod";
import { formatTimestamp, hundredthAt, shareOfSecond } from "../../core/time/index.ts";

const turn = z.object({ from: z.enum(["human", "gpt"]), value: z.string() });
const seconds = z.number().min(0);

export const vtimellmRowSchema = z.looseObject({
  source: z.string().optional(),
  id: z.string(),
  /** A picture instead of a video: stage 1. */
  image: z.string().optional(),
  conversations: z.array(turn).min(1),
  meta: z
    .object({
      /** The part of the file that is used, in its seconds. Absent: the whole video. */
      split: z.tuple([seconds, seconds]).optional(),
      /** Length of the used part in seconds. */
      duration: z.number().positive(),
      /** Seconds from the start of the used part. */
      token: z.record(z.string().regex(/^<[se]\d+>$/), seconds),
    })
    .optional(),
});

export type VtimellmRow = Readonly<{
  source?: string | undefined;
  id: string;
  image?: string | undefined;
  conversations: readonly VtimellmTurn[];
  meta?: VtimellmMeta | undefined;
}>;
export type VtimellmTurn = Readonly<{ from: "human" | "gpt"; value: string }>;
export type VtimellmMeta = Readonly<{
  split?: readonly [start: number, end: number] | undefined;
  duration: number;
  token: Readonly<Record<string, number>>;
}>;

/** Check a parsed JSON value. Throws an Error that names the row and its fault. */
export function parseVtimellmRow(value: unknown, where: string): VtimellmRow {
  const result = vtimellmRowSchema.safeParse(value);
  if (!result.success) throw new Error(`Expected a VTimeLLM row in ${where}: ${z.prettifyError(result.error)}.`);
  const row: VtimellmRow = result.data;
  const missing = timeTokensIn(row).find((token) => row.meta?.token[token] === undefined);
  if (missing) throw new Error(`Expected seconds for ${missing} in meta.token of ${where}, got none.`);
  return row;
}

/** The time tokens in the turns of a row, each once, in order of appearance. */
export function timeTokensIn({ conversations }: Pick<VtimellmRow, "conversations">): string[] {
  return [...new Set(conversations.flatMap(({ value }) => value.match(/<[se]\d+>/g) ?? []))];
}

/** What a second becomes in the text. */
export type TimeNotation = (seconds: number, duration: number) => string;

export const timeNotationNames = ["vtimellm", "seconds", "clock", "percent"] as const;
export type TimeNotationName = (typeof timeNotationNames)[number];

/** Times as models write them, by name. */
export const timeNotations: Readonly<Record<TimeNotationName, TimeNotation>> = {
  /** The index of one of 100 frames, two digits: min(round(100 x / duration), 99), halves to even as Python rounds (A2). */
  vtimellm: (x, duration) => String(hundredthAt(x, duration)).padStart(2, "0"),
  seconds: (x) => `${x.toFixed(1)} seconds`,
  clock: (x) => formatTimestamp(x),
  percent: (x, duration) => `${Math.round(100 * shareOfSecond(x, duration))}%`,
};

/** The number of the frame, out of `count` frames at ascending seconds, that is nearest in time. For numbered frames. */
export function frameNotation(times: readonly number[], startIndex = 0): TimeNotation {
  if (times.length === 0) throw new RangeError("Expected at least one frame's time, got none.");
  return (seconds) => {
    let best = 0;
    times.forEach((time, i) => {
      if (Math.abs(time - seconds) < Math.abs((times[best] as number) - seconds)) best = i;
    });
    return String(startIndex + best);
  };
}

/** The turns of a row with every time token in a notation. */
export function renderTurns({ conversations, meta }: VtimellmRow, notation: TimeNotation): VtimellmTurn[] {
  if (meta === undefined) return [...conversations];
  const { token, duration } = meta;
  return conversations.map(({ from, value }) => ({
    from,
    value: value.replace(/<[se]\d+>/g, (name) => {
      const at = token[name];
      if (at === undefined) throw new RangeError(`Expected seconds for ${name} in meta.token, got none.`);
      return notation(at, duration);
    }),
  }));
}
