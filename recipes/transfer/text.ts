/**
 * The two texts of the reproduction: T3's temporal lessons, and a control of static lessons of the same length.
 *
 * A share of the T3 arm's lessons repeats static questions, as T3 mixes its text with instruction data so that a model
 * keeps what it knows. The control consists of such lessons alone: same captions, same layout, nothing about time.
 */
import { Rng } from "../../src/core/math/index.ts";
import type { Conversation } from "../../src/data/index.ts";
import type { Sequence } from "../../src/nn/models/index.ts";
import type { Tokenizer } from "../../src/nn/tokenizer/index.ts";
import { controlLessons } from "../micro/control-lessons.ts";
import { conversation, sequencer, type Turn } from "../micro/lesson.ts";
import { type Lesson, type LessonOptions, temporalLessons } from "../micro/temporal-lessons.ts";

export const arms = ["t3", "control"] as const;
export type TextArm = (typeof arms)[number];

export type TextRow = Readonly<{ turns: readonly Turn[]; sequence: Sequence }>;

const staticShare = 0.15;
/** Tokens that a row may have, unless said otherwise. */
const usualRoom = 256;

export type TextOptions = Readonly<{
  seed: number;
  rows: number;
  tokenizer: Tokenizer;
  /** Which temporal lessons, laid over these rows. */
  lessons?: Omit<LessonOptions, "count">;
  /** Tokens that a row may have: turns that do not fit are left out, and lessons whose first turn does not. */
  room?: number;
}>;

/** The rows of an arm. Row i of the control has about as many tokens as row i of T3. */
export function transferText(arm: TextArm, options: TextOptions): TextRow[] {
  const { seed, rows, tokenizer, lessons = {}, room = usualRoom } = options;
  const encode = sequencer(tokenizer);
  const temporal = temporalLessons(seed, { count: Math.round(rows * (1 - staticShare)), ...lessons });
  const repeated = controlLessons(`${seed}/repeated`);
  const rng = new Rng(`transfer-text/${seed}`);
  const t3 = Array.from({ length: rows }, () => {
    const source = rng.chance(staticShare) ? repeated : temporal;
    for (;;) {
      const row = fitted(encode, (source.next().value as Lesson).turns, room);
      if (row.sequence.ids.length <= room) return row;
    }
  });
  if (arm === "t3") return t3;
  const control = controlLessons(`${seed}/control`);
  return t3.map(({ sequence }) => fitted(encode, control.next().value.turns, sequence.ids.length));
}

/** As many of the turns as fit into the room, one at least. */
function fitted(encode: ReturnType<typeof sequencer>, all: readonly Turn[], tokens: number): TextRow {
  for (let count = all.length; ; count--) {
    const turns = all.slice(0, count);
    const sequence = encode(conversation("", turns));
    if (count === 1 || sequence.ids.length <= tokens) return { turns, sequence };
  }
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
