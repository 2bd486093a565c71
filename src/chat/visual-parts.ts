/**
 * A message as a model with eyes reads it: texts, and the runs of frames that take one placeholder each.
 */
import type { Frame } from "../media/video/index.ts";
import { type Message, type MessagePart, timedFrames } from "./message.ts";

/** The frames of a placeholder: one for a model of pictures, all of a video for a model of videos. */
export type VisualPart = Readonly<{
  type: "visual";
  frames: readonly Frame[];
  /** Second at which the video ends, where it is known. */
  duration?: number;
}>;
export type ReadPart = VisualPart | Readonly<{ type: "text"; text: string }>;

/** Where a placeholder stands for a video, pictures next to each other are one. */
export function readParts(content: readonly MessagePart[], placeholderFor: "frame" | "video"): ReadPart[] {
  const parts: ReadPart[] = [];
  let run: Frame[] | null = null;
  for (const part of content) {
    if (part.type === "text") {
      parts.push(part);
      run = null;
    } else if (placeholderFor === "frame") {
      const frames = timedFrames(part);
      parts.push(...frames.map((frame): VisualPart => ({ type: "visual", frames: [frame] })));
    } else if (part.type === "video") {
      if (part.frames.length > 0)
        parts.push({
          type: "visual",
          frames: timedFrames(part),
          ...(part.duration !== undefined && { duration: part.duration }),
        });
      run = null;
    } else if (run === null) {
      run = [part.frame];
      parts.push({ type: "visual", frames: run });
    } else run.push(part.frame);
  }
  return parts;
}

/** The frames of every placeholder of a conversation, in order. */
export function visualsOf(messages: readonly Message[], placeholderFor: "frame" | "video"): (readonly Frame[])[] {
  return messages.flatMap(({ content }) =>
    readParts(content, placeholderFor).flatMap((part) => (part.type === "visual" ? [part.frames] : [])),
  );
}
