/**
 * What colour words look like, and which pairs of object and background can be told apart.
 */
import { gainOf } from "./levels.ts";
import { type Background, type Colour, colours, type Vocabulary } from "./vocabulary.ts";

export type Rgb = readonly [red: number, green: number, blue: number];

/** Object colours at gain 1, sRGB 0-255. */
export const colourRgb: Readonly<Record<Colour, Rgb>> = {
  red: [255, 40, 40],
  green: [40, 205, 60],
  blue: [40, 90, 255],
  yellow: [255, 235, 40],
  white: [255, 255, 255],
  purple: [170, 50, 240],
  orange: [255, 140, 20],
  cyan: [40, 230, 255],
};

/** Background colours, sRGB 0-255. */
export const backgroundRgb: Readonly<Record<Background, Rgb>> = {
  black: [12, 12, 12],
  white: [240, 240, 240],
  gray: [128, 128, 128],
  navy: [16, 24, 84],
  brown: [98, 60, 32],
  pink: [244, 164, 186],
  teal: [0, 120, 120],
  olive: [118, 118, 36],
};

/** Least RGB distance between an object, however bright, and its background; lighting and noise stay well below it. */
const leastDistance = 52;

/** Is an object of this colour easy to see on this background in all three states of brightness? */
export function contrasts(colour: Colour, background: Background): boolean {
  return [0.5, 1.5, 2.5].every(
    (level) => distance(litRgb(colour, gainOf(level)), backgroundRgb[background]) >= leastDistance,
  );
}

/** A vocabulary's colours that contrast with a background. */
export function coloursOn(background: Background, vocabulary: Readonly<Pick<Vocabulary, "colours">> = { colours }) {
  return vocabulary.colours.filter((colour) => contrasts(colour, background));
}

/** An object's colour under a gain, clipped to 0-255. */
export function litRgb(colour: Colour, gain: number): Rgb {
  const [red, green, blue] = colourRgb[colour];
  return [Math.min(255, red * gain), Math.min(255, green * gain), Math.min(255, blue * gain)];
}

/** Euclidean distance of two colours in sRGB. */
export function distance(a: Rgb, b: Rgb): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}
