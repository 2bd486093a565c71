/**
 * Questions about moments and their answers, for frames that carry numbers and for frames whose seconds stand in the text.
 */
import type { Moment } from "../../src/core/time/index.ts";
import { numbersOf } from "../../src/synthesis/index.ts";
import { type GroundingPrompt, groundingText, numproAnswer } from "../../src/tasks/index.ts";
import { withArticle } from "../../src/world/index.ts";
import type { Turn } from "../micro/lesson.ts";
import { rate, type Strip } from "./strip.ts";

/** How a model learns a frame's second: from the number on it, counted from 0, or from a list in the question. */
export type Clock = "numbers" | "times";

export function queryOf({ label }: Moment): string {
  return withArticle(label);
}

/** "During which frames can we see ...?" in a prompt's words, or in seconds where frames carry none. */
export function groundingTurn(
  strip: Strip,
  moment: Moment,
  { clock, prompt = "numpro" }: { clock: Clock; prompt?: Exclude<GroundingPrompt, "times" | "vtimellm"> },
): Turn {
  const ends = endsOf(strip, moment);
  const query = queryOf(moment);
  const marks = marksOf(clock, strip.times);
  if (clock === "times") {
    const ask = groundingText(query, { prompt: "times", numbers: false, times: strip.times });
    return { ask: `${ask} `, answer: groundingAnswer(marks, ends, "times") };
  }
  return { ask: `${groundingText(query, { prompt })} `, answer: groundingAnswer(marks, ends, prompt) };
}

/** What an answer calls each frame: its second, or its number counted from 0. */
export function marksOf(clock: Clock, times: readonly number[]): string[] {
  return times.map((time, frame) => (clock === "times" ? time.toFixed(1) : String(frame)));
}

/** "From frame a to frame b" in the words that a prompt asks for; `marks` are what the frames are called. */
export function groundingAnswer(
  marks: readonly string[],
  [from, to]: readonly [from: number, to: number],
  prompt: Exclude<GroundingPrompt, "vtimellm">,
): string {
  const [a, b] = [marks[from] as string, marks[to] as string];
  if (prompt === "times") return `From ${a} to ${b} seconds.`;
  return prompt === "numpro" ? `From Frame ${a} to Frame ${b}.` : numproAnswer(Number(a), Number(b));
}

/** Begin or end alone, in few words: where the look-up is learnt. */
export function boundaryTurn(strip: Strip, moment: Moment, clock: Clock, isFirst: boolean): Turn {
  const frame = endsOf(strip, moment)[isFirst ? 0 : 1];
  return { ask: boundaryAsk(moment.label, isFirst), answer: marksOf(clock, strip.times)[frame] as string };
}

/** " first? red circle": its key stands directly before the answer. */
export function boundaryAsk(label: string, isFirst: boolean): string {
  return ` ${isFirst ? "first" : "last"}? ${label}`;
}

/** Places of the frames nearest to both ends. */
function endsOf({ times }: Strip, moment: Moment): readonly [number, number] {
  return numbersOf(moment, { frames: times.length, rate });
}
