/**
 * Surface marks of striped and dotted items: darker bands or spots that scale with the object.
 */
import type { Texture } from "./vocabulary.ts";

/** Factor on the item's colour inside a stripe or dot. */
export const textureShade = 0.36;

const stripePeriod = 0.56;
const dotSpacing = 0.62;
const dotRadius = 0.2;

/** Marks leave a rim of this width, in radii, so that the outline of a small thin shape stays whole. */
const rim = 0.1;

export type SurfacePoint = Readonly<{ x: number; y: number; outline: number }>;

/**
 * How much of the pixel at (x, y), in radii from the object's centre and `outline` radii from its edge (negative inside),
 * is covered by a mark: 0 to 1. `radius` is the object's radius in pixels and sets the width of the anti-aliased edge.
 */
export function coverageOfTexture(texture: Texture, { x, y, outline }: SurfacePoint, radius: number): number {
  const distance = Math.max(distanceToMark(texture, x, y), outline + rim);
  return Math.min(1, Math.max(0, 0.5 - distance * radius));
}

function distanceToMark(texture: Texture, x: number, y: number): number {
  switch (texture) {
    case "plain":
      return Infinity;
    case "striped":
      return Math.abs(offsetFromNearest(x + stripePeriod / 2, stripePeriod)) - stripePeriod / 4;
    case "dotted":
      // A square lattice turned by 45 degrees, so that no row of dots reads as a stripe.
      return Math.hypot(offsetFromNearest(x + y, dotSpacing), offsetFromNearest(x - y, dotSpacing)) - dotRadius;
    default:
      return texture satisfies never;
  }
}

function offsetFromNearest(value: number, period: number): number {
  return value - period * Math.round(value / period);
}
