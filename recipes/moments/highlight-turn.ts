/**
 * Highlights of a film: while a thing grows, shrinks, brightens or darkens, its frames are rated by how much of it there is to
 * see; where nothing changes no frame stands out and nothing is asked.
 */
import type { Moment } from "../../src/core/time/index.ts";
import { highlightText } from "../../src/tasks/index.ts";
import { brightnesses, sizes } from "../../src/world/index.ts";
import type { Turn } from "../micro/lesson.ts";
import type { Strip } from "./strip.ts";
import { type Clock, queryOf } from "./turns.ts";

const growth = /(?:grows|shrinks)$/;
const light = /(?:brightens|darkens)$/;

/** Moments whose frames differ in saliency. */
export function ratedMoments({ moments }: Strip): Moment[] {
  return moments.filter(({ label }) => growth.test(label) || light.test(label));
}

/** Saliency on the prompt's scale of 1 to 5 for every frame of the moment: 3, 4 or 5 by size or by brightness. */
export function saliencyOfFrames({ glimpses, times }: Strip, moment: Moment): { frame: number; score: number }[] {
  return times.flatMap((time, frame) => {
    if (time < moment.start || time >= moment.end) return [];
    const { size, brightness } = glimpses[frame] as Strip["glimpses"][number];
    const index = growth.test(moment.label)
      ? (sizes as readonly string[]).indexOf(size)
      : (brightnesses as readonly string[]).indexOf(brightness);
    return [{ frame, score: 3 + index }];
  });
}

/** The question in NumPro-FT's words; without numbers frames are counted from 0 and their seconds are told. */
export function highlightQuestion(
  { times }: Strip,
  moment: Moment,
  clock: Clock,
  prompt: "numpro" | "numpro-ft",
): string {
  const text = highlightText(queryOf(moment), { prompt });
  return clock === "numbers" ? text : withTimes(text, times);
}

export function highlightTurn(strip: Strip, moment: Moment, clock: Clock): Turn {
  const rated = saliencyOfFrames(strip, moment);
  const frames = rated.map(({ frame }) => frame).join(", ");
  const scores = rated.map(({ score }) => score).join(", ");
  return {
    ask: `${highlightQuestion(strip, moment, clock, "numpro-ft")} `,
    answer: `The highlight frames are in the ${frames} frames. Their saliency scores are ${scores}.`,
  };
}

/** The sentence about numbers gives way to the frames' seconds. */
function withTimes(text: string, times: readonly number[]): string {
  const seconds = times.map((time) => time.toFixed(1)).join(", ");
  return text.replace(/^The red numbers on each frame represent the frame number\. /, () => {
    return `The frames, counted from 0, show the video at these seconds: ${seconds}. `;
  });
}
