/**
 * How a benchmark of moments is asked: the prompt by its name, which frames are shown and whether they carry numbers, and what
 * numbers in a reply count. What is not said follows from the prompt, and from what a checkpoint says of itself (grounding.json).
 */
import type { GroundingHabits } from "../../chat/index.ts";
import type { SpanUnit } from "../../core/text/index.ts";
import type { OverlayStyle } from "../../media/overlay/index.ts";
import { atRate, type Sampler, type SamplerName, samplers } from "../../media/sampling/index.ts";
import {
  type DensePrompt,
  densePrompts,
  type GroundingPrompt,
  groundingPrompts,
  groundingUnit,
  type HighlightPrompt,
  highlightPrompts,
} from "../../tasks/index.ts";
import type { MomentTask } from "./moment-benchmark.ts";

export const momentPrompts = {
  grounding: groundingPrompts,
  highlights: highlightPrompts,
  captioning: densePrompts,
} as const satisfies Record<MomentTask, readonly string[]>;

export type MomentManner = Readonly<{
  asks:
    | Readonly<{ task: "grounding"; prompt: GroundingPrompt }>
    | Readonly<{ task: "highlights"; prompt: HighlightPrompt }>
    | Readonly<{ task: "captioning"; prompt: DensePrompt }>;
  /** Are numbers drawn on the frames, and how? */
  numbers: boolean;
  style: OverlayStyle;
  /** Font size as a share of the frames' shorter side, where the style has none. */
  numberScale: number | undefined;
  sampler: Sampler;
  /** Frames a video at most. */
  frames: number;
  /** Frames a second, where they are taken at a rate. */
  fps: number | undefined;
  /** What numbers without a unit count in replies. */
  unit: SpanUnit;
  maxNewTokens: number;
  /** Which frames, and what is on them, in words for a fingerprint. */
  shows: string;
}>;

export type MomentMannerOptions = Readonly<{
  prompt?: string | undefined;
  /** Default: where the prompt speaks of numbers. */
  numbers?: boolean | undefined;
  sampler?: SamplerName | undefined;
  fps?: number | undefined;
  frames?: number | undefined;
  style?: OverlayStyle;
  maxNewTokens?: number | undefined;
  habits?: GroundingHabits | null;
}>;

/** VTimeLLM's number of frames; NumPro-FT's reader shows 240 at most. */
const evenFrames = 100;
const mostFrames = 240;
/** NumPro's scripts allow 128 and 512 tokens, VTimeLLM's 1,024. */
const longest = { grounding: 128, highlights: 512, captioning: 1024 } as const;

/** Throws RangeError on a prompt that the task does not have, and on flags that contradict each other. */
export function momentManner(task: MomentTask, options: MomentMannerOptions = {}): MomentManner {
  const { numbers: wanted, style = {}, habits = null } = options;
  const asks = asksOf(task, options);
  const isEven = asks.prompt === "vtimellm";
  const numbers = asks.task !== "captioning" && wanted !== false && !isEven && asks.prompt !== "times";
  if (wanted === true && !numbers)
    throw new RangeError(`Expected no --numbers with prompt ${asks.prompt}, which speaks of none. Leave it out.`);
  if (wanted === false && asks.task === "highlights")
    throw new RangeError("Expected numbers on frames that are asked for highlights, got --no-numbers. Leave it out.");
  if (options.fps !== undefined && (isEven || options.sampler !== undefined))
    throw new RangeError(
      `Expected no --fps with ${isEven ? "prompt vtimellm, which spreads frames evenly" : "--sampler"}, got both. Pass --frames.`,
    );
  const fps = isEven || options.sampler !== undefined ? undefined : (options.fps ?? habits?.fps ?? defaultRate(task));
  const frames = options.frames ?? (fps === undefined ? evenFrames : mostFrames);
  const { color = "red", position = "bottom-right", fontSize } = style;
  const choice = fps === undefined ? `${options.sampler ?? "linspace"} ${frames}` : `${fps}/s, at most ${frames}`;
  const size =
    fontSize === undefined ? (habits ? `${habits.numberScale} of the side` : "default size") : `${fontSize} px`;
  return {
    asks,
    numbers,
    style,
    numberScale: habits?.numberScale,
    sampler: fps === undefined ? samplers[options.sampler ?? "linspace"] : atRate(fps),
    ...{ frames, fps },
    unit: asks.task === "grounding" ? groundingUnit(asks.prompt) : asks.task === "highlights" ? "frames" : "seconds",
    maxNewTokens: options.maxNewTokens ?? longest[task],
    shows: numbers ? `${choice}, numbered (${String(color)}, ${position}, ${size})` : choice,
  };
}

function defaultRate(task: MomentTask): number {
  return task === "highlights" ? 0.5 : 1;
}

function asksOf(task: MomentTask, { prompt, numbers, habits }: MomentMannerOptions): MomentManner["asks"] {
  switch (task) {
    case "grounding":
      return {
        task,
        prompt: named(groundingPrompts, prompt ?? (numbers === false ? "times" : habits?.prompt) ?? "numpro"),
      };
    case "highlights":
      return { task, prompt: named(highlightPrompts, prompt ?? "numpro") };
    case "captioning":
      return { task, prompt: named(densePrompts, prompt ?? "vtimellm") };
    default:
      return task satisfies never;
  }
}

function named<T extends string>(known: readonly T[], prompt: string): T {
  const found = known.find((each) => each === prompt);
  if (found) return found;
  throw new RangeError(`Expected --prompt to be one of ${known.join(", ")}, got "${prompt}".`);
}
