/**
 * Random scenes: the draws that every script generator shares. Colours always contrast with their background.
 */
import type { Rng } from "../core/math/index.ts";
import { coloursOn } from "./palette.ts";
import type { Placement, Scene } from "./script.ts";
import {
  type Background,
  brightnesses,
  type Item,
  motions,
  type Position,
  positions,
  sizes,
  type Vocabulary,
} from "./vocabulary.ts";

const oppositeSides: readonly (readonly [Position, Position])[] = [
  ["on the left", "on the right"],
  ["at the top", "at the bottom"],
];

/** k items on a background, distinct in shape and in colour. */
export function randomItems(rng: Rng, vocabulary: Vocabulary, k: number, background: Background): Item[] {
  const colours = coloursOn(background, vocabulary);
  if (colours.length < k || vocabulary.shapes.length < k) {
    throw new RangeError(
      `Expected a vocabulary with at least ${k} shapes and ${k} colours that contrast with ${background}, got ` +
        `${vocabulary.shapes.length} and ${colours.length}. Draw fewer items or pass a larger vocabulary.`,
    );
  }
  const shapes = rng.sample(vocabulary.shapes, k);
  return rng.sample(colours, k).map((colour, i) => {
    return { colour, shape: shapes[i] as Item["shape"], texture: rng.pick(vocabulary.textures) };
  });
}

/** Put an item somewhere: random size, position and motion, all overridable. */
export function place(rng: Rng, item: Item, fixed: Partial<Placement> = {}): Placement {
  const drawn = { size: rng.pick(sizes), position: rng.pick(positions), motion: rng.pick(motions) };
  return { ...item, ...drawn, growth: "none", ...fixed };
}

export type SceneDraw = Readonly<{
  seconds: number;
  background?: Background;
  pairProbability?: number;
  still?: boolean;
}>;

/** A scene of one item, rarely two on opposite sides, in which nothing changes but place. */
export function randomScene(rng: Rng, vocabulary: Vocabulary, draw: SceneDraw): Scene {
  const background = draw.background ?? rng.pick(vocabulary.backgrounds);
  const asPair = rng.chance(draw.pairProbability ?? 0.15);
  const items = randomItems(rng, vocabulary, asPair ? 2 : 1, background);
  const motion = draw.still ? { motion: "still" as const } : {};
  // Two large items would overlap, two moving ones would collide.
  const sides = asPair ? rng.shuffle(rng.pick(oppositeSides)) : [];
  const placed = items.map((item, i) => {
    const position = sides[i];
    if (position === undefined) return place(rng, item, motion);
    return place(rng, item, { size: rng.pick(["small", "medium"]), motion: "still", position });
  });
  return { items: placed, background, brightness: rng.pick(brightnesses), ramp: "none", seconds: draw.seconds };
}
