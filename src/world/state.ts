/**
 * The state of the world at a second: where every item is, how large and how bright. Rendering and captions both read it,
 * so that a caption cannot disagree with the pixels.
 */
import { Rng } from "../core/math/index.ts";
import { gainOf, indexOfBrightness, indexOfSize, levelAt, radiusOf, type Trend, wordIndexAt } from "./levels.ts";
import { type Placement, type Scene, type Script, sceneAt } from "./script.ts";
import {
  type Background,
  type Brightness,
  brightnesses,
  type Item,
  type Motion,
  type Position,
  type Size,
  sizes,
} from "./vocabulary.ts";

/** An item as drawn: centre in fractions of width and height, radius in fractions of the shorter side, gain on its colour. */
export type Appearance = Item & Readonly<{ x: number; y: number; radius: number; gain: number }>;

/** What is true of the picture at one second, in the world's words. */
export type Facts = Readonly<{
  items: readonly (Item & Readonly<{ size: Size; position: Position; motion: Motion }>)[];
  background: Background;
  brightness: Brightness;
}>;

/** An item further than this from the centre, as a fraction of the frame, is at a side rather than in the middle. */
const sideThreshold = 0.1;
const sideOffset = 0.26;
const placeJitter = 0.015;
const wobble = 0.025;

const growthTrend: Readonly<Record<Placement["growth"], Trend>> = { none: "none", grow: "up", shrink: "down" };
const rampTrend: Readonly<Record<Scene["ramp"], Trend>> = { none: "none", brighten: "up", darken: "down" };

/** What the renderer needs at a second in [0, duration). */
export function appearancesAt(script: Script, seconds: number): Appearance[] {
  const { scene, index, progress } = sceneAt(script, seconds);
  const rng = new Rng(`${script.seed}/place/${index}`);
  const gain = gainOf(levelAt(rampTrend[scene.ramp], indexOfBrightness(scene.brightness), progress));
  return scene.items.map((item) => {
    const radius = radiusOf(levelAt(growthTrend[item.growth], indexOfSize(item.size), progress));
    const [x, y] = centreOf(item, { radius, progress, elapsed: progress * scene.seconds, rng });
    return { colour: item.colour, shape: item.shape, texture: item.texture, x, y, radius, gain };
  });
}

/** What captions and questions may claim at a second in [0, duration). */
export function factsAt(script: Script, seconds: number): Facts {
  const { scene, progress } = sceneAt(script, seconds);
  const appearances = appearancesAt(script, seconds);
  const items = scene.items.map((item, i) => {
    const { x, y } = appearances[i] as Appearance;
    const size = sizes[wordIndexAt(growthTrend[item.growth], indexOfSize(item.size), progress)] as Size;
    const { colour, shape, texture, motion } = item;
    return { colour, shape, texture, size, position: positionOf(x, y), motion };
  });
  const word = wordIndexAt(rampTrend[scene.ramp], indexOfBrightness(scene.brightness), progress);
  return { items, background: scene.background, brightness: brightnesses[word] as Brightness };
}

/** The position word of a centre given in fractions of the frame, y down. */
export function positionOf(x: number, y: number): Position {
  const [dx, dy] = [x - 0.5, y - 0.5];
  if (Math.max(Math.abs(dx), Math.abs(dy)) < sideThreshold) return "in the middle";
  if (Math.abs(dx) >= Math.abs(dy)) return dx < 0 ? "on the left" : "on the right";
  return dy < 0 ? "at the top" : "at the bottom";
}

type Moving = Readonly<{ radius: number; progress: number; elapsed: number; rng: Rng }>;

function centreOf(item: Placement, { radius, progress, elapsed, rng }: Moving): [x: number, y: number] {
  const [jitterX, jitterY] = [rng.uniform(-placeJitter, placeJitter), rng.uniform(-placeJitter, placeJitter)];
  const [phaseX, phaseY] = [rng.uniform(0, 2 * Math.PI), rng.uniform(0, 2 * Math.PI)];
  const reach = Math.min(sideOffset, 0.49 - radius);
  const [dx, dy] = headingOf(item.motion);
  if (dx !== 0 || dy !== 0) {
    const travelled = reach * (2 * progress - 1);
    return [0.5 + dx * travelled + jitterX, 0.5 + dy * travelled + jitterY];
  }
  const [sideX, sideY] = sideOf(item.position);
  const sway = item.motion === "drifting" ? wobble : 0;
  return [
    0.5 + sideX * reach + jitterX + sway * Math.sin(phaseX + 2.3 * elapsed),
    0.5 + sideY * reach + jitterY + sway * Math.sin(phaseY + 3.1 * elapsed),
  ];
}

function headingOf(motion: Motion): readonly [x: -1 | 0 | 1, y: -1 | 0 | 1] {
  switch (motion) {
    case "moving left":
      return [-1, 0];
    case "moving right":
      return [1, 0];
    case "moving up":
      return [0, -1];
    case "moving down":
      return [0, 1];
    case "still":
    case "drifting":
      return [0, 0];
    default:
      return motion satisfies never;
  }
}

function sideOf(position: Position): readonly [x: -1 | 0 | 1, y: -1 | 0 | 1] {
  switch (position) {
    case "on the left":
      return [-1, 0];
    case "on the right":
      return [1, 0];
    case "at the top":
      return [0, -1];
    case "at the bottom":
      return [0, 1];
    case "in the middle":
      return [0, 0];
    default:
      return position satisfies never;
  }
}
