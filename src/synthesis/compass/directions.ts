/**
 * Direction: where the item moves, which way it turns, where the camera pans, and whether it zooms in or out.
 */
import { type Camera, type Film, type Heading, type Item, travelTrack } from "../../world/index.ts";
import {
  actorOf,
  type Casting,
  compassFps,
  doing,
  nearMiddle,
  rawVideo,
  type Stage,
  setStage,
  shoot,
  theItem,
} from "./casting.ts";
import { type CompassVideo, type Conflict, conflictAbout, withReverse } from "./conflict.ts";

const towards: Readonly<Record<Heading, string>> = {
  left: "to the left",
  right: "to the right",
  up: "up",
  down: "down",
};
const opposite: Readonly<Record<Heading, Heading>> = { left: "right", right: "left", up: "down", down: "up" };
const objectMotion = { aspect: "direction", fine: "object motion" } as const;
const cameraMotion = { aspect: "direction", fine: "camera motion" } as const;

/** The item crosses the frame once, along either axis; across its way it may be anywhere. */
export function translation(casting: Casting): Conflict {
  const { rng } = casting;
  const stage = setStage(casting, 1);
  const item = stage.items[0] as Item;
  const subject = theItem(item);
  const speed = (travelTrack * compassFps) / stage.frames;
  return alongBothAxes(casting, subject, objectMotion, (heading) => {
    const across = 0.5 + rng.uniform(-travelTrack / 2, travelTrack / 2);
    const home = heading === "left" || heading === "right" ? ([0.5, across] as const) : ([across, 0.5] as const);
    const travel = { act: "travel", heading, start: 0, speed, pace: "steady" } as const;
    return shoot(stage, [actorOf(item, { home, ...doing(travel) })]);
  });
}

/** The item turns by half a turn, or not at all. */
export function rotation(casting: Casting): Conflict {
  const { rng } = casting;
  const stage = setStage(casting, 1);
  const item = stage.items[0] as Item;
  const subject = theItem(item);
  const isClockwise = rng.chance(0.5);
  const turns = rng.uniform(0.5, 0.6) * (isClockwise ? 1 : -1);
  const film = (by: number) =>
    shoot(stage, [
      actorOf(item, {
        tilt: rng.uniform(0, 360),
        home: nearMiddle(rng, 0.1),
        ...doing({ act: "spin", turns: by }),
      }),
    ]);
  const [raw, reversed] = withReverse(rawVideo(casting, film(turns)));
  const [clockwise, counter] = isClockwise ? [raw, reversed] : [reversed, raw];
  return conflictAbout(
    subject,
    objectMotion,
    [
      [clockwise, "turn clockwise"],
      [counter, "turn counterclockwise"],
      [rawVideo(casting, film(0)), "remain still"],
    ],
    {
      ask: `In which direction does ${subject} turn in the video?`,
      options: ["clockwise", "counterclockwise", "it remains still"],
    },
  );
}

/** Three items that keep still, seen by a camera that moves. */
export function pan(casting: Casting): Conflict {
  const { rng } = casting;
  const stage = setStage(casting, 3);
  return alongBothAxes(casting, "the camera", cameraMotion, (heading) => {
    const reach = rng.uniform(0.25, 0.32);
    // As far off to the side as the camera goes ahead, so that no single frame tells along which axis it pans.
    const aside = rng.uniform(-reach, reach);
    const shift = heading === "left" || heading === "right" ? ([0, aside] as const) : ([aside, 0] as const);
    return scenery(stage, casting, { move: "pan", heading, reach }, shift);
  });
}

export function zoom(casting: Casting): Conflict {
  const { rng } = casting;
  const stage = setStage(casting, 3);
  const inward = rng.chance(0.5);
  const camera: Camera = { move: "zoom", way: inward ? "in" : "out", factor: rng.uniform(1.3, 1.45) };
  const [raw, reversed] = withReverse(rawVideo(casting, scenery(stage, casting, camera)));
  const [closer, further] = inward ? [raw, reversed] : [reversed, raw];
  return conflictAbout(
    "the camera",
    cameraMotion,
    [
      [closer, "zoom in"],
      [further, "zoom out"],
      [rawVideo(casting, scenery(stage, casting, { move: "still" })), "remain still"],
    ],
    {
      ask: "Which statement is correct?",
      options: ["zoom in", "zoom out", "remain still"].map((does) => `we see the camera ${does}`),
    },
  );
}

/** A raw video and its reverse along each axis. */
function alongBothAxes(
  casting: Casting,
  subject: string,
  kind: typeof objectMotion | typeof cameraMotion,
  film: (heading: Heading) => Film,
): Conflict {
  const { rng } = casting;
  const entries = ([rng.pick(["left", "right"] as const), rng.pick(["up", "down"] as const)] as const).flatMap(
    (heading) => {
      const [raw, reversed] = withReverse(rawVideo(casting, film(heading)));
      return [
        [raw, heading],
        [reversed, opposite[heading]],
      ] as (readonly [CompassVideo, Heading])[];
    },
  );
  return conflictAbout(
    subject,
    kind,
    entries.map(([video, heading]) => [video, `move ${towards[heading]}`] as const),
    {
      ask: `In which direction does ${subject} move in the video?`,
      options: entries.map(([, heading]) => towards[heading]),
    },
  );
}

/** Still items around the middle of the world, one in each third of a circle so that they do not cover each other. */
function scenery(
  stage: Stage,
  { rng }: Casting,
  camera: Camera,
  shift: readonly [x: number, y: number] = [0, 0],
): Film {
  const begin = rng.uniform(0, 2 * Math.PI);
  const actors = stage.items.map((item, i) => {
    const [angle, away] = [begin + (2 * Math.PI * i) / stage.items.length, rng.uniform(0.2, 0.26)];
    const home = [0.5 + shift[0] + away * Math.cos(angle), 0.5 + shift[1] + away * Math.sin(angle)] as const;
    return actorOf(item, { home, size: "small" });
  });
  return shoot(stage, actors, camera);
}
