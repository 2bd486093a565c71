export type { VideoLimits } from "./container.ts";
export { audioCodecOf } from "./copy-audio.ts";
export { decodableCodecs } from "./decodable-codecs.ts";
export { decoderName } from "./decoder-name.ts";
export type { Frame } from "./frame-stream.ts";
export { type AudioTrack, type BrokenPart, inspectVideo, type VideoReport } from "./inspect.ts";
export { type FrameSize, openVideo, Video } from "./video.ts";
export { VideoError } from "./video-error.ts";
export { type Mp4Options, writeMp4 } from "./write-mp4.ts";
