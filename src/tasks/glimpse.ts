/**
 * What one frame, or one caption that stands for a frame, says: one thing and how it looks.
 *
 * Questions are made from a list of glimpses, so that the very same function asks about a video and about a text. The words
 * are plain strings because text may speak of things that the world cannot draw.
 */
import { factsAt, type Script } from "../world/index.ts";

export type Glimpse = Readonly<{ colour: string; shape: string; size: string; brightness: string; background: string }>;

/** The first item of a world script at a second. */
export function glimpseAt(script: Script, seconds: number): Glimpse {
  const { items, background, brightness } = factsAt(script, seconds);
  const item = items[0];
  if (item === undefined) throw new RangeError(`Expected an item on screen at ${seconds} s, got an empty scene.`);
  return { colour: item.colour, shape: item.shape, size: item.size, brightness, background };
}

/** "red circle". */
export function thingOf({ colour, shape }: Glimpse): string {
  return `${colour} ${shape}`;
}

/** The things of a list of glimpses in order of appearance, each once. */
export function thingsOf(glimpses: readonly Glimpse[]): string[] {
  return [...new Set(glimpses.map(thingOf))];
}
