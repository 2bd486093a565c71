/**
 * The two texts of the reproduction: T3's temporal lessons, and a control of static lessons of the same length.
 *
 * A quarter of the T3 arm's lessons repeats static questions, as T3 mixes its text with instruction data so that a model
 * keeps what it knows. The control consists of such lessons alone: same captions, same layout, nothing about time.
 */
import { Rng } from "../../src/core/math/index.ts";
import type { Conversation } from "../../src/data/index.ts";
import type { Sequence } from "../../src/nn/models/index.ts";
import type { Tokenizer } from "../../src/nn/tokenizer/index.ts";
import { conversation, sequencer, type Turn } from "../micro/lesson.ts";
import { controlLessons, temporalLessons } from "../micro/temporal-lessons.ts";

export const arms = ["t3", "control"] as const;
export type TextArm = (typeof arms)[number];

export type TextRow = Readonly<{ turns: readonly Turn[]; sequence: Sequence }>;

const staticShare = 0.25;

export type TextOptions = Readonly<{ seed: number; rows: number; tokenizer: Tokenizer }>;

/** The rows of an arm. Row i of the control has about as many tokens as row i of T3. */
export function transferText(arm: TextArm, { seed, rows, tokenizer }: TextOptions): TextRow[] {
  const encode = sequencer(tokenizer);
  const row = (turns: readonly Turn[]): TextRow => ({ turns, sequence: encode(conversation("", turns)) });
  const temporal = temporalLessons(seed);
  const repeated = controlLessons(`${seed}/repeated`);
  const rng = new Rng(`transfer-text/${seed}`);
  const draw = (lessons: Generator<{ turns: readonly Turn[] }, never>) => lessons.next().value.turns;
  const t3 = Array.from({ length: rows }, () => row(draw(rng.chance(staticShare) ? repeated : temporal)));
  if (arm === "t3") return t3;
  const lessons = controlLessons(`${seed}/control`);
  return t3.map(({ sequence }) => {
    const turns: Turn[] = [...draw(lessons)];
    let made = row(turns);
    while (turns.length > 1 && made.sequence.ids.length > sequence.ids.length) {
      turns.pop();
      made = row(turns);
    }
    return made;
  });
}

/**
 * Rows in batches of like length, in random order: padding to the longest of 32 random rows would be a third of the work.
 * Rows of eight batches are sorted at a time, so that what is learnt when stays random.
 */
export function batchesOf(rows: readonly TextRow[], size: number, rng: Rng): TextRow[][] {
  const window = 8 * size;
  const batches: TextRow[][] = [];
  for (let start = 0; start < rows.length; start += window) {
    const sorted = rows.slice(start, start + window).sort((a, b) => a.sequence.ids.length - b.sequence.ids.length);
    const cut = Array.from({ length: Math.ceil(sorted.length / size) }, (_, i) =>
      sorted.slice(i * size, (i + 1) * size),
    );
    batches.push(...rng.shuffle(cut));
  }
  return batches;
}

/** As a conversation of a data file. */
export function asConversation({ turns }: TextRow, id: string): Conversation {
  return {
    id,
    turns: turns.flatMap(({ ask, answer }) => [
      { from: "human" as const, value: ask },
      { from: "gpt" as const, value: answer },
    ]),
  };
}
