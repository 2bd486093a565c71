/**
 * The three things that a probing suite shows, and what its folders and questions call them.
 *
 * T3's are a cat, a person and a flower that blooms. A model that knows shapes only is shown shapes of our synthetic world
 * instead, in the very same questions; a user's own clips bring their own names.
 */
import { type Colour, colours, coloursOn, type Shape, shapes } from "../../world/index.ts";

/** `folder` is the word in class folders ("cats"), `name` the word in questions ("cat"). */
export type ProbingItem = Readonly<{ folder: string; name: string }>;

export type ProbingVocabulary = Readonly<{
  /** In T3: cat, person, flower. The third one is what blooms. */
  items: readonly ProbingItem[];
  /** What becomes brighter or darker; training and validation show different things. */
  ramp: Readonly<{ train: ProbingItem; val: ProbingItem }>;
  /** What the third item does: bloom (T3's question), grow, or play forward. */
  change: "bloom" | "growth" | "playback";
}>;

/** T3 1.1. */
export const t3Vocabulary: ProbingVocabulary = {
  items: [
    { folder: "cats", name: "cat" },
    { folder: "people", name: "person" },
    { folder: "bloom", name: "flower" },
  ],
  ramp: { train: { folder: "car", name: "car" }, val: { folder: "cat", name: "cat" } },
  change: "bloom",
};

/**
 * Things of the world that temporal training text never mentions (world/splits.ts), so that the suite can be asked before and
 * after fine-tuning. The fourth one is only seen by probes in training.
 */
export const worldItems = ["red star", "blue heart", "green moon", "purple circle"] as const;

/** A thing of the world: a shape of one colour, or of any colour that can be seen on black and on white. */
export type WorldThing = Readonly<{ shape: Shape; colours: readonly Colour[] }>;

/** "red star" or "star". Throws a RangeError when the world cannot draw it so that it can be seen. */
export function worldThing(name: string): WorldThing {
  const words = name.split(" ");
  const shape = shapes.find((each) => each === words.at(-1));
  const colour = colours.find((each) => each === words[0]);
  const visible = coloursOn("white", { colours: coloursOn("black") });
  if (shape === undefined || words.length > 2 || (words.length === 2 && colour === undefined)) {
    throw new RangeError(
      `Expected items of the world (a shape, or a colour and a shape, of ${shapes.join(", ")}; ${visible.join(", ")}), got "${name}". Pass --clips to use other things.`,
    );
  }
  if (colour !== undefined && !visible.includes(colour)) {
    throw new RangeError(
      `Expected a colour that can be seen on black and on white (${visible.join(", ")}), got "${name}".`,
    );
  }
  return { shape, colours: words.length === 1 ? visible : [colour as Colour] };
}

/** Three things of the world, and a fourth for the training half of brightness. */
export function worldVocabulary(names: readonly string[] = worldItems): ProbingVocabulary {
  const [first, second, third, fourth = otherThing(names)] = names;
  if (first === undefined || second === undefined || third === undefined || names.length > 4) {
    throw new RangeError(
      `Expected three items, and perhaps a fourth for the training half of brightness, got ${names.length}.`,
    );
  }
  for (const name of names) worldThing(name);
  const drawn = [first, second, third, fourth].map((name): ProbingItem => ({ folder: folderOf(name), name }));
  const shapesOf = new Set(names.map((name) => worldThing(name).shape));
  if (shapesOf.size !== names.length) {
    throw new RangeError(`Expected items of different shapes, got ${names.join(", ")}.`);
  }
  return {
    items: drawn.slice(0, 3),
    ramp: { train: drawn[3] as ProbingItem, val: drawn[0] as ProbingItem },
    change: "growth",
  };
}

/** Something of a shape that none of the names has. */
function otherThing(names: readonly string[]): string {
  const taken = names.map((name) => worldThing(name).shape as string);
  const others = [worldItems[3], ...shapes.map((shape) => `purple ${shape}`)];
  return others.find((name) => !taken.includes(worldThing(name).shape)) as string;
}

/** A name as part of a folder's name: "red star" -> "red-star". Underscores part the items of a class. */
export function folderOf(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "");
}
