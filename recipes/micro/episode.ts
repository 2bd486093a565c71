/**
 * Episodes: what the lines of a text, or the frames of a video, show one after the other.
 */
import type { Rng } from "../../src/core/math/index.ts";
import type { Glimpse, Words } from "../../src/tasks/index.ts";
import { brightnesses, sizes } from "../../src/world/index.ts";

export type EpisodeOptions = Readonly<{
  /** Different things, each with its own shape and colour. */
  things: number;
  /** Frames; every thing holds for at least one. */
  frames: number;
}>;

/** Things on one background, each held for a run of frames. */
export function episode(rng: Rng, words: Words, { things, frames }: EpisodeOptions): Glimpse[] {
  const background = rng.pick(words.backgrounds);
  const fitting = words.colours.filter((colour) => colour !== background);
  const colours = rng.sample(fitting, things);
  const shapes = rng.sample(words.shapes, things);
  const cuts = [0, ...rng.sample(range(1, frames), things - 1).sort((a, b) => a - b), frames];
  return colours.flatMap((colour, i) => {
    const brightness = rng.chance(0.5) ? "normal" : rng.pick(brightnesses);
    const glimpse = { colour, shape: shapes[i] as string, size: rng.pick(sizes), brightness, background };
    return new Array<Glimpse>((cuts[i + 1] as number) - (cuts[i] as number)).fill(glimpse);
  });
}

/** One thing that grows or shrinks, or brightens or darkens, in thirds as the world's ramps do. */
export function ramp(rng: Rng, words: Words, frames: number, what: "size" | "brightness"): Glimpse[] {
  const [still] = episode(rng, words, { things: 1, frames: 1 }) as [Glimpse];
  const scale = what === "size" ? sizes : brightnesses;
  const up = rng.chance(0.5);
  return range(0, frames).map((frame) => {
    const third = frames === 2 ? 2 * frame : Math.min(2, Math.floor((3 * (frame + 0.5)) / frames));
    return { ...still, [what]: scale[up ? third : 2 - third] as string };
  });
}

/** from, from + 1, ..., to - 1. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}
