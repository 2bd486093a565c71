/** Models that answer: the ChatModel contract, checkpoints in this process, endpoints, past runs, scripts of replies. */
export type {
  AnswerSchema,
  ChatModel,
  ManyOptions,
  PromptPlanner,
  Reply,
  ReplyOptions,
  TokenLogProbability,
} from "./chat-model.ts";
export { type Estimate, Estimator, type PlannedQuestion } from "./estimate.ts";
export { type GroundingHabits, groundingHabits } from "./grounding-habits.ts";
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
  timedFrames,
  userMessage,
  type VideoPart,
} from "./message.ts";
export { Budget, type BudgetLimits, costOf, type Spent, type TokenPrice, withBudget } from "./middleware/budget.ts";
export { BudgetSpentError } from "./middleware/budget-spent-error.ts";
export { type CacheOptions, withCache } from "./middleware/cache.ts";
export { type ConcurrencyOptions, withConcurrency } from "./middleware/concurrency.ts";
export { type RetryOptions, withRetries } from "./middleware/retry.ts";
export {
  checkpointFolder,
  localParts,
  type OpenLocalOptions,
  openLocalModel,
  shippedModels,
} from "./open-local-model.ts";
export { type OpenModelOptions, openModel } from "./open-model.ts";
export { type FramePositions, type PromptLayout, promptLayout, type TextPiece } from "./prompt-layout.ts";
export { type PromptParts, type PromptReader, promptReader } from "./prompt-reader.ts";
export type { EndpointKnowledge } from "./providers/endpoint-memory.ts";
export { isEndpointReference } from "./providers/endpoint-reference.ts";
export { type EndpointInspection, inspectEndpoint } from "./providers/inspect-endpoint.ts";
export { type EndpointOptions, openEndpoint } from "./providers/open-endpoint.ts";
export { openPageEndpoint, type PageEndpoint, type PageShape, pageShapes } from "./providers/page-endpoint.ts";
export { openReplayModel } from "./providers/replay-model.ts";
export { type ShapeName, shapeNames } from "./providers/shape.ts";
export { RequestError, type RequestFault } from "./request-error.ts";
export { openScriptedModel, type ReplyScript, scriptedModel } from "./scripted-model.ts";
export { stopsRun } from "./stops-run.ts";
export { userCacheFolder } from "./user-cache.ts";
