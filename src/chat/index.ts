/** Models that answer: the ChatModel contract, checkpoints in this process, scripts of replies. */
export type {
  AnswerSchema,
  ChatModel,
  ManyOptions,
  Reply,
  ReplyOptions,
  TokenLogProbability,
} from "./chat-model.ts";
export {
  type ImageProcessor,
  imagePixels,
  parseImageProcessor,
  readImageProcessor,
  resizeForModel,
  sizeForModel,
} from "./image-processor.ts";
export { type LocalModelParts, localModel } from "./local-model.ts";
export {
  framesOf,
  type ImagePart,
  type Message,
  type MessagePart,
  picturesAndText,
  type TextPart,
  userMessage,
  type VideoPart,
} from "./message.ts";
export { checkpointFolder, type OpenLocalOptions, openLocalModel, shippedModels } from "./open-local-model.ts";
export { openModel } from "./open-model.ts";
export { openScriptedModel, type ReplyScript, scriptedModel } from "./scripted-model.ts";
