/**
 * Pictures and videos of rows, opened once for rows that follow each other: the frames of the last few stay in memory, and
 * with them what the eyes made of them.
 */
import type { MessagePart } from "../../chat/index.ts";
import type { Conversation } from "../../data/index.ts";
import { decodeImage } from "../../media/image/index.ts";
import { sampleFrames } from "../../media/sampling/index.ts";
import { openVideo } from "../../media/video/index.ts";
import type { OpenedMedia } from "./conversation-messages.ts";

const kept = 16;

/** `frames` of each video, evenly spread as `ask` shows them. */
export function mediaShelf(frames: number): (row: Conversation) => Promise<OpenedMedia> {
  const known = new Map<string, Promise<MessagePart>>();
  const opened = (path: string, open: () => Promise<MessagePart>) => {
    const part = known.get(path) ?? open();
    known.delete(path);
    known.set(path, part);
    const [oldest] = known.keys();
    if (oldest !== undefined && known.size > kept) known.delete(oldest);
    return part;
  };
  return async ({ images = [], videos = [] }) => ({
    images: await Promise.all(images.map((path, i) => opened(`${path}#${i}`, () => picture(path, i)))),
    videos: await Promise.all(videos.map((path) => opened(path, () => video(path, frames)))),
  });
}

/** Pictures of a row count as a second apart, for models that are told times. */
async function picture(path: string, index: number): Promise<MessagePart> {
  return { type: "image", frame: { image: await decodeImage(path), time: index, index } };
}

async function video(path: string, budget: number): Promise<MessagePart> {
  await using opened = await openVideo(path);
  const frames = await sampleFrames(opened, "linspace", budget);
  const { duration, frameCount } = opened;
  return { type: "video", path, frames, duration, frameCount };
}
