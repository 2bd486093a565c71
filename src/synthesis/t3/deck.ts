/**
 * The deck: captions of one split, ready to be drawn as items of a question or as padding.
 *
 * An item owns `marks`: word stems that, all together, must occur in no other line of its context. That is what makes an
 * answer unique, so every draw is checked against every line that is already there.
 */
import type { Rng } from "../../core/math/index.ts";
import { mentionStem } from "../../core/text/index.ts";
import type { Caption } from "../../data/index.ts";
import type { CaptionFacts, KeyPhrases } from "./facts.ts";

/** A caption with its word key; facts and best item are read once, when first asked for. */
export type Card = { readonly caption: Caption; readonly key: string; facts?: CaptionFacts; best?: Item | null };

/** A card with the label that the question uses for it. */
export type Item = Readonly<{ card: Card; label: string; marks: readonly string[] }>;

export type Deck = Readonly<{ cards: readonly Card[]; keyPhrases: KeyPhrases; rng: Rng }>;

const TRIES = 40;

/** Facts of a card, read once. */
export function factsOf(deck: Deck, card: Card): CaptionFacts {
  card.facts ??= deck.keyPhrases(card.caption);
  return card.facts;
}

/** An item labelled with a phrase; undefined where a list of phrases could not be taken apart again. */
export function itemOf(card: Card, label: string | undefined): Item | undefined {
  if (label === undefined || label === "" || /[,\n]|\(\w\)/.test(label)) return undefined;
  return { card, label, marks: [mentionStem(label)] };
}

/** An item labelled with the card's best phrase. */
export function phraseItem(deck: Deck, card: Card): Item | undefined {
  if (card.best === undefined) card.best = itemOf(card, factsOf(deck, card).phrases[0]) ?? null;
  return card.best ?? undefined;
}

/**
 * `count` more items that can share a context with those taken, or undefined when the deck yields none within 40 draws an
 * item.
 */
export function drawItems(
  deck: Deck,
  taken: readonly Item[],
  { count, item }: { count: number; item: (card: Card) => Item | undefined },
): Item[] | undefined {
  const all = [...taken];
  for (let tries = TRIES * count; all.length < taken.length + count; tries--) {
    if (tries === 0) return undefined;
    const drawn = item(deck.rng.pick(deck.cards));
    if (drawn && all.every((other) => compatible(drawn, other))) all.push(drawn);
  }
  return all.slice(taken.length);
}

/** `count` distinct cards that hold none of the items' marks and come from other sources. */
export function drawPadding(deck: Deck, items: readonly Item[], count: number): Card[] | undefined {
  const drawn = new Set<Card>();
  for (let tries = TRIES * count; drawn.size < count; tries--) {
    if (tries === 0) return undefined;
    const card = deck.rng.pick(deck.cards);
    if (!items.some((item) => item.card.caption.source === card.caption.source || holds(card, item))) drawn.add(card);
  }
  return [...drawn];
}

function compatible(a: Item, b: Item): boolean {
  return a.card.caption.source !== b.card.caption.source && !holds(a.card, b) && !holds(b.card, a);
}

function holds({ key }: Card, { marks }: Item): boolean {
  for (let i = 0; i < marks.length; i++) if (!key.includes(marks[i] as string)) return false;
  return true;
}
