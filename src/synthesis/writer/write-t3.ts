/**
 * T3's order and attribute questions written by a language model, as the paper had them written, and checked by a solver.
 *
 * Attempts are drawn from the seed alone, never from replies: a run that is stopped and started again asks the same prompts, finds
 * their replies in the cache and goes on. Every attempt that gives no row is told with its reason.
 */
import type { ChatModel } from "../../chat/index.ts";
import { Rng } from "../../core/math/index.ts";
import { parseChoice } from "../../core/text/index.ts";
import type { Caption } from "../../data/index.ts";
import { type Balance, balance } from "../t3/balance.ts";
import { composeRow } from "../t3/compose.ts";
import { contextLines, splitLines } from "../t3/context-line.ts";
import type { Card, Deck } from "../t3/deck.ts";
import { factsByRule } from "../t3/facts.ts";
import type { Draft } from "../t3/family.ts";
import { fingerprintOf } from "../t3/fingerprint.ts";
import { askT3, readT3 } from "../t3/read-t3.ts";
import { type Split, type T3Row, t3Conversation } from "../t3/row.ts";
import { type Checked, checkAttribute, checkOrder, isStillSolved } from "./check-question.ts";
import { attributePrompt, orderPrompt, WRITTEN_FAMILIES, type WrittenFamily } from "./prompt.ts";
import { readReply } from "./read-reply.ts";
import type { KeptReply, ReplyCache } from "./reply-cache.ts";

export type WriterOptions = Readonly<{
  model: ChatModel;
  cache: ReplyCache;
  seed: number | string;
  rows: number;
  /** Judges what the rules cannot: it must choose the marked option of both of two orders. */
  solver?: ChatModel;
  families?: readonly WrittenFamily[];
  padding?: readonly number[];
  split?: Split | "both";
  validation?: number;
  context?: "first-sentence" | "full";
  /** Prompts sent at a time; default 8. */
  batch?: number;
  /** Attempts a row before giving up; default 4. */
  patience?: number;
  onSkip?: (reason: string, caption?: Caption) => void;
  onAttempt?: (attempts: number) => void;
  signal?: AbortSignal;
}>;

/** A row and who found its answer derivable: "rules", or the name of the solver. */
export type WrittenRow = Readonly<{ row: T3Row; checkedBy: string }>;

const REPLY_TOKENS = 512;
const ANSWER_TOKENS = 48;

/** Written rows, training side first. Throws what the model throws; replies until then are in the cache. */
export async function* writeT3(
  captions: Iterable<Caption>,
  options: WriterOptions,
): AsyncGenerator<WrittenRow, void, void> {
  const { split = "both", validation = 0.05, rows, onSkip = () => {} } = options;
  const lines = contextLines(captions, options.context ?? "first-sentence", onSkip);
  const sides = splitLines(lines, validation);
  const share = split === "both" ? sides.validation.length / Math.max(1, lines.length) : split === "validation" ? 1 : 0;
  const held = Math.round(rows * share);
  yield* rowsOf(sides.train, options, { split: "train", rows: rows - held });
  yield* rowsOf(sides.validation, options, { split: "validation", rows: held });
}

type Side = Readonly<{ split: Split; rows: number }>;
type Attempt = Readonly<{ family: WrittenFamily; padding: number; cards: readonly Card[]; prompt: string; rng: Rng }>;

async function* rowsOf(
  cards: readonly Card[],
  options: WriterOptions,
  { split, rows }: Side,
): AsyncGenerator<WrittenRow> {
  if (cards.length < 4 || rows === 0) return;
  const { model, cache, signal, onSkip = () => {}, onAttempt = () => {}, batch = 8, patience = 4 } = options;
  const rng = new Rng(`writer/${options.seed}`).fork(split);
  const deck: Deck = { cards, keyPhrases: factsByRule, rng: rng.fork("deck") };
  const letters = balance("letters", rng.fork("letters"));
  const asked = new Set<number>();
  let written = 0;
  for (let from = 0; written < rows && from < rows * patience; from += batch) {
    signal?.throwIfAborted();
    const attempts = Array.from({ length: batch }, (_, i) => attemptOf(from + i, cards, { ...options, rng }));
    const prompts = attempts.map(({ prompt }) => prompt);
    const replies = await cache.replies(model, prompts, { maxNewTokens: REPLY_TOKENS, ...(signal && { signal }) });
    for (const [i, attempt] of attempts.entries()) {
      if (written === rows) return;
      onAttempt(from + i + 1);
      const id = `t3-${split}-${attempt.family}-written-${attempt.padding}x-${written}`;
      const made = await rowOf(attempt, replies[i] as KeptReply, { ...options, id, split, deck, letters, asked });
      if ("skip" in made) onSkip(`${attempt.family} (written): ${made.skip}`, attempt.cards[0]?.caption);
      else {
        written++;
        yield made;
      }
    }
  }
}

/** The n-th attempt, whatever came of the others. */
function attemptOf(n: number, cards: readonly Card[], options: WriterOptions & { rng: Rng }): Attempt {
  const { families = WRITTEN_FAMILIES, padding = [1] } = options;
  const rng = options.rng.fork(n);
  const family = families[n % families.length] as WrittenFamily;
  const k = padding[Math.floor(n / families.length) % padding.length] as number;
  const drawn = drawCards(cards, family === "order" ? rng.pick([2, 3, 3, 4]) : 1, rng);
  const texts = drawn.map(({ caption }) => caption.text);
  const prompt = family === "order" ? orderPrompt(texts, rng) : attributePrompt(texts[0] as string, rng);
  return { family, padding: k, cards: drawn, prompt, rng };
}

/** Cards of different sources; fewer where the deck has no more sources. */
function drawCards(cards: readonly Card[], count: number, rng: Rng): Card[] {
  const drawn = new Map<string, Card>();
  for (let tries = 0; drawn.size < count && tries < 40 * count; tries++) {
    const card = rng.pick(cards);
    if (!drawn.has(card.caption.source)) drawn.set(card.caption.source, card);
  }
  return [...drawn.values()];
}

type Making = WriterOptions & { id: string; split: Split; deck: Deck; letters: Balance; asked: Set<number> };

async function rowOf(attempt: Attempt, reply: KeptReply, making: Making): Promise<WrittenRow | { skip: string }> {
  const { family, padding, cards, rng } = attempt;
  const { id, split, deck, letters, asked } = making;
  const written = readReply(reply);
  if ("problem" in written) return { skip: written.problem };
  const checked = family === "order" ? checkOrder(written, cards) : checkAttribute(written, cards[0] as Card, rng);
  const checkedBy = await judge(checked, making);
  if (typeof checkedBy !== "string") return checkedBy;
  const { draft } = checked as Extract<Checked, { draft: Draft }>;
  const fingerprint = fingerprintOf(draft, padding);
  if (asked.has(fingerprint)) return { skip: "question already asked" };
  const row = composeRow(draft, { id, split, family, level: "written", padding }, { deck, letters });
  if ("skip" in row) return row;
  const read = readT3(t3Conversation(row));
  if ("problem" in read) return { skip: `row that reads as ${read.problem}` };
  if (checkedBy === "rules" && !isStillSolved(read, row.answerIndex)) return { skip: "ambiguous among the padding" };
  asked.add(fingerprint);
  return { row, checkedBy };
}

/** Who vouches for the draft, or why nobody does. */
async function judge(checked: Checked, { solver, cache, signal }: Making): Promise<string | { skip: string }> {
  if (checked.kind === "wrong") return { skip: checked.reason };
  if (checked.kind === "good") return "rules";
  const undecided = { skip: `answer that cannot be derived (${kindOfReason(checked.reason)})` };
  if (!solver) return undecided;
  const { question, correct, distractors, lines } = checked.draft;
  const captions = lines.map(({ text }) => text);
  const orders = [
    [correct, ...distractors],
    [...distractors, correct],
  ];
  const questions = orders.map((options) =>
    askT3({ prefix: SOLVER_PREFIX, question, options, suffix: SOLVER_SUFFIX, captions, answerIndex: 0 }, captions),
  );
  const replies = await cache.replies(solver, questions, { maxNewTokens: ANSWER_TOKENS, ...(signal && { signal }) });
  const agrees = replies.every(({ text }, i) => {
    const options = orders[i] as string[];
    const choice = parseChoice(text, options);
    return choice.kind === "choice" && options[choice.index] === correct;
  });
  return agrees ? solver.name : { skip: "the solver chooses another option" };
}

const SOLVER_PREFIX = "The captions below describe key frames of a video in order. Answer the question about them.";
const SOLVER_SUFFIX = "Reply with the letter of the right option alone.";

/** Reasons quote the words that were not found; counted together they need a common name. */
function kindOfReason(reason: string): string {
  return reason.replace(/"[^"]*"/g, "a thing");
}
