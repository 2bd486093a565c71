/**
 * Text drawn on a picture: digits and clock signs, opaque, anti-aliased by exact coverage, with no font on the machine.
 */
import type { RgbaImage } from "../image/index.ts";
import { Coverage } from "./coverage.ts";
import { glyphOf } from "./glyph.ts";
import { advanceOf, layOutText } from "./layout.ts";
import { type OverlayStyle, rgbOf } from "./style.ts";

/** The picture with a text on it, as a copy. Throws a RangeError for characters that cannot be drawn or do not fit. */
export function drawText(image: RgbaImage, text: string, style: OverlayStyle = {}): RgbaImage {
  const copy = { ...image, data: new Uint8ClampedArray(image.data) };
  drawTextOnto(copy, text, style);
  return copy;
}

/** As drawText, on the picture itself: for pictures that nobody else holds, where the copy would be most of the work. */
export function drawTextOnto(image: RgbaImage, text: string, style: OverlayStyle = {}): void {
  const { fontSize, x, baseline, box } = layOutText(image, text, style);
  const [red, green, blue] = rgbOf(style.color ?? "red");
  // Ink may leave the box of the metrics by less than a pixel on each side.
  const [left, top] = [box.left - 1, box.top - 1];
  const mask = textCoverage(text, {
    fontSize,
    x: x - left,
    baseline: baseline - top,
    width: box.right - left + 1,
    height: box.bottom - top + 1,
  });
  const { data } = image;
  const values = mask.values();
  for (let row = Math.max(0, -top); row < Math.min(mask.height, image.height - top); row++) {
    for (let column = Math.max(0, -left); column < Math.min(mask.width, image.width - left); column++) {
      const share = values[row * mask.width + column] as number;
      if (share === 0) continue;
      const at = 4 * ((top + row) * image.width + left + column);
      data[at] = (data[at] as number) + share * (red - (data[at] as number));
      data[at + 1] = (data[at + 1] as number) + share * (green - (data[at + 1] as number));
      data[at + 2] = (data[at + 2] as number) + share * (blue - (data[at + 2] as number));
      data[at + 3] = (data[at + 3] as number) + share * (255 - (data[at + 3] as number));
    }
  }
}

type Place = Readonly<{ fontSize: number; x: number; baseline: number; width: number; height: number }>;

function textCoverage(text: string, { fontSize, x, baseline, width, height }: Place): Coverage {
  const coverage = new Coverage(width, height);
  let pen = x;
  for (const character of text) {
    const { edges } = glyphOf(character);
    const at = (i: number) => pen + fontSize * (edges[i] as number);
    const down = (i: number) => baseline - fontSize * (edges[i] as number);
    for (let i = 0; i < edges.length; i += 4) coverage.addEdge(at(i), down(i + 1), at(i + 2), down(i + 3));
    pen += advanceOf(character, fontSize);
  }
  return coverage;
}
