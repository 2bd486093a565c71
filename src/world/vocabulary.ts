/**
 * The words of the synthetic world, and the sets of them that a script may draw from.
 *
 * These are the exact words of captions and questions; tokenizers and models are trained on them. What the words look like
 * is decided in palette.ts (colours), shapes.ts (outlines) and levels.ts (sizes, brightness).
 */
export const shapes = [
  "circle",
  "square",
  "triangle",
  "cross",
  "ring",
  "star",
  "heart",
  "bar",
  "diamond",
  "moon",
] as const;
export const colours = ["red", "green", "blue", "yellow", "white", "purple", "orange", "cyan"] as const;
export const textures = ["plain", "striped", "dotted"] as const;
export const sizes = ["small", "medium", "large"] as const;
/** "normal" has no word in captions. */
export const brightnesses = ["dim", "normal", "bright"] as const;
export const positions = ["on the left", "on the right", "at the top", "at the bottom", "in the middle"] as const;
export const backgrounds = ["black", "white", "gray", "navy", "brown", "pink", "teal", "olive"] as const;
export const motions = ["still", "moving left", "moving right", "moving up", "moving down", "drifting"] as const;

export type Shape = (typeof shapes)[number];
export type Colour = (typeof colours)[number];
export type Texture = (typeof textures)[number];
export type Size = (typeof sizes)[number];
export type Brightness = (typeof brightnesses)[number];
export type Position = (typeof positions)[number];
export type Background = (typeof backgrounds)[number];
export type Motion = (typeof motions)[number];

/** A thing that can be seen, by the properties that name it. */
export type Item = Readonly<{ colour: Colour; shape: Shape; texture: Texture }>;

/** What a script generator may draw from; the split rule is a choice of vocabulary (splits.ts). */
export type Vocabulary = Readonly<{
  shapes: readonly Shape[];
  colours: readonly Colour[];
  textures: readonly Texture[];
  backgrounds: readonly Background[];
}>;

/** Every item that a vocabulary can make: shapes x colours x textures. */
export function itemsOf(vocabulary: Vocabulary): Item[] {
  return vocabulary.shapes.flatMap((shape) =>
    vocabulary.colours.flatMap((colour) => vocabulary.textures.map((texture) => ({ colour, shape, texture }))),
  );
}

/** An item's name without article: "red circle", "striped red circle". */
export function nameOf(item: Item): string {
  return `${item.texture === "plain" ? "" : `${item.texture} `}${item.colour} ${item.shape}`;
}

/** A phrase behind its indefinite article: "a red circle", "an orange circle". */
export function withArticle(phrase: string): string {
  return `${/^[aeiou]/i.test(phrase) ? "an" : "a"} ${phrase}`;
}
