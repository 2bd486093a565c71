/**
 * Change of an attribute: light, colour, size, shape, texture, size and light together. Each has the change, its reverse, and
 * mostly a video of the same item in which it stays as it is, in a state that the others pass through.
 */
import { type Act, brightnesses, coloursOn, type Item, sizes, withArticle } from "../../world/index.ts";
import { actorOf, type Casting, doing, nearMiddle, rawVideo, type Stage, setStage, shoot, theItem } from "./casting.ts";
import { type CompassFineAspect, type CompassVideo, type Conflict, conflictAbout, withReverse } from "./conflict.ts";

const unchanged = "it remains unchanged";
const lightChange = "color & light change" satisfies CompassFineAspect;
const sizeChange = "size & shape change" satisfies CompassFineAspect;

export function lightConflict(casting: Casting): Conflict {
  return scaleChange(casting, {
    fine: lightChange,
    up: { act: "brighten" },
    down: { act: "darken" },
    asks: (name) => `How does the brightness of ${name} change in the video?`,
    becomes: ["it becomes brighter", "it becomes dimmer"],
  });
}

export function sizeConflict(casting: Casting): Conflict {
  return scaleChange(casting, {
    fine: sizeChange,
    up: { act: "grow" },
    down: { act: "shrink" },
    asks: (name) => `How does the size of ${name} change in the video?`,
    becomes: ["it becomes larger", "it becomes smaller"],
  });
}

type Scale = Readonly<{
  fine: CompassFineAspect;
  up: Extract<Act, { act: "grow" | "brighten" }>;
  down: Extract<Act, { act: "shrink" | "darken" }>;
  asks: (name: string) => string;
  becomes: readonly [up: string, down: string];
}>;

function scaleChange(casting: Casting, { fine, up, down, asks, becomes }: Scale): Conflict {
  const { rng } = casting;
  const { stage, item, actor } = someone(casting);
  const name = theItem(item);
  const isUp = rng.chance(0.5);
  const film = (...acts: readonly Act[]) => {
    const state = up.act === "grow" ? { size: rng.pick(sizes) } : { brightness: rng.pick(brightnesses) };
    return shoot(stage, [{ ...actor, ...state, ...doing(...acts) }]);
  };
  const [raw, reversed] = withReverse(rawVideo(casting, film(isUp ? up : down)));
  const [upward, downward] = isUp ? [raw, reversed] : [reversed, raw];
  return conflictAbout(
    name,
    { aspect: "attribute_change", fine },
    [
      [upward, up.act],
      [downward, down.act],
      [rawVideo(casting, film()), "remain unchanged"],
    ],
    { ask: asks(name), options: [...becomes, unchanged] },
  );
}

export function colourConflict(casting: Casting): Conflict {
  const { rng, vocabulary } = casting;
  const { stage, item } = someone(casting);
  const others = coloursOn(stage.background, vocabulary).filter((colour) => colour !== item.colour);
  const other = { ...item, colour: rng.pick(others) };
  return becoming(casting, stage, [item, other], {
    fine: lightChange,
    subject: `the color of the ${item.shape}`,
    words: [item.colour, other.colour],
    ask: `How does the color of the ${item.shape} change in the video?`,
  });
}

export function shapeConflict(casting: Casting): Conflict {
  const { rng, vocabulary } = casting;
  const { stage, item } = someone(casting);
  const other = { ...item, shape: rng.pick(vocabulary.shapes.filter((shape) => shape !== item.shape)) };
  return becoming(casting, stage, [item, other], {
    fine: sizeChange,
    subject: `the ${item.colour} item`,
    words: [withArticle(item.shape), withArticle(other.shape)],
    ask: `How does the shape of the ${item.colour} item change in the video?`,
  });
}

export function textureConflict(casting: Casting): Conflict {
  const { rng } = casting;
  const { stage, item } = someone(casting);
  const [from, to] = rng.shuffle(["plain", rng.pick(["striped", "dotted"] as const)] as const) as [
    Item["texture"],
    Item["texture"],
  ];
  return becoming(
    casting,
    stage,
    [
      { ...item, texture: from },
      { ...item, texture: to },
    ],
    {
      fine: "other change",
      subject: theItem(item),
      words: [from, to],
      ask: `How does ${theItem(item)} change in the video?`,
    },
  );
}

type Becoming = Readonly<{
  fine: CompassFineAspect;
  subject: string;
  words: readonly [from: string, to: string];
  ask: string;
}>;

/** The item becomes another at once, so that every single frame shows one of the two and never the change. */
function becoming(casting: Casting, stage: Stage, [from, to]: readonly [Item, Item], made: Becoming): Conflict {
  const { rng } = casting;
  const actor = actorOf(from, { home: nearMiddle(rng, 0.15) });
  const change = { act: "become", at: rng.uniform(0.35, 0.65), item: to } as const;
  const [forth, back] = withReverse(rawVideo(casting, shoot(stage, [{ ...actor, ...doing(change) }])));
  const still = rawVideo(casting, shoot(stage, [{ ...actor, ...rng.pick([from, to]) }]));
  const [there, andBack] = [`from ${made.words[0]} to ${made.words[1]}`, `from ${made.words[1]} to ${made.words[0]}`];
  return conflictAbout(
    made.subject,
    { aspect: "attribute_change", fine: made.fine },
    [
      [forth, `change ${there}`],
      [back, `change ${andBack}`],
      [still, "remain unchanged"],
    ],
    { ask: made.ask, options: [there, andBack, unchanged] },
  );
}

/** Size and light at once: together or against each other, each with its reverse. */
export function combinedConflict(casting: Casting): Conflict {
  const { stage, item, actor } = someone(casting);
  const subject = theItem(item);
  const film = (...acts: readonly Act[]) => shoot(stage, [{ ...actor, ...doing(...acts) }]);
  const both = (light: "brighten" | "darken"): readonly (readonly [CompassVideo, string])[] => {
    const away = light === "brighten" ? "darken" : "brighten";
    const [raw, reversed] = withReverse(rawVideo(casting, film({ act: "grow" }, { act: light })));
    return [
      [raw, `grow and ${light}`],
      [reversed, `shrink and ${away}`],
    ];
  };
  return conflictAbout(
    subject,
    { aspect: "attribute_change", fine: "combined change" },
    [...both("brighten"), ...both("darken")],
    {
      ask: `How do the size and the brightness of ${subject} change in the video?`,
      options: [
        "it becomes larger and brighter",
        "it becomes smaller and dimmer",
        "it becomes larger and dimmer",
        "it becomes smaller and brighter",
      ],
    },
  );
}

function someone(casting: Casting) {
  const stage = setStage(casting, 1);
  const item = stage.items[0] as Item;
  return { stage, item, actor: actorOf(item, { home: nearMiddle(casting.rng, 0.06) }) };
}
