/**
 * Speed, absolute (slow, normal or fast; faster and faster, slower and slower) and relative (faster or slower than another, or
 * the same): items that go to and fro on a track.
 *
 * Absolute speeds are a convention of this benchmark: in four seconds a slow item goes half its track, at normal speed the
 * whole, and fast there and back. Each is the slow shot, sped up and trimmed to the same length.
 */
import { type Film, headings, type Item, travelTrack } from "../../world/index.ts";
import {
  actorOf,
  type Casting,
  compassFps,
  doing,
  rawVideo,
  setStage,
  shoot,
  speedFrames,
  theItem,
} from "./casting.ts";
import { type CompassVideo, type Conflict, conflictAbout, withReverse } from "./conflict.ts";

const absoluteSpeed = { aspect: "speed", fine: "absolute speed" } as const;
const relativeSpeed = { aspect: "speed", fine: "relative speed" } as const;

/** Frame widths a second of a slow item. */
const slow = (0.5 * travelTrack * compassFps) / speedFrames;
const fastest = 4;
const paces = [
  { word: "slow", factor: 1 },
  { word: "normal", factor: 2 },
  { word: "fast", factor: fastest },
] as const;

/** Slow, normal and fast; then slow and sped up above one another, named as TempCompass names them. */
export function playingSpeed(casting: Casting): Conflict[] {
  const { rng } = casting;
  const stage = setStage(casting, 1, { frames: fastest * speedFrames });
  const item = stage.items[0] as Item;
  const subject = theItem(item);
  // Sideways, because halves of a frame are low.
  const heading = rng.pick(["left", "right"] as const);
  const start = rng.uniform(0, 2 * travelTrack);
  const shot = shoot(stage, [actorOf(item, doing({ act: "travel", heading, start, speed: slow, pace: "steady" }))]);
  const sped = (factor: number): Film => {
    const film: Film = factor === 1 ? shot : { cut: "sped", film: shot, factor };
    return { cut: "trimmed", film, frames: speedFrames };
  };
  const videos = paces.map(({ factor }) => rawVideo(casting, sped(factor)));
  const alone = conflictAbout(
    subject,
    absoluteSpeed,
    paces.map(({ word }, i) => [videos[i] as CompassVideo, `move at a ${word} speed`] as const),
    { ask: `What is the speed of ${subject} in the video?`, options: paces.map(({ word }) => word) },
  );
  const [original, accelerated] = [sped(1), sped(rng.pick([2, fastest]))];
  const pair = (place: 0 | 1 | 2, above: Film, below: Film): CompassVideo => ({
    id: `${videos[0]?.id}_concat_${place}`,
    film: { cut: "stacked", above, below },
  });
  return [
    alone,
    compared([`${subject} above`, `${subject} below`], {
      same: pair(0, accelerated, accelerated),
      slower: pair(1, original, accelerated),
      faster: pair(2, accelerated, original),
    }),
  ];
}

/** Faster and faster, slower and slower, or at the same speed, over the same way. */
export function changeOfSpeed(casting: Casting): Conflict {
  const { rng } = casting;
  const stage = setStage(casting, 1);
  const item = stage.items[0] as Item;
  const subject = theItem(item);
  const heading = rng.pick(headings);
  const speed = (travelTrack * compassFps) / stage.frames;
  const film = (pace: "steady" | "speeding up", way = heading) =>
    shoot(stage, [actorOf(item, doing({ act: "travel", heading: way, start: 0, speed, pace }))]);
  const [faster, slower] = withReverse(rawVideo(casting, film("speeding up")));
  return conflictAbout(
    subject,
    absoluteSpeed,
    [
      [faster, "move faster and faster"],
      [slower, "move slower and slower"],
      [rawVideo(casting, film("steady", rng.pick(headings))), "move at the same speed"],
    ],
    {
      ask: `How does the speed of ${subject} change in the video?`,
      options: ["it becomes faster", "it becomes slower", "it remains unchanged"],
    },
  );
}

/** Two items on tracks of their own in one shot. */
export function race(casting: Casting): Conflict {
  const { rng } = casting;
  const stage = setStage(casting, 2, { frames: speedFrames });
  const [subject, other] = stage.items.map(theItem) as [string, string];
  const factor = rng.uniform(2.2, 3.5);
  const both = rng.pick([1, factor]);
  const lanes = rng.shuffle([0.27, 0.73]);
  const film = (speeds: readonly [number, number]) => {
    const actors = stage.items.map((item, i) => {
      const [heading, start] = [rng.pick(["left", "right"] as const), rng.uniform(0, travelTrack)];
      const travel = { act: "travel", heading, start, speed: slow * (speeds[i] as number), pace: "steady" } as const;
      return actorOf(item, { home: [0.5, lanes[i] as number], size: "small", ...doing(travel) });
    });
    return rawVideo(casting, shoot(stage, actors));
  };
  return compared([subject, other], {
    same: film([both, both]),
    slower: film([1, factor]),
    faster: film([factor, 1]),
  });
}

function compared(
  [subject, other]: readonly [string, string],
  videos: Readonly<Record<"same" | "slower" | "faster", CompassVideo>>,
): Conflict {
  return conflictAbout(
    subject,
    relativeSpeed,
    [
      [videos.same, `move at the same speed as ${other}`],
      [videos.slower, `move slower than ${other}`],
      [videos.faster, `move faster than ${other}`],
    ],
    { ask: `Which is faster, ${subject} or ${other}?`, options: ["they are the same", other, subject] },
  );
}
