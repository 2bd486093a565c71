/**
 * Action: what the item does. Coarse: it appears, disappears, grows or shrinks. Fine: it spins, bounces, shakes or keeps still;
 * two of these videos are also cut together, which makes questions about order (orders.ts).
 */
import type { Act, Actor } from "../../world/index.ts";
import { actorOf, type Casting, doing, nearMiddle, rawVideo, type Stage, setStage, shoot, theItem } from "./casting.ts";
import { type CompassVideo, type Conflict, conflictAbout, withReverse } from "./conflict.ts";

/** A raw video with what its subject does, for the order of two events. */
export type Event = Readonly<{ video: CompassVideo; subject: string; does: string }>;

export type Actions = Readonly<{ conflict: Conflict; events: readonly Event[] }>;

/** The event is the raw video of growing or shrinking. */
export function coarseAction(casting: Casting): Actions {
  const { rng } = casting;
  const stage = setStage(casting, 1);
  const [item] = stage.items;
  if (!item) throw new Error("Expected a stage with an item.");
  const subject = theItem(item);
  const actor = actorOf(item, { home: nearMiddle(rng, 0.06) });
  const film = (act: Act) => shoot(stage, [{ ...actor, ...doing(act) }]);
  const [appears, grows] = [rng.chance(0.5), rng.chance(0.5)];
  const at = rng.uniform(0.35, 0.65);
  const sudden = withReverse(rawVideo(casting, film({ act: appears ? "appear" : "disappear", at })));
  const slow = withReverse(rawVideo(casting, film({ act: grows ? "grow" : "shrink" })));
  const conflict = conflictAbout(
    subject,
    { aspect: "action", fine: "coarse-grained action" },
    [
      [sudden[0], appears ? "appear" : "disappear"],
      [sudden[1], appears ? "disappear" : "appear"],
      [slow[0], grows ? "grow" : "shrink"],
      [slow[1], grows ? "shrink" : "grow"],
    ],
    {
      ask: "Which statement is correct?",
      options: [
        `we see ${subject} ${appears ? "appear" : "disappear"}`,
        `we see ${subject} ${appears ? "disappear" : "appear"}`,
        `${subject} becomes ${grows ? "larger" : "smaller"}`,
        `${subject} becomes ${grows ? "smaller" : "larger"}`,
      ],
    },
  );
  return { conflict, events: [{ video: slow[0], subject, does: grows ? "grow" : "shrink" }] };
}

/** The events are the three videos in which something moves. Every frame is as likely in one of the four as in another. */
export function fineAction(casting: Casting, other: Conflict): Actions {
  const { rng } = casting;
  const stage = stageOfAnotherColour(casting, other.subject);
  const [item] = stage.items;
  if (!item) throw new Error("Expected a stage with an item.");
  const subject = theItem(item);
  const home = [0.5, 0.57] as const;
  const turns = fineTurns * (rng.chance(0.5) ? 1 : -1);
  // What an actor does not do stands still at a random moment of it, so that no single frame tells who does what.
  const acting = (doer: Act["act"] | "nothing"): Pick<Actor, "acts" | "tilt"> => ({
    tilt: rng.uniform(0, 360),
    acts: [
      { act: "bounce", times: doer === "bounce" ? periods : 0, phase: rng.uniform() },
      { act: "shake", times: doer === "shake" ? periods : 0, phase: rng.uniform() },
      { act: "spin", turns: doer === "spin" ? turns : 0 },
    ],
  });
  const names = ["spin", "bounce", "shake"] as const;
  const video = (doer: (typeof names)[number] | "nothing") =>
    rawVideo(casting, shoot(stage, [actorOf(item, { home, ...acting(doer) })]));
  const moving = names.map((does) => ({ video: video(does), subject, does }));
  const conflict = conflictAbout(
    subject,
    { aspect: "action", fine: "fine-grained action" },
    [...moving.map(({ video, does }) => [video, does] as const), [video("nothing"), "remain still"]],
    {
      ask: "Which statement is correct?",
      options: [...names, "remain still"].map((does) => `we see ${subject} ${does}`),
    },
  );
  return { conflict, events: moving };
}

/** Two periods in a video: eight sampled frames lie less than a third of a period apart. */
const periods = 2;
/** Less than a tenth of a turn between eight sampled frames: a star looks the same after a fifth. */
const fineTurns = 0.55;

/** A stage whose item has another colour than the one named, so that both can be told apart side by side. */
function stageOfAnotherColour(casting: Casting, name: string): Stage {
  for (;;) {
    const stage = setStage(casting, 1);
    const [item] = stage.items;
    if (item && !name.includes(item.colour)) return stage;
  }
}
