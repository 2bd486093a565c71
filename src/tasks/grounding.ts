/**
 * Asking when something happens: the prompts of NumPro and VTimeLLM, word for word, and what a model is asked whose frames
 * carry no numbers.
 *
 * Replies are read by core/text's span extraction; nothing here reads.
 */
import type { SpanUnit } from "../core/text/index.ts";

/**
 * - numpro: the current prompt of NumPro's repository (B3), after the sentence about the numbers with no space between.
 * - numpro-2024: the same until October 2025.
 * - numpro-ft: NumPro-FT's training question; its answer is "From x to y."
 * - vtimellm: VTimeLLM's evaluation query (A9), for 100 frames without numbers; its answer is two digits each, 00 to 99.
 * - times: ours, for frames without numbers: their seconds stand in the text, so that a comparison with numbers is fair.
 */
export const groundingPrompts = ["numpro", "numpro-2024", "numpro-ft", "vtimellm", "times"] as const;
export type GroundingPrompt = (typeof groundingPrompts)[number];

/** NumPro's sentence about the overlay; the paper's numbers are red. */
export function numberInstruction(color = "red"): string {
  return `The ${color} numbers on each frame represent the frame number.`;
}

/**
 * The form in which moments can be asked for from models that are held to a JSON Schema. The ends are numbers in the unit of the
 * prompt; replies are read like any other.
 */
export const groundingSchema = {
  name: "moments",
  schema: {
    type: "object",
    properties: {
      spans: {
        type: "array",
        items: {
          type: "object",
          properties: { start: { type: "number" }, end: { type: "number" } },
          required: ["start", "end"],
          additionalProperties: false,
        },
      },
    },
    required: ["spans"],
    additionalProperties: false,
  },
} as const;

export type GroundingTextOptions = Readonly<{
  prompt?: GroundingPrompt;
  /** Frames carry numbers: the sentence about them goes first, as NumPro and NumPro-FT have it. */
  numbers?: boolean;
  /** Colour of the numbers, in words. Default "red". */
  color?: string;
  /** Seconds of the frames; needed by "times". */
  times?: readonly number[];
}>;

/** The text after the frames that asks when the query can be seen. */
export function groundingText(query: string, options: GroundingTextOptions = {}): string {
  const { prompt = "numpro", numbers = true, color = "red", times = [] } = options;
  const opening = numbers ? numberInstruction(color) : "";
  switch (prompt) {
    case "numpro":
      return `${opening}During which frames can we see ${query}? Answer in the format: 'From Frame x to Frame y'.`;
    case "numpro-2024":
      return `${opening}During which frames can we see ${query}? Answer in the format of 'from x to y'.`;
    case "numpro-ft":
      return `${opening}${numproQuestion(query)}`;
    case "vtimellm":
      return `During which frames can we see ${vtimellmQuery(query)}?`;
    case "times":
      return `${secondsText(times)} During which seconds can we see ${query}? Answer in the format: 'From x to y seconds'.`;
    default:
      return prompt satisfies never;
  }
}

/** Seconds of frames as a sentence, for models that see frames alone. */
export function secondsText(times: readonly number[]): string {
  return `The frames show the video at these seconds: ${times.map((time) => time.toFixed(1)).join(", ")}.`;
}

/** What numbers without a unit count in the answer to a prompt. */
export function groundingUnit(prompt: GroundingPrompt): SpanUnit {
  return prompt === "vtimellm" ? "percent" : prompt === "times" ? "seconds" : "frames";
}

/** NumPro-FT's training question, with the query as it is. */
export function numproQuestion(query: string): string {
  return `During which frames can we see ${query}?`;
}

/** NumPro-FT's training answer. */
export function numproAnswer(from: number, to: number): string {
  return `From ${from} to ${to}.`;
}

/** A sentence as VTimeLLM's evaluation puts it into its query: stripped, in lower case, without one trailing full stop. */
export function vtimellmQuery(sentence: string): string {
  return sentence.trim().toLowerCase().replace(/\.$/, "");
}
