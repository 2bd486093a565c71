/**
 * Frames as a model gets to see them, with what their numbers mean: one place where numbers are drawn, asked for and turned
 * back into seconds, by the times that the frames themselves carry.
 */
import { type Message, userMessage, type VideoPart } from "../chat/index.ts";
import { extractSpans, type SpanExtraction } from "../core/text/index.ts";
import { numbersByPlace, type OverlayStyle, visualPrompt } from "../media/overlay/index.ts";
import type { Frame } from "../media/video/index.ts";
import { type GroundingPrompt, groundingText, groundingUnit } from "./grounding.ts";
import { type HighlightPrompt, highlightText, readHighlights, type UnreadHighlights } from "./highlight.ts";

export type ShownFrames = Readonly<{
  /** With numbers drawn on, where there are any. */
  frames: readonly Frame[];
  /** The video's length in seconds. */
  duration: number;
  /** The first frame's number, or null where none are drawn. */
  startIndex: number | null;
  /** Of the numbers, in words. */
  color: string;
  /** The file, where the frames are as they lie in it, and what is known of it. */
  file: VideoFacts;
}>;

/** What a video's part of a message says beside its frames. */
export type VideoFacts = Pick<VideoPart, "path" | "frameCount" | "fps">;

export type ShowOptions = Readonly<{
  duration: number;
  /** Draw numbers. Default true. */
  numbers?: boolean;
  startIndex?: number;
  style?: OverlayStyle;
  /** Font size as a share of the frames' shorter side, where the style has none: what a model's grounding.json says. */
  numberScale?: number | undefined;
  /** Of the file that the frames were taken from. */
  file?: VideoFacts;
}>;

/**
 * Prepare frames once for all questions about a video. Frame i gets number startIndex + i, whatever its place in the file;
 * pictures are copied, never compressed.
 */
export function showFrames(frames: readonly Frame[], options: ShowOptions): ShownFrames {
  const { duration, numbers = true, startIndex = 0, style: given = {}, numberScale, file = {} } = options;
  const style = scaled(given, frames[0]?.image, numberScale);
  const { path: _, ...facts } = file;
  const prompt = visualPrompt(numbersByPlace(frames, { startIndex }), style);
  return {
    frames: numbers ? frames.map(prompt) : frames,
    duration,
    startIndex: numbers ? startIndex : null,
    color: colorWord(style.color ?? "red"),
    // With numbers on them, the frames are no longer the file's.
    file: numbers ? facts : file,
  };
}

function scaled(style: OverlayStyle, image: Frame["image"] | undefined, scale: number | undefined): OverlayStyle {
  if (style.fontSize !== undefined || image === undefined || scale === undefined) return style;
  return { ...style, fontSize: scale * Math.min(image.width, image.height) };
}

/** The frames as a video of a message. */
export function shownVideo({ frames, duration, file }: ShownFrames): VideoPart {
  return { type: "video", frames, duration, ...file };
}

/** Ask when the query can be seen. */
export function askGrounding(shown: ShownFrames, query: string, prompt: GroundingPrompt = "numpro"): Message[] {
  const { frames, startIndex, color } = shown;
  const times = frames.map(({ time }) => time);
  const text = groundingText(query, { prompt, numbers: startIndex !== null, color, times });
  return [userMessage(text, shownVideo(shown))];
}

/**
 * Read a reply to that question. Numbers without a unit are what the prompt asked for: frames (the time of frame k, no more),
 * hundredths of the video ("vtimellm") or seconds ("times").
 */
export function readGrounding(shown: ShownFrames, reply: string, prompt: GroundingPrompt = "numpro"): SpanExtraction {
  const { frames, duration, startIndex } = shown;
  const first = startIndex ?? 0;
  // Numbers below the first one fall on its frame.
  const before = new Array<number>(first).fill(frames[0]?.time ?? 0);
  const frameTimes = [...before, ...frames.map(({ time }) => time)];
  return extractSpans(reply, { duration, frameTimes, bareUnit: groundingUnit(prompt) });
}

/** Ask for highlight frames and their scores. */
export function askHighlights(shown: ShownFrames, query: string, prompt: HighlightPrompt = "numpro"): Message[] {
  return [userMessage(highlightText(query, { prompt, color: shown.color }), shownVideo(shown))];
}

/** A highlight: the number said, the second of its frame, its score from 1 to 5. */
export type HighlightFrame = Readonly<{ number: number; seconds: number; score: number }>;

/** Read a reply to that question. Numbers of no frame are counted as `outside`. */
export function readHighlightFrames(
  shown: ShownFrames,
  reply: string,
):
  | Readonly<{ kind: "highlights"; highlights: readonly HighlightFrame[]; outside: number; unpaired: number }>
  | UnreadHighlights {
  const read = readHighlights(reply);
  if (read.kind === "unparsed") return read;
  const highlights = read.frames.flatMap((number, i): HighlightFrame[] => {
    const frame = shown.frames[number - (shown.startIndex ?? 0)];
    return frame ? [{ number, seconds: frame.time, score: read.scores[i] as number }] : [];
  });
  return { kind: "highlights", highlights, outside: read.frames.length - highlights.length, unpaired: read.unpaired };
}

function colorWord(color: NonNullable<OverlayStyle["color"]>): string {
  return typeof color === "string" ? color : "colored";
}
