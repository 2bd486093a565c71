/** Questions about videos: what is asked, and which answer is right. */
export { type AnswerDiagnostics, type AnsweredSpan, diagnoseAnswers, parrotsFormat } from "./answer-diagnostics.ts";
export { type Choice, closings, type Draft, probingText, rightLine, shuffled } from "./choice.ts";
export {
  type DensePrompt,
  denseCaptioningAnswer,
  denseCaptioningQuery,
  denseCaptioningText,
  densePrompts,
  denseText,
  describeQuery,
} from "./dense-captioning.ts";
export { type Glimpse, glimpseAt, thingOf, thingsOf } from "./glimpse.ts";
export {
  type GroundingPrompt,
  type GroundingTextOptions,
  groundingPrompts,
  groundingSchema,
  groundingText,
  groundingUnit,
  numberInstruction,
  numproAnswer,
  numproQuestion,
  vtimellmQuery,
} from "./grounding.ts";
export {
  type HighlightPrompt,
  type Highlights,
  highlightPrompts,
  highlightText,
  parrotsExample,
  readHighlights,
  type Saliency,
  saliencyOf,
  type UnreadHighlights,
} from "./highlight.ts";
export { probingDraft, thingsNeeded } from "./probing.ts";
export {
  type Sample,
  type StaticTask,
  staticTasks,
  type TaskName,
  type TemporalTask,
  temporalTasks,
} from "./sample.ts";
export {
  askGrounding,
  askHighlights,
  type HighlightFrame,
  readGrounding,
  readHighlightFrames,
  type ShownFrames,
  type ShowOptions,
  showFrames,
  shownVideo,
  type VideoFacts,
} from "./shown-frames.ts";
export { absentThing, staticDraft, type Words } from "./static-questions.ts";
export { glimpsesOf, type WorldBenchmark, type WorldVideo, worldBenchmark } from "./world-benchmark.ts";
