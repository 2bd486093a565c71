/**
 * What every kind of conflict draws from: items and backgrounds of the vocabulary, places, clocks, and numbers for raw videos.
 */
import type { Rng } from "../../core/math/index.ts";
import {
  type Act,
  type Actor,
  type Background,
  type Camera,
  type Film,
  type Item,
  nameOf,
  randomItems,
  type Shot,
  type Vocabulary,
} from "../../world/index.ts";
import type { CompassVideo } from "./conflict.ts";

/** The draws of one round of conflicts. */
export type Casting = Readonly<{ rng: Rng; vocabulary: Vocabulary; nextId: () => string }>;

/** A stage is set: everything that the videos of a conflict share. */
export type Stage = Readonly<{
  seed: number;
  fps: number;
  frames: number;
  background: Background;
  items: readonly Item[];
}>;

/** Frames a second of every film: those of zoetrope-micro's training videos. */
export const compassFps = 8;
/** Frames of films whose speed is asked for; others last 3 to 5 seconds. */
export const speedFrames = 32;

/** `count` items, distinct in shape and in colour, on a background that they contrast with. */
export function setStage(
  { rng, vocabulary }: Casting,
  count: number,
  { frames = rng.integer(24, 40) }: Readonly<{ frames?: number }> = {},
): Stage {
  const background = rng.pick(vocabulary.backgrounds);
  const items = randomItems(rng, vocabulary, count, background);
  return { seed: rng.uint32(), fps: compassFps, frames, background, items };
}

/** An actor at rest: of medium size, of normal brightness, upright, in the middle, unless told otherwise. */
export function actorOf(item: Item, more: Partial<Actor> = {}): Actor {
  return { ...item, home: [0.5, 0.5], tilt: 0, size: "medium", brightness: "normal", acts: [], ...more };
}

/** A shot of the stage. */
export function shoot(stage: Stage, actors: readonly Actor[], camera: Camera = { move: "still" }): Film {
  const { seed, fps, frames, background } = stage;
  const shot: Shot = { seed, fps, frames, background, camera, actors };
  return { cut: "shot", shot };
}

/** A raw video of its own number. */
export function rawVideo({ nextId }: Casting, film: Film): CompassVideo {
  return { id: nextId(), film };
}

/** Somewhere within `reach` of the middle, along both axes. */
export function nearMiddle(rng: Rng, reach: number): readonly [x: number, y: number] {
  return [0.5 + rng.uniform(-reach, reach), 0.5 + rng.uniform(-reach, reach)];
}

/** "the red star". Textures are not named. */
export function theItem(item: Item): string {
  return `the ${nameOf({ ...item, texture: "plain" })}`;
}

/** One thing that an actor does. */
export function doing(...acts: readonly Act[]): Pick<Actor, "acts"> {
  return { acts };
}
