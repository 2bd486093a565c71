/**
 * Glyphs as lists of straight edges, from the outlines in digits.table.ts.
 */
import { ascender, glyphs, unitsPerEm } from "./digits.table.ts";

/** Closed outlines as edges [x0, y0, x1, y1, ...] in ems, y upwards; extents above and below the baseline in ems. */
export type Glyph = Readonly<{ advance: number; edges: Float64Array; above: number; below: number }>;

/** Height of a line above its baseline, in ems. */
export const ascent = ascender / unitsPerEm;

/** A curve becomes so many edges: the sagitta left over is below a hundredth of a pixel at 100 px. */
const edgesPerCurve = 8;
const known = new Map<string, Glyph>();

/** The glyph of a character. Throws a RangeError for characters that are not in the table. */
export function glyphOf(character: string): Glyph {
  const found = known.get(character);
  if (found) return found;
  const entry = glyphs[character];
  if (!entry) {
    const all = Object.keys(glyphs).join("");
    throw new RangeError(`Expected text of the characters ${all}, got ${JSON.stringify(character)}.`);
  }
  const edges = Float64Array.from(edgesOf(entry.path), (unit) => unit / unitsPerEm);
  const ys = edges.filter((_, i) => i % 2 === 1);
  const glyph = { advance: entry.advance / unitsPerEm, edges, above: Math.max(...ys), below: -Math.min(...ys) };
  known.set(character, glyph);
  return glyph;
}

/** Path text -> edges; every contour is closed. */
function edgesOf(path: string): number[] {
  const edges: number[] = [];
  let [startX, startY, x, y] = [0, 0, 0, 0];
  const lineTo = (toX: number, toY: number) => {
    edges.push(x, y, toX, toY);
    [x, y] = [toX, toY];
  };
  for (const [, command, list] of path.matchAll(/([MLQ])([^MLQ]*)/g)) {
    const [a = 0, b = 0, c = 0, d = 0] = (list as string).trim().split(" ").map(Number);
    if (command === "M") {
      if (edges.length > 0) lineTo(startX, startY);
      [startX, startY, x, y] = [a, b, a, b];
    } else if (command === "L") lineTo(a, b);
    else {
      const [fromX, fromY] = [x, y];
      for (let i = 1; i <= edgesPerCurve; i++) {
        const t = i / edgesPerCurve;
        const at = (from: number, control: number, to: number) =>
          (1 - t) ** 2 * from + 2 * t * (1 - t) * control + t * t * to;
        lineTo(at(fromX, a, c), at(fromY, b, d));
      }
    }
  }
  lineTo(startX, startY);
  return edges;
}
