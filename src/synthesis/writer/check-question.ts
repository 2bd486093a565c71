/**
 * From what a model wrote to a draft that the rest of T3 can use: only when exactly one option is right by the captions, and it
 * is the one that the model marked.
 *
 * The judge is the solver by rule, which knows nothing of the model. What it cannot read is rejected with the reason, or left to
 * a second model where the caller has one ("undecided").
 */
import type { Rng } from "../../core/math/index.ts";
import { mentionStem, normaliseCaption } from "../../core/text/index.ts";
import { changeBetween, contentStems, rightOptions, solve } from "../solve/index.ts";
import type { Card, Item } from "../t3/deck.ts";
import { type ContextLine, type Draft, linesOf } from "../t3/family.ts";
import type { WrittenQuestion } from "./read-reply.ts";

/** A good draft; one that the rules cannot judge, with the reason; or a wrong one. */
export type Checked =
  | { kind: "good"; draft: Draft }
  | { kind: "undecided"; draft: Draft; reason: string }
  | { kind: "wrong"; reason: string };

/** Check a question about the order of the cards' captions. */
export function checkOrder(written: WrittenQuestion, cards: readonly Card[]): Checked {
  const captions = cards.map(({ caption }) => caption.text);
  const { question, options, answerIndex } = written;
  const solution = solve({ question, options, captions });
  const found =
    "unsolved" in solution
      ? []
      : solution.verdicts.flatMap((verdict) => (verdict.kind === "unknown" ? [] : verdict.found));
  const items = found.map(
    ({ line, stems }): Item => ({ card: cards[line] as Card, label: stems.join(""), marks: stems }),
  );
  // Where the rules found nothing, padding keeps clear of every caption's own words.
  const reserved = items.length > 0 ? items : cards.map((card) => wholeItem(card));
  const draft = draftOf(written, linesOf(cards.map((card) => wholeItem(card))), reserved);
  return verdictOn({ question, options, captions }, answerIndex, draft);
}

/**
 * Check an edited caption and its question. In half of the cases the edited one is put first, and the right option is the one that
 * tells the way back.
 */
export function checkAttribute(written: WrittenQuestion, card: Card, rng: Rng): Checked {
  if (written.edited === undefined) return { kind: "wrong", reason: "reply with a wrong edited" };
  const { id, source, text } = card.caption;
  const edited = normaliseCaption(written.edited);
  const change = changeBetween(text, edited);
  if (!change) return { kind: "wrong", reason: "edit that is none, or of more than one place" };
  const line = (version: string): ContextLine => ({ id, source, text: version });
  const stems = contentStems(written.question).filter((stem) => card.key.includes(stem));
  const changed = change.from.length > 0 ? change.from : change.to;
  const marks = stems.length > 0 ? stems : changed.map(mentionStem);
  const reserved: Item[] = [{ card, label: marks.join(""), marks }];
  const asked = (captions: readonly string[]) => ({ question: written.question, options: written.options, captions });
  const forward = verdictOn(
    asked([text, edited]),
    written.answerIndex,
    draftOf(written, [line(text), line(edited)], reserved),
  );
  if (forward.kind !== "good" || rng.chance(0.5)) return forward;
  const [back, ...more] = rightOptions(solve(asked([edited, text]))) ?? [];
  if (back === undefined || more.length > 0) return forward;
  return { kind: "good", draft: draftOf({ ...written, answerIndex: back }, [line(edited), line(text)], reserved) };
}

/** Does the solver find one right option in a finished row, padding included? */
export function isStillSolved(asked: Parameters<typeof solve>[0], answerIndex: number): boolean {
  return rightOptions(solve(asked))?.join() === String(answerIndex);
}

function verdictOn(asked: Parameters<typeof solve>[0], answerIndex: number, draft: Draft): Checked {
  const solution = solve(asked);
  if ("unsolved" in solution) return { kind: "undecided", draft, reason: solution.unsolved };
  const right = rightOptions(solution);
  if (!right) {
    const unknown = solution.verdicts.find(({ kind }) => kind === "unknown");
    return { kind: "undecided", draft, reason: unknown?.kind === "unknown" ? unknown.reason : "" };
  }
  if (right.length === 0) return { kind: "wrong", reason: "no option is right by the captions" };
  if (right.length > 1) return { kind: "wrong", reason: `${right.length} options are right by the captions` };
  return right[0] === answerIndex
    ? { kind: "good", draft }
    : { kind: "wrong", reason: "another option is right by the captions" };
}

function draftOf(
  { question, options, answerIndex }: WrittenQuestion,
  lines: readonly ContextLine[],
  reserved: readonly Item[],
): Draft {
  const correct = options[answerIndex] as string;
  return { question, correct, distractors: options.filter((option) => option !== correct), lines, reserved };
}

function wholeItem(card: Card): Item {
  return { card, label: card.caption.text, marks: [card.key.trimEnd()] };
}
