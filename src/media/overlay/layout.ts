/**
 * Where a number stands: NumPro's placement on top of Pillow's text metrics (B1 of the specification), to the pixel.
 *
 * Pillow places text by the top of its line while the paper computes the place from the box around the ink, so that text at
 * the bottom ends a little above the border, and the paper lifts it by a third of its height to compensate.
 */
import { ascent, glyphOf } from "./glyph.ts";
import { fontSizeOn, type OverlayPosition, type OverlayStyle } from "./style.ts";

/**
 * Whole pixels, origin top left: where the line of text begins, its baseline, and the box of the text from the first
 * advance to the last and from its highest to its lowest ink (right and bottom excluded).
 */
export type TextLayout = Readonly<{
  fontSize: number;
  x: number;
  baseline: number;
  box: Readonly<{ left: number; top: number; right: number; bottom: number }>;
}>;

/** Advances as FreeType gives them: in 64ths of a pixel. */
export function advanceOf(character: string, fontSize: number): number {
  return Math.round(64 * fontSize * glyphOf(character).advance) / 64;
}

/** Lay out a text on an image. Throws a RangeError where it does not fit. */
export function layOutText(
  image: Readonly<{ width: number; height: number }>,
  text: string,
  style: OverlayStyle = {},
): TextLayout {
  const { position = "bottom-right", margin = 0 } = style;
  const fontSize = fontSizeOn(image, style);
  const characters = [...text];
  if (characters.length === 0) throw new RangeError("Expected a text to draw, got an empty one.");
  const width = Math.floor(characters.reduce((sum, character) => sum + advanceOf(character, fontSize), 0) + 0.5);
  const above = Math.round(fontSize * Math.max(...characters.map((character) => glyphOf(character).above)));
  // Hinting keeps round digits on the baseline while they would reach little below it: at 40 px yes, at 60 px no more.
  const below = Math.floor(0.4 + fontSize * Math.max(...characters.map((character) => glyphOf(character).below)));
  const size = { width, height: Math.max(1, above + below) };
  const { x, y } = corner(image, size, { position, margin });
  // At a few pixels the rounding up of the ascent alone would push the text out of the picture.
  const baseline = Math.min(Math.round(y) + Math.ceil(fontSize * ascent), image.height - margin - below);
  const box = { left: x, top: baseline - above, right: x + width, bottom: baseline + below };
  if (box.left < 0 || box.top < 0 || box.right > image.width || box.bottom > image.height) {
    throw new RangeError(
      `Expected "${text}" at ${fontSize} px to fit in ${image.width}x${image.height} pixels, got a box of ${size.width}x${size.height} at (${box.left}, ${box.top}). Choose a smaller font size or margin.`,
    );
  }
  return { fontSize, x, baseline, box };
}

/** The place that the paper hands to Pillow: left, and top of the line. */
function corner(
  image: Readonly<{ width: number; height: number }>,
  text: Readonly<{ width: number; height: number }>,
  { position, margin }: { position: OverlayPosition; margin: number },
): { x: number; y: number } {
  const right = image.width - text.width - margin;
  const bottom = image.height - text.height - text.height / 3 - margin;
  switch (position) {
    case "top-left":
      return { x: margin, y: margin };
    case "top-right":
      return { x: right, y: margin };
    case "bottom-left":
      return { x: margin, y: bottom };
    case "bottom-right":
      return { x: right, y: bottom };
    case "center":
      return { x: Math.floor((image.width - text.width) / 2), y: Math.floor((image.height - text.height) / 2) };
    default:
      return position satisfies never;
  }
}
