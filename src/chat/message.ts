/**
 * What is said to a model: turns of text, pictures and videos, in order.
 */
import type { Span } from "../core/time/index.ts";
import type { Frame } from "../media/video/index.ts";

export type TextPart = Readonly<{ type: "text"; text: string }>;
/** A frame keeps its time and source index, so that a log can say what the model saw. */
export type ImagePart = Readonly<{ type: "image"; frame: Frame }>;
/**
 * A video together with the frames that were chosen of it. A model that takes pictures is shown the frames; one that decodes
 * videos itself gets the file, so `frames` is what it should see and not always what it saw.
 */
export type VideoPart = Readonly<{
  type: "video";
  /** The file; it or `bytes`. Neither where only the frames may be shown (numbers drawn on them, an order of their own). */
  path?: string;
  /** The content of the file. */
  bytes?: Uint8Array;
  /** The part that is shown, in seconds of the container's clock. Default: all of it. */
  span?: Span;
  /** In the order in which they are shown, each with its time and its index in the file. */
  frames: readonly Frame[];
  /**
   * What is told as the time of each frame where that is not its own: frames in another order have the clock of their places,
   * which would otherwise give the order away.
   */
  toldTimes?: readonly number[];
  /** Frames a second, where they were sampled at a rate. */
  fps?: number;
  /** Of the whole file: the second at which it ends, and how many frames it has. */
  duration?: number;
  frameCount?: number;
}>;
export type MessagePart = TextPart | ImagePart | VideoPart;
export type Message = Readonly<{ role: "system" | "user" | "assistant"; content: readonly MessagePart[] }>;

/** One user turn: the frames in order, or a video, then the text. The usual question about a video. */
export function userMessage(text: string, shown: readonly Frame[] | VideoPart = []): Message {
  const parts = "type" in shown ? [shown] : shown.map((frame): ImagePart => ({ type: "image", frame }));
  return { role: "user", content: [...parts, { type: "text", text }] };
}

/** A picture or a video as frames with the times that are told of them. */
export function timedFrames(part: ImagePart | VideoPart): readonly Frame[] {
  if (part.type === "image") return [part.frame];
  const { frames, toldTimes } = part;
  return toldTimes ? frames.map((frame, i) => ({ ...frame, time: toldTimes[i] ?? frame.time })) : frames;
}

/** The parts as a model of pictures sees them: every video replaced by its frames. */
export function picturesAndText(content: readonly MessagePart[]): (TextPart | ImagePart)[] {
  return content.flatMap((part): (TextPart | ImagePart)[] =>
    part.type === "video" ? part.frames.map((frame) => ({ type: "image", frame })) : [part],
  );
}

/** The frames of a conversation in the order in which they are shown, those of videos included. */
export function framesOf(messages: readonly Message[]): Frame[] {
  const parts = messages.flatMap(({ content }) => picturesAndText(content));
  return parts.flatMap((part) => (part.type === "image" ? [part.frame] : []));
}
