/**
 * The ten aspects of T3's probing suite (arXiv 2410.06166, released code): classes, folders, options.
 *
 * Classes stand in the order of the options. Which letter a class has differs from task to task.
 */
import { withArticle } from "../../world/index.ts";
import type { ProbingItem, ProbingVocabulary } from "./vocabulary.ts";

export const probingTasks = ["order", "order_3", "referring", "grounding", "blooming", "brightness"] as const;
export type ProbingTask = (typeof probingTasks)[number];

/** The four tasks that the paper reports; a task's score is the mean over its aspects. */
export const paperTasks = ["Attribute", "Referring", "Grounding", "Order"] as const;
export type PaperTask = (typeof paperTasks)[number];

export const paperTaskOf: Readonly<Record<ProbingTask, PaperTask>> = {
  order: "Order",
  order_3: "Order",
  referring: "Referring",
  grounding: "Grounding",
  blooming: "Attribute",
  brightness: "Attribute",
};

export const splits = ["train", "val"] as const;
export type ProbingSplit = (typeof splits)[number];

export const places = ["begin", "middle", "end"] as const;

/** The orders of three items in the order of T3's options (A) to (F). */
export const permutations = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 1, 0],
  [2, 0, 1],
] as const;

/** T3 lists the second item first where single items are named: (A) a person. (B) a cat. (C) a flower. */
const itemOrder = [1, 0, 2] as const;

export type ProbingClass = Readonly<{
  /** Name of the class folder. */
  folder: string;
  /** Text of its option, without letter and full stop. */
  option: string;
  /** Further texts that T3 takes for this option. */
  alsoSaid: readonly string[];
}>;

export type ProbingAspect = Readonly<{
  /** As the command line of T3 names it: "order_3", "grounding_people". */
  id: string;
  task: ProbingTask;
  classes: readonly ProbingClass[];
  /** Folders below the data folder, with slashes. */
  folders: Readonly<Record<ProbingSplit, string>>;
  stem: string;
}>;

/** The ten aspects of a vocabulary; T3's own names for T3's own items. */
export function probingAspects(vocabulary: ProbingVocabulary): ProbingAspect[] {
  const { items, ramp } = vocabulary;
  const item = (index: number) => items[index] as ProbingItem;
  const sequence = (order: readonly number[]): ProbingClass => ({
    folder: order.map((index) => item(index).folder).join("_"),
    option: order.map((index) => item(index).name).join(", "),
    alsoSaid: [],
  });
  const plain = (folder: string, option: string, ...alsoSaid: string[]): ProbingClass => ({ folder, option, alsoSaid });
  const order = "What is the correct order that the items appear in the video?";
  return [
    {
      id: "order",
      task: "order",
      classes: [sequence([0, 1]), sequence([1, 0])],
      folders: under("order"),
      stem: order,
    },
    { id: "order_3", task: "order_3", classes: permutations.map(sequence), folders: under("order_3"), stem: order },
    ...places.map(
      (place): ProbingAspect => ({
        id: `referring_${place}`,
        task: "referring",
        classes: itemOrder.map((index) => plain(item(index).folder, withArticle(item(index).name))),
        folders: under("referring", place),
        stem: `Which item is shown in the ${place} of the video?`,
      }),
    ),
    ...itemOrder.map(
      (index): ProbingAspect => ({
        id: `grounding_${item(index).folder}`,
        task: "grounding",
        classes: places.map((place) => plain(place, `the ${place}`)),
        folders: under("grounding", item(index).folder),
        stem: `In which part of the video can we see ${withArticle(item(index).name)}?`,
      }),
    ),
    {
      id: "blooming",
      task: "blooming",
      ...changeOf(vocabulary, plain),
      folders: { train: "blooming_black_bg", val: "blooming_white_bg" },
    },
    {
      id: "brightness",
      task: "brightness",
      classes: [
        plain("brighten", "Brighten", "brightness increases"),
        plain("darken", "Darken", "brightness decreases"),
      ],
      folders: { train: `bright_dark_${ramp.train.folder}`, val: `bright_dark_${ramp.val.folder}` },
      stem: "Does the brightness increase (brighten) or decrease (darken) in the video?",
    },
  ];
}

function changeOf(
  { items, change }: ProbingVocabulary,
  plain: (folder: string, option: string, ...alsoSaid: string[]) => ProbingClass,
): Pick<ProbingAspect, "classes" | "stem"> {
  const { name } = items[2] as ProbingItem;
  const classes = (forward: string, reverse: string, ...alsoSaid: string[]) => [
    plain("bloom", forward),
    plain("bloom_reverse", reverse, ...alsoSaid),
  ];
  switch (change) {
    case "bloom":
      return {
        stem: `Does the ${name} bloom or unbloom (the video of blooming is played in reverse) in the video?`,
        classes: classes("Bloom", "Unbloom", "does not bloom"),
      };
    case "growth":
      return {
        stem: `Does the ${name.split(" ").at(-1)} grow or shrink in the video?`,
        classes: classes("Grow", "Shrink"),
      };
    case "playback":
      return {
        stem: `Is the clip of the ${name} played forward or in reverse in the video?`,
        classes: classes("Forward", "Reverse"),
      };
    default:
      return change satisfies never;
  }
}

function under(folder: string, ...rest: readonly string[]): Record<ProbingSplit, string> {
  const path = (background: string) => [folder, background, ...rest].join("/");
  return { train: path("black_bg"), val: path("white_bg") };
}

/**
 * The aspects of these names: an aspect's id, a task ("grounding" for its three), or one of the paper's tasks ("Attribute").
 * Throws a RangeError on a name that is none.
 */
export function aspectsNamed(aspects: readonly ProbingAspect[], names: readonly string[]): ProbingAspect[] {
  const chosen = new Set<ProbingAspect>();
  for (const name of names) {
    // "order" is an aspect of its own and, capitalised, the paper's task of both orders.
    const exact = aspects.filter(({ id }) => id === name);
    const found = exact.length > 0 ? exact : aspects.filter(({ task }) => task === name || paperTaskOf[task] === name);
    if (found.length === 0) {
      const known = [...aspects.map(({ id }) => id), "referring", "grounding", ...paperTasks].join(", ");
      throw new RangeError(`Expected aspects of ${known}, got "${name}".`);
    }
    for (const aspect of found) chosen.add(aspect);
  }
  return aspects.filter((aspect) => chosen.has(aspect));
}
