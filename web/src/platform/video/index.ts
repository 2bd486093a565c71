/** The browser's twin of src/media/video: what the sources of src/ import from there. */
export type { Frame } from "../../../../src/media/video/frame-stream.ts";
export type { BrokenPart, VideoReport } from "../../../../src/media/video/inspect.ts";
export type { FrameSize } from "../../../../src/media/video/video.ts";
export { VideoError } from "../../../../src/media/video/video-error.ts";
export type { Mp4Options } from "../../../../src/media/video/write-mp4.ts";
export { BrowserVideo as Video, openVideoBlob } from "./browser-video.ts";

/** As run logs name what decoded the frames. */
export function decoderName(): string {
  return "WebCodecs";
}

function refuse(): never {
  throw new Error("Expected video files on a disk, got a browser. Use the command line for this.");
}

export { refuse as audioCodecOf, refuse as inspectVideo, refuse as openVideo, refuse as writeMp4 };
