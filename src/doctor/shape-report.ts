/**
 * One shape put to the test: does the server take it, and what time does it tell the model?
 */
import { type ChatModel, type Reply, RequestError, type ShapeName, userMessage } from "../chat/index.ts";
import { type ClockClips, clipDuration, clipEvents } from "./clock-clip.ts";
import { clockQuestion, durationQuestion, eventsQuestion, readEvents, readSeconds } from "./questions.ts";
import { judgeTimes, type TimeVerdict } from "./verdict.ts";

export type ShapeReport = Readonly<{
  shape: ShapeName;
  /** Why the server does not take it; null where it does. */
  refusal: string | null;
  /** Seconds that the film was said to last, of `clipDuration`. */
  duration: number | null;
  /** Seconds at which things were said to appear, in the films of constant and variable rate. */
  constantTimes: readonly (number | null)[];
  variableTimes: readonly (number | null)[];
  constant: TimeVerdict;
  variable: TimeVerdict;
  /** What the clock was said to show in the last picture: how far the server looked. */
  lastClock: number | null;
  /** Of a question about the film at one frame a second; null where the server does not count. */
  promptTokens: number | null;
  /** By which a frame more lengthens the prompt. */
  tokensPerFrame: number | null;
  /** Does twice the rate give more tokens? null where the shape names no rate, or tokens are not counted. */
  isRateObeyed: boolean | null;
  /** Word for word: how long, when (constant, variable rate), what the clock shows. */
  answers: readonly string[];
}>;

export type ShapeTest = Readonly<{
  shape: ShapeName;
  asksRate: boolean;
  model: ChatModel;
  clips: ClockClips;
  signal?: AbortSignal | undefined;
  /** Told after each of `questionsAShape` questions. */
  onAsked?: () => void;
}>;

export const questionsAShape = 5;
const fps = 1;
/** Half a second for rounding, beside the distance of two frames. */
const tolerance = 1 / fps + 0.5;
/** Room for a model that thinks aloud. */
const maxNewTokens = 512;

/** Ask everything. Throws where no other shape would be answered either (key, connection, too many requests). */
export async function testShape({ shape, asksRate, model, clips, signal, onAsked }: ShapeTest): Promise<ShapeReport> {
  const ask = async (kind: "constant" | "variable" | "clock", question: string, rate = fps): Promise<Reply> => {
    const part = await clips.video(kind, rate);
    const reply = await model.generate([userMessage(question, part)], { maxNewTokens, ...(signal && { signal }) });
    onAsked?.();
    return reply;
  };
  const truth = clipEvents.map(({ start }) => start);
  try {
    const once = await ask("constant", durationQuestion);
    const twice = await ask("constant", durationQuestion, 2 * fps);
    const ofConstant = await ask("constant", eventsQuestion);
    const ofVariable = await ask("variable", eventsQuestion);
    const ofClock = await ask("clock", clockQuestion);
    const [constantTimes, variableTimes] = [readEvents(ofConstant.text), readEvents(ofVariable.text)];
    const lastClock = readSeconds(ofClock.text);
    const duration = readSeconds(once.text);
    const told = (times: readonly (number | null)[]) =>
      judgeTimes([...times, duration], [...truth, clipDuration], tolerance);
    const more =
      once.promptTokens === null || twice.promptTokens === null ? null : twice.promptTokens - once.promptTokens;
    const isRateObeyed = more === null ? null : more > 0.2 * (once.promptTokens as number);
    return {
      ...{ shape, refusal: null, duration, constantTimes, variableTimes, lastClock },
      ...{ constant: told(constantTimes), variable: told(variableTimes) },
      promptTokens: once.promptTokens,
      tokensPerFrame: more === null || more <= 0 ? null : more / (clipDuration * fps),
      isRateObeyed: asksRate ? isRateObeyed : null,
      answers: [once.text, ofConstant.text, ofVariable.text, ofClock.text],
    };
  } catch (error) {
    if (!(error instanceof RequestError) || (error.fault !== "refused" && error.fault !== "failed")) throw error;
    return { ...untested, shape, refusal: error.message };
  }
}

const untested = {
  duration: null,
  constantTimes: [],
  variableTimes: [],
  constant: { kind: "unread" },
  variable: { kind: "unread" },
  lastClock: null,
  promptTokens: null,
  tokensPerFrame: null,
  isRateObeyed: null,
  answers: [],
} as const;
