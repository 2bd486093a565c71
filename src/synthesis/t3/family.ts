/**
 * The contract of a question family, and the orders that several of them permute.
 *
 * A family turns a leading caption into a draft: which captions, in which order, what is asked, one correct answer and wrong
 * ones. Padding, option order, letters and instructions are the same for all and live in compose.ts.
 */
import type { Rng } from "../../core/math/index.ts";
import type { Caption } from "../../data/index.ts";
import type { Balance } from "./balance.ts";
import type { Card, Deck, Item } from "./deck.ts";

/** A context line and the caption that it comes from; of an edited copy, the original. */
export type ContextLine = Pick<Caption, "id" | "text" | "source">;

/** What a family draws from. */
export type Draw = Readonly<{ deck: Deck; rng: Rng; lead: Card; balance: Balance }>;

export type Draft = Readonly<{
  question: string;
  correct: string;
  /** At most five, all different and different from `correct`; none where the answer is free text. */
  distractors: readonly string[];
  /** Original context lines in order. */
  lines: readonly ContextLine[];
  /** Items whose marks no padding line may hold, options that are absent from the context included. */
  reserved: readonly Item[];
  /** Where a line stands in its padded group; anywhere by default. */
  anchored?: readonly ("first" | "last" | undefined)[];
  /** Paragraph form with free-text answer. `{n}` in `correct` becomes the title of the n-th original line. */
  paragraphs?: true;
}>;

/** A draft, or in a few words why this caption gives none. */
export type Attempt = Draft | Skip;
export type Skip = { skip: string };

export type Family = Readonly<{ name: string; levels: readonly string[]; draft(draw: Draw, level: string): Attempt }>;

export const NO_COMPANY: Skip = { skip: "no compatible captions" };
export const NO_PHRASE: Skip = { skip: "no key phrase" };

/** Context lines of items in their order. */
export function linesOf(items: readonly Item[]): ContextLine[] {
  return items.map(({ card }) => card.caption);
}

/** `count` distinct orders of n things, none of them the natural one. */
export function otherOrders(rng: Rng, n: number, count: number): number[][] {
  const natural = Array.from({ length: n }, (_, i) => i);
  const seen = new Set([natural.join()]);
  const orders: number[][] = [];
  while (orders.length < count) {
    const order = rng.shuffle(natural);
    if (seen.has(order.join())) continue;
    seen.add(order.join());
    orders.push(order);
  }
  return orders;
}

/** How many wrong orders of n things to offer: 2 things leave one, 3 leave up to five; three or four options are typical. */
export function wrongOrderCount(rng: Rng, n: number): number {
  return n === 2 ? 1 : n === 3 ? rng.pick([2, 3, 3, 5]) : rng.pick([2, 3, 3, 4]);
}
