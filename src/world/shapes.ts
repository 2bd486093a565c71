/**
 * Outlines of the ten shapes as signed distances: negative inside, in units of the object's radius, x right and y down,
 * centred on the origin. Distances let one formula give anti-aliased edges at any resolution.
 *
 * Polygon and heart distances are Inigo Quilez's (https://iquilezles.org/articles/distfunctions2d/).
 */
import type { Shape } from "./vocabulary.ts";

export type SignedDistance = (x: number, y: number) => number;

type Point = readonly [x: number, y: number];

/** Signed distance of each shape; every outline stays within 1.06 radii of the centre along both axes. */
export const signedDistance: Readonly<Record<Shape, SignedDistance>> = {
  circle: (x, y) => Math.hypot(x, y) - 0.95,
  square: polygon(rectangle(0.84, 0.84)),
  triangle: polygon([
    [0, -0.98],
    [1.02, 0.84],
    [-1.02, 0.84],
  ]),
  cross: polygon(crossPoints(0.98, 0.32)),
  ring: (x, y) => Math.abs(Math.hypot(x, y) - 0.77) - 0.22,
  star: polygon(starPoints(1.06, 0.44)),
  heart,
  bar: polygon(rectangle(1.02, 0.36)),
  diamond: polygon([
    [0, -1.04],
    [0.76, 0],
    [0, 1.04],
    [-0.76, 0],
  ]),
  moon: (x, y) => Math.max(Math.hypot(x + 0.12, y) - 0.98, 0.82 - Math.hypot(x - 0.4, y)),
};

function rectangle(halfWidth: number, halfHeight: number): Point[] {
  return [
    [-halfWidth, -halfHeight],
    [halfWidth, -halfHeight],
    [halfWidth, halfHeight],
    [-halfWidth, halfHeight],
  ];
}

function crossPoints(arm: number, half: number): Point[] {
  const quarter: Point[] = [
    [half, -arm],
    [half, -half],
    [arm, -half],
  ];
  return [0, 1, 2, 3].flatMap((turns) => quarter.map((point) => quarterTurns(point, turns)));
}

function quarterTurns([x, y]: Point, turns: number): Point {
  return turns === 0 ? [x, y] : quarterTurns([-y, x], turns - 1);
}

/** Five-pointed, one point up. */
function starPoints(outer: number, inner: number): Point[] {
  return Array.from({ length: 10 }, (_, corner): Point => {
    const radius = corner % 2 === 0 ? outer : inner;
    const angle = (corner * Math.PI) / 5;
    return [radius * Math.sin(angle), 0.06 - radius * Math.cos(angle)];
  });
}

function polygon(points: readonly Point[]): SignedDistance {
  const edges = points.map(([x, y], i) => {
    const [nextX, nextY] = points[(i + 1) % points.length] as Point;
    return { x, y, dx: nextX - x, dy: nextY - y, lengthSquared: (nextX - x) ** 2 + (nextY - y) ** 2 };
  });
  return (x, y) => {
    let nearest = Infinity;
    let inside = false;
    for (const edge of edges) {
      const [wx, wy] = [x - edge.x, y - edge.y];
      const along = Math.min(1, Math.max(0, (wx * edge.dx + wy * edge.dy) / edge.lengthSquared));
      nearest = Math.min(nearest, (wx - edge.dx * along) ** 2 + (wy - edge.dy * along) ** 2);
      // Even-odd rule: does a ray to the right cross this edge?
      if (wy >= 0 !== wy >= edge.dy && (edge.dy > 0 ? 1 : -1) * (wx * edge.dy - wy * edge.dx) < 0) inside = !inside;
    }
    return inside ? -Math.sqrt(nearest) : Math.sqrt(nearest);
  };
}

/** A square standing on its corner with a half disc on each upper side. */
function heart(x: number, y: number): number {
  const scale = 0.6;
  const px = Math.abs(x) * scale;
  const py = 0.552 - y * scale;
  if (px + py > 1) return (Math.hypot(px - 0.25, py - 0.75) - Math.SQRT2 / 4) / scale;
  const along = 0.5 * Math.max(px + py, 0);
  const nearest = Math.min(Math.hypot(px, py - 1), Math.hypot(px - along, py - along));
  return (Math.sign(px - py) * nearest) / scale;
}
