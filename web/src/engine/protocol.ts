/**
 * What the page and its worker say to each other. The worker holds videos and models; the page holds what is seen.
 */
import type { GroundingHabits, PageEndpoint } from "zoetrope/chat";
import type { Span } from "zoetrope/core/time";
import type { GroundingPrompt } from "zoetrope/tasks";

/** What the container says. */
export type VideoFacts = Readonly<{
  /** Names the video between page and worker. */
  id: number;
  name: string;
  container: string;
  codec: string;
  /** Shown size in pixels. */
  width: number;
  height: number;
  /** The second at which the last frame ends. */
  duration: number;
  /** Presentation timestamps in seconds. */
  timestamps: Float64Array;
  isVariableRate: boolean;
}>;

/** A checkpoint folder beside the page; `habits` where it was trained to tell moments. */
export type ListedModel = Readonly<{
  name: string;
  files: readonly Readonly<{ name: string; bytes: number }>[];
  habits?: GroundingHabits;
}>;

/** Who answers: a checkpoint in this browser, or a server that speaks the OpenAI-compatible chat API. */
export type ModelChoice = Readonly<{ kind: "local"; name: string } | ({ kind: "endpoint" } & PageEndpoint)>;

/**
 * How a "when" is answered. Direct: one question, and a time in the reply. By frame: the model says what every frame shows,
 * and where its words fit the query is the moment.
 */
export type Readout = "direct" | "by frame";

export type AskRequest = Readonly<{
  video: number;
  model: ModelChoice;
  intent: "when" | "question";
  /** The query or the question. */
  text: string;
  readout: Readout;
  prompt: GroundingPrompt;
  /** Frames a second, and how many at most. */
  fps: number;
  budget: number;
}>;

/** A frame exactly as it was given to the model. */
export type SeenFrame = Readonly<{
  time: number;
  index: number;
  /** What is drawn on it. */
  number: string | null;
  bitmap: ImageBitmap;
  /** What the model said of this frame, where it was asked frame by frame. */
  words: string | null;
  /** 0 to 1: how well these words fit the query; null where nothing was compared. */
  fit: number | null;
}>;

export type Answer = Readonly<{
  request: AskRequest;
  model: string;
  fingerprint: string | null;
  /** The text after the frames. */
  prompt: string;
  reply: string;
  spans: readonly Span[];
  /** How the spans were read out of the reply, or why there are none. */
  reading: Readonly<{ kind: "read"; rule: string } | { kind: "unread"; reason: string }>;
  frames: readonly SeenFrame[];
  promptTokens: number | null;
  newTokens: number | null;
  /** Words of the question that the model has never met. */
  unknownWords: readonly string[];
  seconds: number;
}>;

/** How far an answer has come, in words for the page; `part` of 1 where it can be told. `reply`: what is written of it by now. */
export type Progress = Readonly<{
  stage: "model" | "frames" | "answer";
  text: string;
  part: number | null;
  reply?: string;
}>;

export type Call =
  | Readonly<{ call: "open"; file: Blob; name: string }>
  | Readonly<{ call: "close"; video: number }>
  | Readonly<{ call: "ask"; request: AskRequest }>
  | Readonly<{ call: "thumbnails"; video: number; seconds: readonly number[]; height: number }>
  | Readonly<{ call: "warm"; model: string }>;

export type Result = Readonly<{
  open: VideoFacts;
  close: null;
  ask: Answer;
  thumbnails: readonly ImageBitmap[];
  warm: null;
}>;

export type ToWorker = Readonly<{ id: number; abort?: true; message?: Call }>;
export type FromWorker = Readonly<
  | { id: number; progress: Progress }
  | { id: number; result: Result[Call["call"]] }
  | { id: number; error: string; isAborted: boolean }
>;
