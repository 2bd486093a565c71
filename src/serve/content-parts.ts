/**
 * The content of messages, in every shape that servers of video models take: OpenAI's image_url, vLLM's and SGLang's video_url
 * (a file, or frames cut by the client), llama-server's input_video, Gemini's inlineData and fileData, Qwen's video and image.
 *
 * Nothing is fetched or decoded here: parts say where their media are and which frames are wanted.
 */
import { z } from "zod";
import { invalid } from "./api-error.ts";
import type { FrameWish } from "./frame-wish.ts";
import type { MediaSource } from "./media-source.ts";
import { parseFields } from "./parse-fields.ts";
import { type CutFrames, frameTimes, type VideoFields, wishOf } from "./video-fields.ts";

/** `param` is the field that errors name. */
export type PicturePart = Readonly<{ type: "picture"; source: MediaSource; param: string }>;

export type RequestPart =
  | Readonly<{ type: "text"; text: string }>
  | PicturePart
  | Readonly<{ type: "video"; source: MediaSource; wish: FrameWish; param: string }>
  /** A video that comes as its frames. */
  | Readonly<{ type: "frames"; pictures: readonly PicturePart[]; cut: CutFrames; param: string }>;

/** Parts of a message's content; `video` are the fields of the body that speak of videos. */
export function contentParts(content: unknown, param: string, video: VideoFields): RequestPart[] {
  if (typeof content === "string") return [{ type: "text", text: content }];
  if (!Array.isArray(content)) throw invalid(param, `Expected ${param} to be a text or a list of parts.`);
  return withTimes(content.map((part, i) => contentPart(part, `${param}[${i}]`, video)));
}

const anyPart = z.looseObject({ type: z.string().optional() });
const textPart = z.looseObject({ text: z.string() });
const refusalPart = z.looseObject({ refusal: z.string() });
const imagePart = z.looseObject({ image: z.string() });
const inputVideoPart = z.looseObject({ input_video: z.looseObject({ data: z.string() }) });
const address = z.union([z.string(), z.looseObject({ url: z.string() })]);
const imageUrlPart = z.looseObject({ image_url: address });
const videoUrlPart = z.looseObject({ video_url: address });
const inline = z.looseObject({ mimeType: z.string().optional(), mime_type: z.string().optional(), data: z.string() });
const file = z.looseObject({ fileUri: z.string().optional(), file_uri: z.string().optional() });

function contentPart(part: unknown, param: string, video: VideoFields): RequestPart {
  const { type } = parseFields(anyPart, part, param);
  switch (type) {
    case "text":
    case "input_text":
      return { type: "text", text: parseFields(textPart, part, param).text };
    case "refusal":
      return { type: "text", text: parseFields(refusalPart, part, param).refusal };
    case "image_url":
      return picture(urlOf(parseFields(imageUrlPart, part, param).image_url), `${param}.image_url.url`);
    case "image":
      return picture(parseFields(imagePart, part, param).image, `${param}.image`);
    case "video_url":
      return videoOf(urlOf(parseFields(videoUrlPart, part, param).video_url), {
        param: `${param}.video_url.url`,
        wish: wishOf(video),
        video,
      });
    case "video":
      return qwenVideo(part, param, video);
    case "input_video": {
      const { data } = parseFields(inputVideoPart, part, param).input_video;
      return {
        type: "video",
        source: { kind: "base64", data },
        wish: wishOf(video),
        param: `${param}.input_video.data`,
      };
    }
    case undefined:
      return geminiPart(part, param, video);
    default:
      throw invalid(
        `${param}.type`,
        `Expected a part of type text, image_url, video_url, input_video, image or video, got "${type.slice(0, 50)}".`,
        "unsupported_part",
      );
  }
}

function urlOf(field: z.infer<typeof address>): string {
  return typeof field === "string" ? field : field.url;
}

const qwenPart = z.looseObject({
  video: z.union([z.string(), z.array(z.string()).min(1)]),
  fps: z.number().positive().max(1000).nullish(),
  nframes: z.int().positive().nullish(),
  max_frames: z.int().positive().nullish(),
  video_start: z.number().nonnegative().nullish(),
  video_end: z.number().positive().nullish(),
  sample_fps: z.number().positive().nullish(),
});

/** qwen-vl-utils: a file with a wish of its own, or a list of frames. */
function qwenVideo(part: unknown, param: string, video: VideoFields): RequestPart {
  const {
    video: files,
    fps,
    nframes,
    max_frames,
    video_start,
    video_end,
    sample_fps,
  } = parseFields(qwenPart, part, param);
  if (Array.isArray(files)) {
    const pictures = files.map((url, i) => picture(url, `${param}.video[${i}]`));
    const cut = frameTimes(sample_fps ? { ...video, fps: sample_fps } : video, files.length, param);
    return { type: "frames", pictures, cut, param: `${param}.video` };
  }
  if (fps != null && nframes != null)
    throw invalid(param, `Expected either fps or nframes at ${param}, got both.`, "conflicting_fields");
  const number = nframes ?? max_frames;
  const own: FrameWish = { ...(fps != null && { fps }), ...(number != null && { frames: number }) };
  const wish = fps == null && nframes == null ? { ...wishOf(video), ...own } : own;
  const span = partOf(video_start ?? undefined, video_end ?? undefined, param);
  return videoOf(files, { param: `${param}.video`, wish: { ...wish, ...span }, video });
}

const offset = z.string().regex(/^\d{1,9}(?:\.\d{1,9})?s$/, 'Expected seconds such as "12.5s"');
const metadata = z.looseObject({
  fps: z.number().positive().max(1000).nullish(),
  startOffset: offset.nullish(),
  start_offset: offset.nullish(),
  endOffset: offset.nullish(),
  end_offset: offset.nullish(),
});
const geminiFields = z.looseObject({
  text: z.string().optional(),
  inlineData: inline.optional(),
  inline_data: inline.optional(),
  fileData: file.optional(),
  file_data: file.optional(),
  videoMetadata: metadata.optional(),
  video_metadata: metadata.optional(),
});

/** Gemini's parts have no type; their fields come in both spellings. */
function geminiPart(part: unknown, param: string, video: VideoFields): RequestPart {
  const fields = parseFields(geminiFields, part, param);
  if (fields.text !== undefined) return { type: "text", text: fields.text };
  const { fps, startOffset, start_offset, endOffset, end_offset } = fields.videoMetadata ?? fields.video_metadata ?? {};
  const seconds = (text: string | null | undefined) => (text == null ? undefined : Number(text.slice(0, -1)));
  const span = partOf(seconds(startOffset ?? start_offset), seconds(endOffset ?? end_offset), param);
  const wish = { ...(fps == null ? wishOf(video) : { fps }), ...span };
  const data = fields.inlineData ?? fields.inline_data;
  if (data) {
    const mimeType = data.mimeType ?? data.mime_type ?? "";
    const source: MediaSource = { kind: "base64", data: data.data };
    if (mimeType.startsWith("image/")) return { type: "picture", source, param: `${param}.inlineData.data` };
    return { type: "video", source, wish, param: `${param}.inlineData.data` };
  }
  const uri =
    fields.fileData?.fileUri ?? fields.fileData?.file_uri ?? fields.file_data?.file_uri ?? fields.file_data?.fileUri;
  if (uri !== undefined) return videoOf(uri, { param: `${param}.fileData.fileUri`, wish, video });
  throw invalid(
    param,
    `Expected a part with a type, or with text, inlineData or fileData, at ${param}.`,
    "unsupported_part",
  );
}

function partOf(start: number | undefined, end: number | undefined, param: string): Pick<FrameWish, "span"> {
  if (start === undefined && end === undefined) return {};
  const span = { start: start ?? 0, end: end ?? Number.MAX_SAFE_INTEGER };
  if (span.start < span.end) return { span };
  throw invalid(param, `Expected the part of a video to end after it begins, got ${span.start} s to ${span.end} s.`);
}

function picture(url: string, param: string): PicturePart {
  return { type: "picture", source: mediaSource(url, "image", param), param };
}

/** More than any limit allows: what comes behind is not even cut apart. */
const mostFrames = 10_000;

type VideoAt = Readonly<{ param: string; wish: FrameWish; video: VideoFields }>;

/** A file; or, as data:video/jpeg;base64,FIRST,SECOND, the frames that the client cut out of one. */
function videoOf(url: string, { param, wish, video }: VideoAt): RequestPart {
  const still = /^data:video\/(?:jpe?g|png|webp);base64,/i.exec(url.slice(0, 40));
  if (still === null) return { type: "video", source: mediaSource(url, "video", param), wish, param };
  const pictures = url
    .slice(still[0].length)
    .split(",", mostFrames + 1)
    .map(
      (data, i): PicturePart => ({ type: "picture", source: { kind: "base64", data }, param: `${param} (frame ${i})` }),
    );
  return { type: "frames", pictures, cut: frameTimes(video, pictures.length, param), param };
}

function mediaSource(url: string, kind: "image" | "video", param: string): MediaSource {
  if (/^(?:https?|file):\/\//i.test(url)) return { kind: "url", url };
  const head = /^data:([\w.+-]+\/[\w.+-]+)?((?:;[\w.+-]+=[\w.+-]+)*)(;base64)?,/i.exec(url.slice(0, 256));
  if (head === null) {
    throw invalid(
      param,
      `Expected a URL that begins with http://, https://, file:// or data: at ${param}.`,
      "url_refused",
    );
  }
  const [prefix, type = "", , base64] = head;
  if (base64 === undefined) throw invalid(param, `Expected a data URL in base64 at ${param}.`, "invalid_base64");
  const isOther = type !== "" && !type.startsWith(`${kind}/`) && type !== "application/octet-stream";
  if (isOther)
    throw invalid(
      param,
      `Expected ${kind === "image" ? "a picture" : "a video"} at ${param}, got ${type}.`,
      "wrong_media_type",
    );
  return { kind: "base64", data: url.slice(prefix.length) };
}

/**
 * A time before a picture, "<12.3 seconds>", is the picture's own and no part of the text, and pictures with times that follow
 * each other are a video: models in this process read times of frames, not text about them, exactly as when a local command
 * asks them.
 */
function withTimes(parts: readonly RequestPart[]): RequestPart[] {
  const read: RequestPart[] = [];
  for (const [i, part] of parts.entries()) {
    const next = parts[i + 1];
    if (next?.type === "picture" && timeOf(part) !== null) continue;
    const time = i > 0 ? timeOf(parts[i - 1] as RequestPart) : null;
    if (part.type !== "picture" || time === null) {
      read.push(part);
      continue;
    }
    const before = read.at(-1);
    // What stands before it in `parts` is its time; what stood before that decides whether it goes on with a video.
    const isNext = before?.type === "frames" && before.pictures.at(-1) === parts[i - 2];
    const [pictures, times] = isNext ? [before.pictures, before.cut.times] : [[], []];
    if (isNext) read.pop();
    const cut = { times: [...times, time], indices: [...times, time].map((_, place) => place), duration: null };
    read.push({ type: "frames", pictures: [...pictures, part], cut, param: isNext ? before.param : part.param });
  }
  return read;
}

function timeOf(part: RequestPart): number | null {
  if (part.type !== "text" || part.text.length > 40) return null;
  const said = /^\s*<(-?\d+(?:\.\d+)?) ?s(?:econds)?>\s*$/.exec(part.text)?.[1];
  return said === undefined ? null : Number(said);
}
