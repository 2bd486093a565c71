/**
 * A film as a model is shown it: what each frame says, at which second, and what happens when.
 */
import { evenTimeline, type Moment } from "../../src/core/time/index.ts";
import { atRate, type Sampler } from "../../src/media/sampling/index.ts";
import { type Glimpse, glimpseAt } from "../../src/tasks/index.ts";
import { durationOf, eventsOf, frameCountOf, momentsOf, type Script } from "../../src/world/index.ts";

export type Strip = Readonly<{
  glimpses: readonly Glimpse[];
  /** Second of each glimpse. */
  times: readonly number[];
  duration: number;
  /** What can be asked: each label happens once. */
  moments: readonly Moment[];
  /** What happens, one thing after the other, from begin to end. */
  events: readonly Moment[];
}>;

/** Frames a second that models are shown. */
export const rate = 1;

/** Numbers that frames may carry: as many as `zoetrope ground` shows frames. */
export const mostNumbers = 64;

/** Which frames of a film are shown. */
export type FrameChoice = Readonly<{ sampler: Sampler; budget: number }>;

/** One frame a second. */
export const everySecond: FrameChoice = { sampler: atRate(rate), budget: mostNumbers };

/** A script as it is sampled. */
export function stripOf(script: Script, { sampler, budget }: FrameChoice = everySecond): Strip {
  const timeline = evenTimeline(frameCountOf(script), script.fps);
  const frames = sampler(timeline, budget);
  const times = frames.map((frame) => timeline.timestamps[frame] as number);
  return {
    glimpses: times.map((time) => glimpseAt(script, time)),
    times,
    duration: durationOf(script),
    moments: askable(momentsOf(script)),
    events: eventsOf(script),
  };
}

/** Labels that stand for one moment only. */
function askable(moments: readonly Moment[]): Moment[] {
  return moments.filter(({ label }) => moments.filter((other) => other.label === label).length === 1);
}
