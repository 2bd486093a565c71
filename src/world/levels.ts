/**
 * Three-word scales: size (small, medium, large) and brightness (dim, normal, bright) share one dial, the level in [0, 3].
 *
 * Word k names the levels [k, k + 1); a scene that does not change stands at k + 1/2, and a ramp runs through all three
 * words, a third of the scene each. So the word at a second is exact, and so are the seconds at which it changes.
 */
import { type Brightness, brightnesses, type Size, sizes } from "./vocabulary.ts";

/** Which way a level goes during a scene: up is grow or brighten, down is shrink or darken. */
export type Trend = "none" | "up" | "down";

/**
 * Level at a progress in [0, 1) through the scene. Within each third the ramp lingers at the word's own level (a cubic),
 * because a linear ramp shows a state between two words for most of the time.
 */
export function levelAt(trend: Trend, restingWord: 0 | 1 | 2, progress: number): number {
  if (trend === "none") return restingWord + 0.5;
  const third = Math.min(2, Math.floor(3 * progress));
  const fromCentre = 3 * progress - third - 0.5;
  const risen = third + 0.5 + 4 * fromCentre ** 3;
  return trend === "up" ? risen : 3 - risen;
}

/** Index of the word in force at a progress in [0, 1): for a ramp, which third of the scene it is. */
export function wordIndexAt(trend: Trend, restingWord: 0 | 1 | 2, progress: number): 0 | 1 | 2 {
  if (trend === "none") return restingWord;
  const third = Math.min(2, Math.floor(3 * progress));
  return (trend === "up" ? third : 2 - third) as 0 | 1 | 2;
}

/** Half the extent of an object as a fraction of the frame's shorter side: 0.16, 0.245 and 0.33 at rest. */
export function radiusOf(level: number): number {
  return 0.1175 + 0.085 * level;
}

/** Factor on an object's palette colour: 0.43, 0.73 and 1.03 at rest. The background keeps its light. */
export function gainOf(level: number): number {
  return 0.28 + 0.3 * level;
}

export function indexOfSize(size: Size): 0 | 1 | 2 {
  return sizes.indexOf(size) as 0 | 1 | 2;
}

export function indexOfBrightness(brightness: Brightness): 0 | 1 | 2 {
  return brightnesses.indexOf(brightness) as 0 | 1 | 2;
}
