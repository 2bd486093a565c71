/**
 * What stands at which position of a prompt: the template's beginning, each frame, the pieces of the question, and the
 * template's words behind it.
 *
 * Frames are found by their token. Pieces of text are found by encoding the prompt with the text broken off at their edges
 * and going on otherwise: up to there the ids are the same, whatever the tokenizer does with spaces. A token that reaches over
 * an edge belongs to what follows.
 */
import { type Message, userMessage, type VideoPart } from "./message.ts";
import type { PromptReader } from "./prompt-reader.ts";
import { visualsOf } from "./visual-parts.ts";

/** A part of the text of a question; all of them joined are the text. */
export type TextPiece = Readonly<{ kind: string; text: string }>;

/** Rows of pictures that are encoded together, with the separator behind them; the times of their frames in seconds. */
export type FramePositions = Readonly<{
  start: number;
  end: number;
  seconds: readonly number[];
  rows: readonly number[];
}>;

export type PromptLayout = Readonly<{
  /** Positions of the whole prompt. */
  length: number;
  frames: readonly FramePositions[];
  /** Where each piece begins, and where the text ends: one more than there are pieces. */
  edges: readonly number[];
}>;

/** Continuations that no question goes on with, so that at least one differs from the text at an edge. */
const otherwise = [" 7", "\n?", ""];

/** The layout of one turn that shows a video and asks a question. */
export function promptLayout(reader: PromptReader, shown: VideoPart, pieces: readonly TextPiece[]): PromptLayout {
  const text = pieces.map((piece) => piece.text).join("");
  const idsOf = (written: string) => reader.ids([userMessage(written, shown)]);
  const ids = idsOf(text);
  const edgeAt = (place: number) =>
    Math.min(
      ...otherwise
        .map((end) => text.slice(0, place) + end)
        .filter((written) => written !== text)
        .map((written) => commonPrefix(ids, idsOf(written))),
    );
  let place = 0;
  const edges = [0, ...pieces.map((piece) => (place += piece.text.length))].map(edgeAt);
  const frames = framePositions(reader, [userMessage(text, shown)], ids);
  return { length: ids.length, edges, frames: withSeparators(frames, edges[0] as number) };
}

function framePositions({ encoder }: PromptReader, messages: readonly Message[], ids: readonly number[]) {
  if (encoder === null) return [];
  const { eyes } = encoder;
  const visual = [...ids.keys()].filter((t) => ids[t] === eyes.tokenId);
  let next = 0;
  return visualsOf(messages, eyes.placeholderFor).flatMap((frames): FramePositions[] => {
    const looked = eyes.lookAt(frames.length).map((i) => frames[i]?.time as number);
    const units = looked.length / eyes.framesPerUnit;
    const ending = eyes.ending === null ? 0 : 1;
    const each = (encoder.rows(frames) - ending) / units;
    return Array.from({ length: units }, (_, unit) => {
      // The row that ends a video belongs to its last frame.
      const rows = visual.slice(next, next + each + (unit === units - 1 ? ending : 0));
      next += rows.length;
      const seconds = looked.slice(unit * eyes.framesPerUnit, (unit + 1) * eyes.framesPerUnit);
      return { start: rows[0] as number, end: (rows.at(-1) as number) + 1, seconds, rows };
    });
  });
}

/** What stands between two frames belongs to the first of them; behind the last one as much again, as far as there is room. */
function withSeparators(frames: readonly FramePositions[], textStart: number): FramePositions[] {
  const between = Math.max(0, (frames[1]?.start ?? 0) - (frames[0]?.end ?? 0));
  return frames.map((frame, i) => {
    const next = frames[i + 1]?.start ?? Math.max(frame.end, Math.min(frame.end + between, textStart));
    return { ...frame, end: next };
  });
}

function commonPrefix(a: readonly number[], b: readonly number[]): number {
  const differs = a.findIndex((id, i) => id !== b[i]);
  return differs < 0 ? a.length : differs;
}
