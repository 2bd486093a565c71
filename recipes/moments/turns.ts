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
  if (clock === "times") {
    const ask = groundingText(query, { prompt: "times", numbers: false, times: strip.times });
    return { ask: `${ask} `, answer: groundingAnswer(strip.times, ends, "times") };
  }
  return { ask: `${groundingText(query, { prompt })} `, answer: groundingAnswer(strip.times, ends, prompt) };
}

/** "From frame a to frame b" in the words that a prompt asks for; `times` are those of the frames. */
export function groundingAnswer(
  times: readonly number[],
  [from, to]: readonly [from: number, to: number],
  prompt: Exclude<GroundingPrompt, "vtimellm">,
): string {
  const at = (frame: number) => (times[frame] as number).toFixed(1);
  if (prompt === "times") return `From ${at(from)} to ${at(to)} seconds.`;
  return prompt === "numpro" ? `From Frame ${from} to Frame ${to}.` : numproAnswer(from, to);
}

/** Every answer that names two different frames of these, first things first. */
export function allGroundingAnswers(times: readonly number[], prompt: Exclude<GroundingPrompt, "vtimellm">): string[] {
  return times.flatMap((_, from) =>
    times.slice(from + 1).map((_, i) => groundingAnswer(times, [from, from + 1 + i], prompt)),
  );
}

/** Begin or end alone, in few words: where the look-up is learnt. */
export function boundaryTurn(strip: Strip, moment: Moment, clock: Clock, isFirst: boolean): Turn {
  const frame = endsOf(strip, moment)[isFirst ? 0 : 1];
  const told = clock === "times" ? (strip.times[frame] as number).toFixed(1) : String(frame);
  return { ask: ` ${isFirst ? "first" : "last"}? ${moment.label}`, answer: told };
}

/** Places of the frames nearest to both ends. */
function endsOf({ times }: Strip, moment: Moment): readonly [number, number] {
  return numbersOf(moment, { frames: times.length, rate });
}
