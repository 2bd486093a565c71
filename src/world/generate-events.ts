/**
 * Scripts of several events, one after the other: what moment retrieval and dense captioning are asked about.
 */
import type { Rng } from "../core/math/index.ts";
import { place, randomItems } from "./random-scene.ts";
import type { Placement, Scene, Script } from "./script.ts";
import type { Vocabulary } from "./vocabulary.ts";

/** What a thing does in a scene, as the verbs of its moments say. */
const changes = ["none", "grow", "shrink", "brighten", "darken"] as const;
type Change = (typeof changes)[number];

export type EventsOptions = Readonly<{
  fps?: number;
  /** Number of scenes; default 3 or 4. */
  scenes?: number;
  /** Shortest and longest scene in whole seconds. Default 3 to 5. */
  seconds?: readonly [shortest: number, longest: number];
}>;

/**
 * Scenes on one background, each with one of two or three things that stays as it is, grows, shrinks, brightens or darkens. A
 * thing may come again and do something else; no thing does the same twice, and none follows itself unchanged.
 */
export function eventsScript(rng: Rng, vocabulary: Vocabulary, options: EventsOptions = {}): Script {
  const { fps = 4, scenes: count = rng.integer(3, 4), seconds = [3, 5] } = options;
  const background = rng.pick(vocabulary.backgrounds);
  const items = randomItems(rng, vocabulary, rng.integer(2, 3), background);
  const events = items.flatMap((_, item) => changes.map((change) => ({ item, change })));
  const told = inOrder(rng, events, count);
  const scenes = told.map(({ item, change }): Scene => {
    const isGrowth = change === "grow" || change === "shrink";
    const isRamp = change === "brighten" || change === "darken";
    const fixed: Partial<Placement> = {
      motion: "still",
      ...(change !== "none" && { position: "in the middle" as const }),
      ...(isGrowth && { growth: change }),
      ...(isRamp && { size: rng.pick(["medium", "large"] as const) }),
    };
    const placed = place(rng, items[item] as (typeof items)[number], fixed);
    return {
      items: [placed],
      background,
      brightness: "normal",
      ramp: isRamp ? change : "none",
      seconds: rng.integer(...seconds),
    };
  });
  return { kind: "events", seed: rng.uint32(), fps, scenes };
}

type Event = Readonly<{ item: number; change: Change }>;

/** Different events in random order in which no thing stays unchanged beside itself. */
function inOrder(rng: Rng, events: readonly Event[], count: number): Event[] {
  for (;;) {
    const drawn = rng.sample(events, count);
    const clash = drawn.some(
      ({ item, change }, i) => item === drawn[i - 1]?.item && (change === "none" || drawn[i - 1]?.change === "none"),
    );
    if (!clash) return drawn;
  }
}
