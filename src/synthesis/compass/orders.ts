/**
 * Order: of two events, cut together one after another in either order and one above the other; and of three items.
 */
import { type Film, type Item, unequalLengths } from "../../world/index.ts";
import type { Event } from "./actions.ts";
import { actorOf, type Casting, nearMiddle, rawVideo, setStage, shoot, theItem } from "./casting.ts";
import { type CompassVideo, type Conflict, withReverse } from "./conflict.ts";

/** Two raw videos as TempCompass combines them: _0 stacked, _1 first a and then b, _2 first b and then a. */
export function orderOfTwo(a: Event, b: Event): Conflict {
  const [first, second] = [`${a.subject} ${a.does}`, `${b.subject} ${b.does}`];
  const video = (place: 0 | 1 | 2, film: Film): CompassVideo => ({ id: `${a.video.id}_${b.video.id}_${place}`, film });
  const claims = [
    `${first} and ${second} at the same time`,
    `${first} first and ${second} next`,
    `${second} first and ${first} next`,
  ];
  return {
    aspect: "order",
    fine: "order",
    subject: "the video",
    videos: [
      video(0, { cut: "stacked", above: a.video.film, below: b.video.film }),
      video(1, { cut: "joined", films: [a.video.film, b.video.film] }),
      video(2, { cut: "joined", films: [b.video.film, a.video.film] }),
    ],
    claims,
    stems: [
      { ask: "What is the order that we see in the video?", options: claims },
      {
        ask: "Which item do we see first in the video?",
        options: ["they appear at the same time", a.subject, b.subject],
      },
      {
        ask: `In the video, do we see ${first} before or after we see ${second}?`,
        options: ["at the same time", "before", "after"],
      },
    ],
    events: [
      [first, second],
      [first, second],
      [second, first],
    ],
  };
}

/** Three items after one another on one background; two raw videos and their reverses show four of the six orders. */
export function orderOfThree(casting: Casting): Conflict {
  const { rng } = casting;
  const stage = setStage(casting, 3);
  const lengths = unequalLengths(rng, stage.frames, 3);
  const [x, y, z] = rng.shuffle(stage.items) as [Item, Item, Item];
  const raw = (items: readonly Item[]) => {
    const films = items.map((item, i) => {
      const size = rng.pick(["small", "medium"] as const);
      const frames = lengths[i] as number;
      return shoot({ ...stage, frames, seed: rng.uint32() }, [actorOf(item, { size, home: nearMiddle(rng, 0.2) })]);
    });
    return withReverse(rawVideo(casting, { cut: "joined", films }));
  };
  const [xyz, yxz] = [raw([x, y, z]), raw([y, x, z])];
  const orders = [
    [x, y, z],
    [z, y, x],
    [y, x, z],
    [z, x, y],
  ].map((items) => items.map(theItem));
  const names = orders.map((items) => items.join(", "));
  return {
    aspect: "order",
    fine: "order",
    subject: "the items",
    videos: [...xyz, ...yxz],
    claims: orders.map(([first, next, last]) => `${first} first, ${next} next and ${last} in the end`),
    stems: [
      { ask: "What is the correct order that the items appear in the video?", options: names },
      { ask: "In which order do we see the items?", options: names },
      { ask: "What is the order of the items in the video, starting from the first?", options: names },
    ],
    events: orders,
  };
}
