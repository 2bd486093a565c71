/**
 * Lists to read in text, before any frame carries a number: on which lines does a thing stand?
 *
 * A line says in words what the visual tokens of a frame say. Half of the lists have a number at the end of each line; the others tell
 * the seconds of their lines in the question, as is done for frames without numbers. Both are asked the same. The lists are about
 * things: nothing grows or darkens in them, and no picture is seen. Docs/log.md 14 and 23 tell what comes of other ways.
 */
import { Rng } from "../../src/core/math/index.ts";
import { evenTimeline } from "../../src/core/time/index.ts";
import type { Sequence } from "../../src/nn/models/index.ts";
import type { Tokenizer } from "../../src/nn/tokenizer/index.ts";
import { type Glimpse, groundingText, thingOf, thingsOf, type Words } from "../../src/tasks/index.ts";
import { withArticle } from "../../src/world/index.ts";
import { keywordsOf } from "../micro/captions.ts";
import { episode, range } from "../micro/episode.ts";
import { lines, type Piece, sequencer, type Turn } from "../micro/lesson.ts";
import { visibleWords, wholeWords } from "../micro/words.ts";
import { filled } from "./filled.ts";
import { mostNumbers, rate } from "./strip.ts";
import { boundaryAsk, type Clock, groundingAnswer, marksOf } from "./turns.ts";

export type ListSourceOptions = Readonly<{
  seed: number;
  steps: number;
  tokenizer: Tokenizer;
  /** Tokens of a batch, about. */
  tokens: number;
}>;

type List = Readonly<{
  glimpses: readonly Glimpse[];
  /** Second of each line, as frames would have it. */
  times: readonly number[];
  clock: Clock;
  /** What an answer calls each line. */
  marks: readonly string[];
}>;

/** Tokens that a long list takes with its look-ups. */
const lookUpRoom = 192;
/** Lines of a list at most, from this share of the look-ups on, and the tokens that such a list takes with all of them. */
const growth = [
  { from: 0, lines: 2, room: 48 },
  { from: 0.15, lines: 3, room: 64 },
  { from: 0.35, lines: 5, room: 96 },
  { from: 0.5, lines: 8, room: 128 },
  { from: 0.7, lines: 14, room: lookUpRoom },
] as const;
const longestList = 20;
/** Tokens of a list's conversation at most, but for its first question, which is never cut. */
const questionRoom = 320;
/** Of the steps: look-ups alone. */
const lookUpShare = 0.45;

/** Look-ups alone at first, in lists that grow; then NumPro's questions, among which look-ups become seldom. */
export function listSource({ seed, steps, tokenizer, tokens }: ListSourceOptions): (step: number) => Sequence[] {
  const encode = sequencer(tokenizer);
  const first = lookUpShare * steps;
  return (step) => {
    const rng = new Rng(`lists/${seed}/${step}`);
    const batchOf = (room: number, draw: () => Sequence) => Array.from({ length: Math.floor(tokens / room) }, draw);
    if (step < first) {
      const now = growth.findLast(({ from }) => step >= from * first) ?? growth[0];
      // Words that only texts know come late: matching forms sooner among few.
      const words = step < 0.7 * first ? visibleWords : wholeWords;
      return batchOf(now.room, () => withLookUps(encode, drawList(rng, now.lines, words), rng));
    }
    const share = (step - first) / (steps - first);
    const longest = Math.round(6 + (longestList - 6) * Math.min(1, 1.5 * share));
    // One kind of question a batch: they differ in length, and what is padded is computed for nothing.
    if (rng.chance(Math.max(0.15, 0.9 - 1.5 * share)))
      return batchOf(lookUpRoom, () => withLookUps(encode, drawList(rng, longest, wholeWords), rng));
    return batchOf(questionRoom, () => {
      const list = drawList(rng, longest, wholeWords);
      return filled(encode, contextOf(list), questionRoom, () => question(list, rng));
    });
  };
}

function drawList(rng: Rng, longest: number, words: Words): List {
  const count = rng.integer(2, longest);
  const glimpses = episode(rng, words, { things: rng.integer(1, Math.min(4, count)), frames: count });
  const clock = rng.pick(["numbers", "times"] as const);
  const times = Array.from(evenTimeline(count, rate).timestamps);
  return { glimpses, times, clock, marks: clock === "numbers" ? numbers(rng, count) : marksOf(clock, times) };
}

/** From 0 as on frames, from elsewhere, or with gaps: whoever counts lines instead of reading is wrong in most lists. */
function numbers(rng: Rng, count: number): string[] {
  if (rng.chance(0.5))
    return rng
      .sample(range(0, mostNumbers), count)
      .sort((a, b) => a - b)
      .map(String);
  const first = rng.chance(0.6) ? 0 : rng.below(mostNumbers - count);
  return range(first, first + count).map(String);
}

/** As the visual tokens of frames read: a number stands where the background's word would. */
function contextOf({ glimpses, clock, marks }: List): string {
  return lines(
    glimpses.map((glimpse, i) => {
      const words = keywordsOf(glimpse);
      return (clock === "numbers" ? [...words.slice(0, -1), marks[i]] : words).join(" ");
    }),
  );
}

/** A list and where each of its things begins and ends, and what it looks like, with the key directly before the answer. */
function withLookUps(encode: ReturnType<typeof sequencer>, list: List, rng: Rng): Sequence {
  const turns = thingsOf(list.glimpses).flatMap((thing): Turn[] => {
    const [first, last] = linesOf(list, thing).map((line) => list.marks[line] as string) as [string, string];
    const [colour, shape] = thing.split(" ") as [string, string];
    return [
      { ask: boundaryAsk(thing, true), answer: first },
      { ask: boundaryAsk(thing, false), answer: last },
      rng.chance(0.5) ? { ask: ` color? ${shape}`, answer: colour } : { ask: ` shape? ${colour}`, answer: shape },
    ];
  });
  const told = rng
    .shuffle(turns)
    .flatMap(({ ask, answer }): Piece[] => [{ text: ask }, { text: ` ${answer}`, learn: true }]);
  return encode([{ text: `<s>USER: ${contextOf(list)}` }, ...told]);
}

function question(list: List, rng: Rng): Turn {
  const { clock, marks, glimpses, times } = list;
  const thing = rng.pick(thingsOf(glimpses));
  const prompt = clock === "times" ? "times" : rng.pick(["numpro", "numpro-ft"] as const);
  const asked = groundingText(withArticle(thing), { prompt, numbers: clock === "numbers", times });
  return { ask: `${asked} `, answer: groundingAnswer(marks, linesOf(list, thing), prompt) };
}

/** The first and the last line on which a thing stands. */
function linesOf({ glimpses }: List, thing: string): readonly [first: number, last: number] {
  const isIt = (glimpse: Glimpse) => thingOf(glimpse) === thing;
  return [glimpses.findIndex(isIt), glimpses.findLastIndex(isIt)];
}
