/**
 * The package's front door: watch a video, ask a model, make data. Everything else lies under sub-paths named as the
 * folders are: "zoetrope/core/time", "zoetrope/world", "zoetrope/nn/graph".
 *
 *   await using video = await openVideo("clip.mp4");
 *   const frames = await sampleFrames(video, "linspace", 8);
 *   const model = await openModel("micro");
 *   const { text } = await model.generate([userMessage("Which item is shown first?", frames)]);
 */
export {
  type ChatModel,
  localModel,
  type Message,
  openLocalModel,
  openModel,
  type Reply,
  scriptedModel,
  userMessage,
} from "./chat/index.ts";
export { Rng } from "./core/math/index.ts";
export { type Moment, type Span, span } from "./core/time/index.ts";
export { type Caption, type Conversation, readCaptions, readConversations, writeConversations } from "./data/index.ts";
export { encodePng, type RgbaImage, resizeImage } from "./media/image/index.ts";
export { type SamplerName, sampleFrames, samplers } from "./media/sampling/index.ts";
export {
  type Frame,
  inspectVideo,
  openVideo,
  type Video,
  VideoError,
  type VideoReport,
  writeMp4,
} from "./media/video/index.ts";
export { serialiseT3, synthesiseT3, type T3Row } from "./synthesis/index.ts";
