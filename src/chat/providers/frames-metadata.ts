/**
 * vLLM, where the client cuts the frames and the server treats them as one video (vllm#40133): JPEGs joined by commas, and
 * metadata that say which frames of which clock they are. The server computes times as index / fps.
 */
import type { Frame } from "../../media/video/index.ts";
import { type Message, type MessagePart, timedFrames, type VideoPart } from "../message.ts";
import { chatMessages, imagePart } from "./chat-messages.ts";
import type { Media, Shape } from "./shape.ts";

export const framesMetadata: Shape = {
  name: "frames-metadata",
  protocol: "chat-completions",
  sends: "frames",
  asksRate: false,
  objection: (messages) =>
    messages.map(joinFrames).flatMap(videos).length > 1 ? "describes one video a request, and here are several" : null,
  async body(messages, media) {
    const joined = messages.map(joinFrames);
    const [video] = joined.flatMap(videos);
    const chat = await chatMessages(joined, async (part) => [
      part.type === "image" ? await imagePart(part.frame.image, media) : await framesPart(part, media),
    ]);
    return video ? { messages: chat, media_io_kwargs: { video: frameMetadata(video) } } : { messages: chat };
  },
};

/** Source rate, places of the frames in the source, length. */
export type FrameMetadata = Readonly<{
  fps: number;
  frames_indices: readonly number[];
  total_num_frames: number;
  duration: number;
  do_sample_frames: false;
}>;

/**
 * The clock of the file where its rate is constant; else one of milliseconds, whose index / fps are the frames' own times
 * however they lie.
 */
export function frameMetadata(video: VideoPart): FrameMetadata {
  const { frames, duration, frameCount } = video;
  const times = timedFrames(video).map(({ time }) => time);
  const last = times.at(-1) ?? 0;
  const end = duration ?? last + (times.length > 1 ? last - (times.at(-2) ?? 0) : 1);
  const fps = frameCount && end > 0 ? frameCount / end : 0;
  const isOnClock = ({ index }: Frame, i: number) => Math.abs((times[i] as number) - index / fps) <= 0.5 / fps;
  const isConstant = fps > 0 && frames.every(isOnClock);
  const indices = frames.map(({ index }, i) => {
    return isConstant ? index : Math.max(0, Math.round((times[i] as number) * 1000));
  });
  return {
    fps: isConstant ? fps : 1000,
    frames_indices: indices,
    total_num_frames: isConstant ? (frameCount as number) : Math.max(Math.round(end * 1000), (indices.at(-1) ?? 0) + 1),
    duration: end,
    do_sample_frames: false,
  };
}

async function framesPart({ frames }: VideoPart, media: Media) {
  const pictures = await Promise.all(frames.map(({ image }) => media.picture(image)));
  const type = (pictures[0]?.type ?? "image/jpeg").replace("image/", "video/");
  const url = `data:${type};base64,${pictures.map(({ base64 }) => base64).join(",")}`;
  return { type: "video_url", video_url: { url } };
}

/** Neighbouring pictures become a video of frames; one alone stays a picture. */
function joinFrames({ role, content }: Message): Message {
  const parts: MessagePart[] = [];
  for (const part of content) {
    const before = parts.at(-1);
    if (part.type !== "image" || (before?.type !== "image" && !(before?.type === "video" && isJoined(before)))) {
      parts.push(part);
      continue;
    }
    const frames = before.type === "image" ? [before.frame] : before.frames;
    parts[parts.length - 1] = { type: "video", frames: [...frames, part.frame] };
  }
  return { role, content: parts };
}

/** Was this video made of pictures, rather than given as one? */
function isJoined({ path, bytes, duration }: VideoPart): boolean {
  return path === undefined && bytes === undefined && duration === undefined;
}

function videos({ content }: Message): VideoPart[] {
  return content.flatMap((part) => (part.type === "video" ? [part] : []));
}
