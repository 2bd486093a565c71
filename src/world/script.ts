/**
 * A script: who is on screen when, as plain serialisable data. Scenes follow one another without a gap; everything that
 * the script leaves open (exact place, phase of a wobble, lighting) follows from its seed, in state.ts.
 */
import type { Moment } from "../core/time/index.ts";
import {
  type Background,
  type Brightness,
  type Item,
  type Motion,
  nameOf,
  type Position,
  type Size,
} from "./vocabulary.ts";

/** An item in a scene. A growing item runs through all sizes whatever its `size`; a moving one crosses the middle. */
export type Placement = Item &
  Readonly<{ size: Size; position: Position; motion: Motion; growth: "none" | "grow" | "shrink" }>;

/** One segment. A brightness ramp runs through all three states whatever `brightness` says. */
export type Scene = Readonly<{
  items: readonly Placement[];
  background: Background;
  brightness: Brightness;
  ramp: "none" | "brighten" | "darken";
  /** Length in seconds, a whole number of frames. */
  seconds: number;
}>;

export type Script = Readonly<{
  kind: "static" | "order" | "growth" | "brightness" | "events";
  seed: number;
  fps: number;
  scenes: readonly Scene[];
}>;

/** Timestamps that went through a container are rounded; a frame this close to a boundary belongs to the later scene. */
const clockTolerance = 1e-6;

/** Length of a script in seconds. */
export function durationOf(script: Script): number {
  return script.scenes.reduce((total, scene) => total + scene.seconds, 0);
}

/** Number of frames of a script at its own fps; frame k shows second k / fps. */
export function frameCountOf(script: Script): number {
  return Math.round(durationOf(script) * script.fps);
}

/** The scene on screen at a second in [0, duration), its index, and the progress in [0, 1) through it. */
export function sceneAt(script: Script, seconds: number): { scene: Scene; index: number; progress: number } {
  let start = 0;
  for (const [index, scene] of script.scenes.entries()) {
    const within = seconds - start;
    if (within >= -clockTolerance && within < scene.seconds - clockTolerance) {
      return { scene, index, progress: Math.max(0, within / scene.seconds) };
    }
    start += scene.seconds;
  }
  throw new RangeError(`Expected a second in [0, ${start}) of the script, got ${seconds}.`);
}

const verbs = {
  grow: "grows",
  shrink: "shrinks",
  brighten: "brightens",
  darken: "darkens",
  "moving left": "moves left",
  "moving right": "moves right",
  "moving up": "moves up",
  "moving down": "moves down",
} as const;

/**
 * Exact moments: "red circle" while it is on screen (adjacent scenes joined), and "red circle grows | shrinks | brightens |
 * darkens | moves left ..." while it does, in order of start.
 */
export function momentsOf(script: Script): Moment[] {
  const moments: Moment[] = [];
  let start = 0;
  for (const scene of script.scenes) {
    const end = start + scene.seconds;
    for (const label of scene.items.flatMap((item) => labelsOf(item, scene))) {
      const earlier = moments.findIndex((moment) => moment.label === label && moment.end === start);
      const joined = earlier < 0 ? undefined : moments.splice(earlier, 1)[0];
      moments.push({ start: joined?.start ?? start, end, label });
    }
    start = end;
  }
  return moments.sort((a, b) => a.start - b.start || a.end - b.end || (a.label < b.label ? -1 : 1));
}

/** What happens scene by scene: "red circle grows", or "red circle stays the same", by each scene's first item. */
export function eventsOf(script: Script): Moment[] {
  let start = 0;
  return script.scenes.flatMap((scene) => {
    const [item] = scene.items;
    const begun = start;
    start += scene.seconds;
    if (item === undefined) return [];
    const [name, doing = `${name} stays the same`] = labelsOf(item, scene);
    return [{ start: begun, end: start, label: doing }];
  });
}

function labelsOf(item: Placement, scene: Scene): string[] {
  const name = nameOf(item);
  const labels = [name];
  if (item.growth !== "none") labels.push(`${name} ${verbs[item.growth]}`);
  if (scene.ramp !== "none") labels.push(`${name} ${verbs[scene.ramp]}`);
  if (item.motion !== "still" && item.motion !== "drifting") labels.push(`${name} ${verbs[item.motion]}`);
  return labels;
}
