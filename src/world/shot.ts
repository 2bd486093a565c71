/**
 * A shot: one uncut take of actors who do things before one camera, as plain serialisable data.
 *
 * Scripts (script.ts) say which items are on screen when; shots say what they do: travel at a speed, turn, bounce, become
 * something else. Films (film.ts) are cut from shots. Frame k of a shot shows second k / fps.
 */
import { gainOf, indexOfBrightness, indexOfSize, levelAt, radiusOf, type Trend } from "./levels.ts";
import type { Painted } from "./paint.ts";
import type { Background, Brightness, Item, Size } from "./vocabulary.ts";

export const headings = ["left", "right", "up", "down"] as const;
export type Heading = (typeof headings)[number];

/**
 * What an actor does during the shot. An actor may do several things at once; of one kind, the first counts.
 * - travel: to and fro on a straight track around home, `travelTrack` frame widths long. It starts `start` frame widths from the
 *   track's begin and goes in the direction of the heading first. `speed` is in frame widths a second; with the pace "speeding
 *   up" it is the mean speed, from 0 at the begin to twice as much at the end.
 * - bounce (up from home) and shake (to both sides of home): `times` periods, from `phase` in [0, 1) of a period on. None is
 *   standing still where the phase says.
 * - spin: `turns` clockwise, or counterclockwise where negative.
 * - grow, shrink, brighten, darken: through all three words of the scale, whatever the actor's own word is.
 * - appear, disappear, become: at once, at the progress `at` in (0, 1).
 */
export type Act = Readonly<
  | { act: "travel"; heading: Heading; start: number; speed: number; pace: "steady" | "speeding up" }
  | { act: "bounce"; times: number; phase: number }
  | { act: "shake"; times: number; phase: number }
  | { act: "spin"; turns: number }
  | { act: "grow" }
  | { act: "shrink" }
  | { act: "brighten" }
  | { act: "darken" }
  | { act: "appear"; at: number }
  | { act: "disappear"; at: number }
  | { act: "become"; at: number; item: Partial<Item> }
>;

/** An item with its home (fractions of the frame, y down), its tilt in degrees clockwise, and what it does. */
export type Actor = Item &
  Readonly<{
    home: readonly [x: number, y: number];
    tilt: number;
    size: Size;
    brightness: Brightness;
    acts: readonly Act[];
  }>;

/**
 * A camera that pans moves by 2 `reach` frame widths in the direction of its heading, from -reach to reach; what it sees moves
 * the other way. A zoom magnifies the frame's middle, evenly in the logarithm, between 1 / `factor` and `factor`.
 */
export type Camera = Readonly<
  | { move: "still" }
  | { move: "pan"; heading: Heading; reach: number }
  | { move: "zoom"; way: "in" | "out"; factor: number }
>;

export type Shot = Readonly<{
  seed: number;
  fps: number;
  /** Length in frames. */
  frames: number;
  background: Background;
  camera: Camera;
  actors: readonly Actor[];
}>;

/** Length of the track of a travelling actor, in frame widths. */
export const travelTrack = 0.5;
/** Height of a bounce and reach of a shake, in fractions of the frame. */
export const bounceHeight = 0.16;
export const shakeReach = 0.11;

/** What is to be painted of a frame, in [0, frames). Actors who are not there are left out. */
export function actorsAt(shot: Shot, frame: number): Painted[] {
  if (!(Number.isInteger(frame) && frame >= 0 && frame < shot.frames)) {
    throw new RangeError(`Expected a frame in [0, ${shot.frames}) of the shot, got ${frame}.`);
  }
  const progress = frame / shot.frames;
  return shot.actors
    .filter((actor) => isThere(actor, progress))
    .map((actor) => seenBy(shot.camera, progress, appearanceOf(actor, progress, shot.frames / shot.fps)));
}

/** A step in a direction, y down. */
export function stepOf(heading: Heading): readonly [x: -1 | 0 | 1, y: -1 | 0 | 1] {
  switch (heading) {
    case "left":
      return [-1, 0];
    case "right":
      return [1, 0];
    case "up":
      return [0, -1];
    case "down":
      return [0, 1];
    default:
      return heading satisfies never;
  }
}

function find<K extends Act["act"]>(actor: Actor, ...kinds: readonly K[]): Extract<Act, { act: K }> | undefined {
  return actor.acts.find((act): act is Extract<Act, { act: K }> => (kinds as readonly string[]).includes(act.act));
}

function isThere(actor: Actor, progress: number): boolean {
  const change = find(actor, "appear", "disappear");
  return change === undefined || progress >= change.at === (change.act === "appear");
}

function appearanceOf(actor: Actor, progress: number, seconds: number): Painted {
  const { colour, shape, texture } = actor;
  const become = find(actor, "become");
  const [x, y] = centreOf(actor, progress, seconds);
  const [growth, light] = [find(actor, "grow", "shrink"), find(actor, "brighten", "darken")];
  return {
    ...{ colour, shape, texture },
    ...(become !== undefined && progress >= become.at ? become.item : {}),
    x,
    y,
    radius: radiusOf(levelAt(trendOf(growth?.act), indexOfSize(actor.size), progress)),
    gain: gainOf(levelAt(trendOf(light?.act), indexOfBrightness(actor.brightness), progress)),
    angle: actor.tilt + 360 * (find(actor, "spin")?.turns ?? 0) * progress,
  };
}

function trendOf(act: "grow" | "shrink" | "brighten" | "darken" | undefined): Trend {
  if (act === undefined) return "none";
  return act === "grow" || act === "brighten" ? "up" : "down";
}

function centreOf(actor: Actor, progress: number, seconds: number): readonly [x: number, y: number] {
  let [x, y] = actor.home;
  const [bounce, shake, travel] = [find(actor, "bounce"), find(actor, "shake"), find(actor, "travel")];
  if (bounce) y -= bounceHeight * Math.abs(Math.sin(Math.PI * (bounce.times * progress + bounce.phase)));
  if (shake) x += shakeReach * Math.sin(2 * Math.PI * (shake.times * progress + shake.phase));
  if (travel) {
    const gone = travel.speed * seconds * (travel.pace === "steady" ? progress : progress ** 2);
    const [stepX, stepY] = stepOf(travel.heading);
    const along = folded(travel.start + gone) - travelTrack / 2;
    x += stepX * along;
    y += stepY * along;
  }
  return [x, y];
}

/** Where on the track an actor is that has gone so far to and fro. */
function folded(gone: number): number {
  const within = gone % (2 * travelTrack);
  return within < travelTrack ? within : 2 * travelTrack - within;
}

function seenBy(camera: Camera, progress: number, item: Painted): Painted {
  switch (camera.move) {
    case "still":
      return item;
    case "pan": {
      const [stepX, stepY] = stepOf(camera.heading);
      const at = camera.reach * (2 * progress - 1);
      return { ...item, x: item.x - stepX * at, y: item.y - stepY * at };
    }
    case "zoom": {
      const exponent = camera.way === "in" ? 2 * progress - 1 : 1 - 2 * progress;
      const scale = camera.factor ** exponent;
      const away = (value: number) => 0.5 + (value - 0.5) * scale;
      return { ...item, x: away(item.x), y: away(item.y), radius: item.radius * scale };
    }
    default:
      return camera satisfies never;
  }
}
