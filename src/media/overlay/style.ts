/**
 * How numbers look: NumPro's dials, and its choice as the default (arXiv 2411.10332: red, 40 px on frames of 336x336,
 * bottom right, opaque).
 */
export const overlayPositions = ["top-left", "top-right", "bottom-left", "bottom-right", "center"] as const;
export type OverlayPosition = (typeof overlayPositions)[number];

/** The colours that the paper compares, as PIL names them, and white. */
const named = {
  red: [255, 0, 0],
  blue: [0, 0, 255],
  black: [0, 0, 0],
  green: [0, 128, 0],
  white: [255, 255, 255],
} as const satisfies Readonly<Record<string, Rgb>>;

export type Rgb = readonly [red: number, green: number, blue: number];
export type OverlayColor = keyof typeof named | Rgb;
export const overlayColors = Object.keys(named) as (keyof typeof named)[];

export type OverlayStyle = Readonly<{
  /** In pixels. Default: 40 for every 336 of the shorter side, so that a number looks the same on frames of any size. */
  fontSize?: number;
  /** Default "red". Components 0 to 255. */
  color?: OverlayColor;
  /** Default "bottom-right". */
  position?: OverlayPosition;
  /** Pixels kept free at the border. Default 0. */
  margin?: number;
}>;

/** The paper's size of numbers relative to the shorter side of a frame. */
export const paperScale = 40 / 336;

/** Red, green and blue of a colour. */
export function rgbOf(color: OverlayColor): Rgb {
  return typeof color === "string" ? named[color] : color;
}

/** The font size in pixels on an image. Throws a RangeError when it is not positive. */
export function fontSizeOn({ width, height }: { width: number; height: number }, { fontSize }: OverlayStyle): number {
  const size = fontSize ?? Math.max(1, Math.round(paperScale * Math.min(width, height)));
  if (size > 0 && size < Infinity) return size;
  throw new RangeError(`Expected a font size in pixels above 0, got ${size}.`);
}
