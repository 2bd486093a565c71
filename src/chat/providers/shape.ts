/**
 * What a shape is: how messages with pictures and videos become the body of a request, for one family of servers.
 *
 * There is no common way to send a video. Each file beside this one says one way and names where it is written down.
 */
import { type Message, timedFrames, type VideoPart } from "../message.ts";

export const shapeNames = ["frames", "frames-metadata", "video-url", "sglang", "llama-server", "gemini"] as const;
export type ShapeName = (typeof shapeNames)[number];

/** Pictures and files as text, encoded once however often they are asked about. */
export type Media = Readonly<{
  /** Base64 of a picture's file, and its type ("image/jpeg"). */
  picture(image: VideoPart["frames"][number]["image"]): Promise<Readonly<{ base64: string; type: string }>>;
  /** Base64 of the video's file, and its type ("video/mp4"). */
  file(video: VideoPart): Promise<Readonly<{ base64: string; type: string }>>;
  /** An address of the video's file for the server: http(s) as it is, else file: or data:. */
  url(video: VideoPart): Promise<string>;
}>;

export type Shape = Readonly<{
  name: ShapeName;
  /** Which API the body is for. */
  protocol: "chat-completions" | "gemini";
  /** Does the server get the frames that were chosen here, or the file, of which it chooses frames itself? */
  sends: "frames" | "file";
  /** Where the server chooses frames: does the request say at which rate? */
  asksRate: boolean;
  /** Why this conversation cannot be sent so, in words that follow "this shape"; null where it can. */
  objection(messages: readonly Message[]): string | null;
  /** The fields of the body that carry the messages. */
  body(messages: readonly Message[], media: Media): Promise<Readonly<Record<string, unknown>>>;
}>;

/** "<0.5 seconds>": what stands before a frame, so that its time cannot be lost. As lmms-eval writes it for Qwen3-VL. */
export function timeText(seconds: number, decimals = 1): string {
  return `<${seconds.toFixed(decimals)} seconds>`;
}

/** As few decimals as tell neighbouring frames apart, at least one. */
export function timeDecimals(times: readonly number[]): number {
  const gaps = times.slice(1).map((time, i) => Math.abs(time - (times[i] as number)));
  const smallest = Math.min(...gaps.filter((gap) => gap > 0), 1);
  return smallest >= 0.1 ? 1 : smallest >= 0.01 ? 2 : 3;
}

/** The times of all frames of a conversation, as they are told. */
export function toldTimes(messages: readonly Message[]): number[] {
  const parts = messages.flatMap(({ content }) => content);
  return parts.flatMap((part) => (part.type === "text" ? [] : timedFrames(part).map(({ time }) => time)));
}

/** The videos of a conversation. */
export function videosOf(messages: readonly Message[]): VideoPart[] {
  return messages.flatMap(({ content }) => content.flatMap((part) => (part.type === "video" ? [part] : [])));
}

/** For shapes that send files: does every video have one, and is it shown whole? */
export function fileObjection(messages: readonly Message[]): string | null {
  const videos = videosOf(messages);
  if (videos.some(({ path, bytes }) => path === undefined && bytes === undefined))
    return "sends files, and these frames are not a file as it lies on the disk (drawn on, reordered or chosen here)";
  if (messages.some(({ content }) => content.filter(({ type }) => type === "image").length > 1))
    return "sends files, and here are single frames";
  return null;
}

/** For shapes whose server takes a file whole. */
export function wholeFileObjection(messages: readonly Message[]): string | null {
  const isPart = ({ span, duration }: VideoPart) =>
    span !== undefined && (span.start > 0 || duration === undefined || span.end < duration);
  if (videosOf(messages).some(isPart)) return "sends whole files, and a part of a video is asked about";
  return fileObjection(messages);
}
