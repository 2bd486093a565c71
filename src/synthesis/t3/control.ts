/**
 * Control text without time: rows of the same length and format as T3's, whose answers do not depend on the order of the
 * lines.
 *
 * `control` keeps T3's serialisation (options included), so that it differs from T3 in the question alone;
 * `control-hotpot` is T3's own control, HotpotQA paragraphs with a short answer, over the same captions.
 */
import { mentionStem } from "../../core/text/index.ts";
import { valueQuestion } from "./attribute-place.ts";
import { type Card, type Deck, drawItems, factsOf, type Item, phraseItem } from "./deck.ts";
import { alternativesTo } from "./facts.ts";
import { type Attempt, type Draw, type Family, linesOf, NO_COMPANY, NO_PHRASE } from "./family.ts";

/** Context sizes of the T3 families, so that lengths match. */
const ITEM_COUNTS = [2, 3, 3, 3, 4];

export const control: Family = {
  name: "control",
  levels: ["mention", "attribute"],
  draft: (draw, level) => (level === "mention" ? mentionQuestion(draw) : attributeQuestion(draw, true)),
};

export const controlHotpot: Family = {
  name: "control-hotpot",
  levels: ["title", "attribute"],
  draft: (draw, level) => (level === "title" ? titleQuestion(draw) : attributeQuestion(draw, false)),
};

function mentionQuestion({ deck, rng, lead, balance }: Draw): Attempt {
  const first = phraseItem(deck, lead);
  if (!first) return NO_PHRASE;
  const shownCount = rng.pick(ITEM_COUNTS);
  const absentCount = rng.pick([1, 2, 3, 3]);
  const item = (card: Card) => phraseItem(deck, card);
  const rest = drawItems(deck, [first], { count: shownCount - 1 + absentCount, item });
  if (!rest) return NO_COMPANY;
  const absent = rest.slice(shownCount - 1);
  const shown = rest.slice(0, shownCount - 1);
  shown.splice(balance.next("control", shownCount), 0, first);
  return {
    question: "Which of these is mentioned in the captions?",
    correct: first.label,
    distractors: absent.map((each) => each.label),
    lines: linesOf(shown),
    reserved: [...shown, ...absent],
  };
}

function attributeQuestion({ deck, rng, lead, balance }: Draw, options: boolean): Attempt {
  const mentions = factsOf(deck, lead).attributes;
  if (mentions.length === 0) return { skip: "no attribute to ask about" };
  const mention = rng.pick(mentions);
  const wrong = rng.shuffle(alternativesTo(mention).filter((value) => !lead.key.includes(` ${value} `)));
  if (wrong.length === 0) return { skip: "no other value to offer" };
  const asked: Item = { card: lead, label: mention.subject, marks: [mentionStem(mention.subject)] };
  const shown = companions(deck, asked, rng.pick(ITEM_COUNTS) - 1);
  if (!shown) return NO_COMPANY;
  shown.splice(balance.next("control", shown.length + 1), 0, asked);
  return {
    question: `${valueQuestion(mention)}?`,
    correct: mention.value,
    distractors: options ? wrong.slice(0, rng.pick([1, 2, 3, 3])) : [],
    lines: linesOf(shown),
    reserved: [asked],
    ...(options ? {} : { paragraphs: true as const }),
  };
}

function titleQuestion({ deck, rng, lead, balance }: Draw): Attempt {
  const first = phraseItem(deck, lead);
  if (!first) return NO_PHRASE;
  const shown = companions(deck, first, rng.pick(ITEM_COUNTS) - 1);
  if (!shown) return NO_COMPANY;
  const slot = balance.next("control", shown.length + 1);
  shown.splice(slot, 0, first);
  return {
    question: `What is the title of the paragraph that mentions the ${first.label}?`,
    correct: `{${slot}}`,
    distractors: [],
    lines: linesOf(shown),
    reserved: [first],
    paragraphs: true,
  };
}

/** Other captions for the context; only the asked item needs to be unique, so any caption serves. */
function companions(deck: Deck, asked: Item, count: number): Item[] | undefined {
  return drawItems(deck, [asked], {
    count,
    item: (card) => ({ card, label: card.caption.text, marks: [card.key.trimEnd()] }),
  });
}
