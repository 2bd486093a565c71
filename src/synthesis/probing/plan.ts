/**
 * Which videos a probing set consists of, and in which class folders each one lies.
 *
 * Referring and grounding ask about the very videos of order_3 (T3 1.3): one file lies in up to seven folders. Every class of an
 * aspect has the same number of videos, as T3's code wants.
 */
import { type ProbingAspect, type ProbingSplit, permutations, places, splits } from "./aspects.ts";
import type { ProbingItem, ProbingVocabulary } from "./vocabulary.ts";

/** Videos a class in aspects of two, three and six classes. */
export type ClassCounts = Readonly<{ two: number; three: number; six: number }>;

/** What file sizes of the released sets hint at: 2 x 400, 3 x 200 and 6 x 100 videos a split. */
export const usualCounts: ClassCounts = { two: 400, three: 200, six: 100 };

/** What a video shows: items one after the other, the third item's change, or a ramp of brightness. */
export type Shown =
  | Readonly<{ kind: "sequence"; order: readonly number[] }>
  | Readonly<{ kind: "change"; reversed: boolean }>
  | Readonly<{ kind: "ramp"; rises: boolean }>;

export type PlannedVideo = Readonly<{
  split: ProbingSplit;
  /** File name without ".mp4"; the same in every folder. */
  stem: string;
  shown: Shown;
  /** Where the file lies: an aspect and one of its classes. */
  places: readonly Readonly<{ aspect: ProbingAspect; category: string }>[];
}>;

/** Every video of the aspects, training ones first. */
export function planProbing(
  aspects: readonly ProbingAspect[],
  { items }: ProbingVocabulary,
  counts: ClassCounts,
): PlannedVideo[] {
  const named = (id: string) => aspects.filter((aspect) => aspect.id === id);
  const folder = (index: number) => (items[index] as ProbingItem).folder;
  const classFolder = (order: readonly number[]) => order.map(folder).join("_");
  const three = ({ task }: ProbingAspect) => task === "referring" || task === "grounding";
  const half = (rank: number) => (rank === 0 ? Math.ceil(counts.three / 2) : Math.floor(counts.three / 2));

  /** The number'th video of an order lies in order_3 and in one class of each referring and grounding aspect. */
  const placesOf = (order: readonly number[], number: number) => [
    ...(number < counts.six ? named("order_3").map((aspect) => ({ aspect, category: classFolder(order) })) : []),
    ...order.flatMap((item, position) => {
      // Two orders have this item at this position; they share the class.
      const alike = permutations.filter((other) => other[position] === item);
      const rank = alike.findIndex((other) => other.join() === order.join());
      if (number >= half(rank)) return [];
      const place = places[position] as string;
      return [
        ...named(`referring_${place}`).map((aspect) => ({ aspect, category: folder(item) })),
        ...named(`grounding_${folder(item)}`).map((aspect) => ({ aspect, category: place })),
      ];
    }),
  ];

  return splits.flatMap((split) => {
    const video = (variant: string, number: number, rest: Omit<PlannedVideo, "split" | "stem">): PlannedVideo => ({
      split,
      stem: `${variant}-${String(number + 1).padStart(4, "0")}`,
      ...rest,
    });
    const pairs = named("order").flatMap((aspect) =>
      [
        [0, 1],
        [1, 0],
      ].flatMap((order) =>
        range(counts.two).map((number) =>
          video(classFolder(order), number, {
            shown: { kind: "sequence", order },
            places: [{ aspect, category: classFolder(order) }],
          }),
        ),
      ),
    );
    const longest = Math.max(
      named("order_3").length > 0 ? counts.six : 0,
      aspects.some(three) ? Math.ceil(counts.three / 2) : 0,
    );
    const triples = permutations.flatMap((order) =>
      range(longest)
        .map((number) =>
          video(classFolder(order), number, {
            shown: { kind: "sequence", order },
            places: placesOf(order, number),
          }),
        )
        .filter((each) => each.places.length > 0),
    );
    const twoWays = (id: string, shown: (first: boolean) => Shown) =>
      named(id).flatMap((aspect) =>
        aspect.classes.flatMap(({ folder: category }, index) =>
          range(counts.two).map((number) =>
            video(category, number, { shown: shown(index === 0), places: [{ aspect, category }] }),
          ),
        ),
      );
    return [
      ...pairs,
      ...triples,
      ...twoWays("blooming", (first) => ({ kind: "change", reversed: !first })),
      ...twoWays("brightness", (first) => ({ kind: "ramp", rises: first })),
    ];
  });
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
