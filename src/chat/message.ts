/**
 * What is said to a model: turns of text and pictures, in order.
 */
import type { Frame } from "../media/video/index.ts";

export type TextPart = Readonly<{ type: "text"; text: string }>;
/** A frame keeps its time and source index, so that a log can say what the model saw. */
export type ImagePart = Readonly<{ type: "image"; frame: Frame }>;
export type MessagePart = TextPart | ImagePart;
export type Message = Readonly<{ role: "system" | "user" | "assistant"; content: readonly MessagePart[] }>;

/** One user turn: the frames in order, then the text. The usual question about a video. */
export function userMessage(text: string, frames: readonly Frame[] = []): Message {
  const images = frames.map((frame): ImagePart => ({ type: "image", frame }));
  return { role: "user", content: [...images, { type: "text", text }] };
}

/** The frames of a conversation in the order in which they are shown. */
export function framesOf(messages: readonly Message[]): Frame[] {
  return messages.flatMap(({ content }) => content.flatMap((part) => (part.type === "image" ? [part.frame] : [])));
}
