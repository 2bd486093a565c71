/**
 * The identity of a conversation: texts, the pixels of pictures, the content of files, which frames of them and when.
 */
import { createHash } from "node:crypto";
import { fileIdentity } from "../core/files/index.ts";
import type { RgbaImage } from "../media/image/index.ts";
import type { Frame } from "../media/video/index.ts";
import type { Message, MessagePart, VideoPart } from "./message.ts";

/** Asked about often, looked at once. */
const pictures = new WeakMap<RgbaImage, string>();

/**
 * 64 hex digits of SHA-256. A video with a file counts by the file, its span and the places of its frames; one without by the
 * pixels of its frames.
 */
export function messageHash(messages: readonly Message[]): string {
  const said = messages.map(({ role, content }) => [role, content.map(partIdentity)]);
  return createHash("sha256").update(JSON.stringify(said)).digest("hex");
}

function partIdentity(part: MessagePart): unknown {
  if (part.type === "text") return ["text", part.text];
  if (part.type === "image") return ["image", ...frameIdentity(part.frame), pictureHash(part.frame.image)];
  const { span = null, fps = null, duration = null, frameCount = null, toldTimes = null } = part;
  return [
    "video",
    fileHash(part),
    span,
    fps,
    duration,
    frameCount,
    toldTimes,
    part.frames.map((frame) => videoFrame(part, frame)),
  ];
}

function videoFrame(video: VideoPart, frame: Frame): unknown {
  const { width, height } = frame.image;
  return fileHash(video) === null
    ? [...frameIdentity(frame), pictureHash(frame.image)]
    : [...frameIdentity(frame), width, height];
}

function frameIdentity({ time, index }: Frame): [number, number] {
  return [time, index];
}

const files = new WeakMap<VideoPart, string>();

/** null where there is no file; an address counts by its name, because what it leads to is the server's to fetch. */
function fileHash(video: VideoPart): string | null {
  const source = video.bytes ?? video.path;
  if (source === undefined) return null;
  const known = files.get(video);
  if (known !== undefined) return known;
  const hash = typeof source === "string" && /^[a-z]+:\/\//.test(source) ? source : fileIdentity(source).hash;
  files.set(video, hash);
  return hash;
}

function pictureHash(image: RgbaImage): string {
  const known = pictures.get(image);
  if (known !== undefined) return known;
  const { width, height, data } = image;
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  const hash = createHash("sha256").update(`${width}x${height}\n`).update(bytes).digest("hex").slice(0, 32);
  pictures.set(image, hash);
  return hash;
}
