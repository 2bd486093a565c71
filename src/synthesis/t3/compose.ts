/**
 * From a draft to a row: padding, option order, letter, instructions.
 */
import type { Rng } from "../../core/math/index.ts";
import { optionLine } from "../../core/text/index.ts";
import type { Balance } from "./balance.ts";
import { type Deck, drawPadding } from "./deck.ts";
import type { ContextLine, Draft } from "./family.ts";
import { PREFIXES, SUFFIXES, type T3Row } from "./row.ts";

type Named = Pick<T3Row, "id" | "split" | "family" | "level" | "padding">;

/** The row of a draft, or why it cannot be padded. */
export function composeRow(
  draft: Draft,
  named: Named,
  { deck, letters }: { deck: Deck; letters: Balance },
): T3Row | { skip: string } {
  const { rng } = deck;
  const context = padded(draft, named.padding, deck);
  if (!context) return { skip: "no compatible padding" };
  const { id, split, family, level, padding } = named;
  const { captions, captionIds, sourceIds, slots } = context;
  if (draft.paragraphs) return { ...named, ...context, ...paragraphForm(draft, context, rng) };
  const options = rng.shuffle(draft.distractors);
  const answerIndex = letters.next(named.family, options.length + 1);
  options.splice(answerIndex, 0, draft.correct);
  return {
    id,
    split,
    family,
    level,
    padding,
    prefix: rng.pick(PREFIXES),
    suffix: rng.pick(SUFFIXES),
    question: draft.question,
    options,
    answerIndex,
    answer: optionLine(answerIndex, draft.correct),
    captions,
    captionIds,
    sourceIds,
    slots,
  };
}

type Context = Required<Pick<T3Row, "captions" | "captionIds" | "sourceIds" | "slots">>;

/** Each original line becomes a group of k lines in the same relative order: itself and k - 1 unrelated captions. */
function padded(draft: Draft, k: number, deck: Deck): Context | undefined {
  const { lines, anchored = [] } = draft;
  const filler = k === 1 ? [] : drawPadding(deck, draft.reserved, lines.length * (k - 1));
  if (!filler) return undefined;
  const captions: string[] = [];
  const captionIds: string[] = [];
  const sourceIds: string[] = [];
  const slots: number[] = [];
  for (let i = 0, next = 0; i < lines.length; i++) {
    const place = anchored[i];
    const offset = place === "first" || k === 1 ? 0 : place === "last" ? k - 1 : deck.rng.below(k);
    for (let j = 0; j < k; j++) {
      const own = j === offset;
      if (own) slots.push(captions.length);
      const line = (own ? lines[i] : filler[next++]?.caption) as ContextLine;
      captions.push(line.text);
      captionIds.push(line.id);
      sourceIds.push(line.source);
    }
  }
  return { captions, captionIds, sourceIds, slots };
}

/** Titles are numbers in random order, so that a title says nothing about the place of its paragraph. */
function paragraphForm(draft: Draft, { captions, slots }: Context, rng: Rng) {
  const titles = rng.shuffle(captions.map((_, i) => `Picture ${i + 1}`));
  const answer = draft.correct.replace(
    /^\{(\d+)\}$/,
    (_, slot: string) => titles[slots[Number(slot)] as number] as string,
  );
  return { prefix: "", suffix: "", question: draft.question, options: [], answerIndex: -1, answer, titles };
}
