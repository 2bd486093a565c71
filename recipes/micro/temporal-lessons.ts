/**
 * T3's fine-tuning text: temporal questions about captions, and no picture anywhere.
 *
 * A lesson opens with a T3 row, byte for byte in its serialisation: a quarter of the rows come from the families of
 * synthesiseT3, the others ask the probing suite's questions of a text (its third arm). Further turns ask more about the same
 * captions, which makes four questions out of one context. As a video shows a thing for several frames, a caption may hold for several lines.
 */
import { Rng } from "../../src/core/math/index.ts";
import type { Caption } from "../../src/data/index.ts";
import {
  type KeyPhrases,
  PREFIXES,
  SUFFIXES,
  serialiseT3,
  synthesiseT3,
  T3_FAMILIES,
  type T3Row,
  TEMPORAL_FAMILIES,
} from "../../src/synthesis/index.ts";
import {
  closings,
  type Glimpse,
  probingDraft,
  probingText,
  rightLine,
  shuffled,
  type TemporalTask,
  temporalTasks,
  thingOf,
  thingsNeeded,
} from "../../src/tasks/index.ts";
import { captionOf, randomWording, type Wording } from "./captions.ts";
import { episode, ramp } from "./episode.ts";
import type { Turn } from "./lesson.ts";
import { rowText, staticTurn } from "./static-lessons.ts";
import { trainWords, wholeWords } from "./words.ts";

/** A text: what its lines show, and their captions. */
type Reading = Readonly<{ glimpses: readonly Glimpse[]; captions: readonly string[]; wording: Wording }>;

export type Lesson = Readonly<{ turns: readonly Turn[] }>;

const turnsPerLesson = 4;
/** Share of lessons from the families of synthesiseT3. */
const familyShare = 0.25;
const maxLines = 8;

/** An endless, seeded supply of temporal lessons. */
export function* temporalLessons(seed: number | string): Generator<Lesson, never> {
  const rng = new Rng(`temporal-lessons/${seed}`);
  for (let part = 0; ; part++) {
    for (const row of temporalRows(`${seed}/${part}`, 4000)) {
      while (!rng.chance(familyShare)) yield probingLesson(rng);
      yield rowLesson(row, rng);
    }
  }
}

/** The control: as many turns about the same kind of captions, with questions that need no order (T3's HotpotQA control). */
export function* controlLessons(seed: number | string): Generator<Lesson, never> {
  const rng = new Rng(`control-lessons/${seed}`);
  for (;;) {
    const { glimpses, captions, wording } = randomReading(rng);
    const question = staticTurn(glimpses, rng, wholeWords, { wording });
    const first = {
      ask: `${rng.pick(PREFIXES)}\n\nCaptions:\n${captions.join("\n")}\n${question.ask}`,
      answer: question.answer,
    };
    const more = Array.from({ length: turnsPerLesson - 1 }, () => staticTurn(glimpses, rng, wholeWords, { wording }));
    yield { turns: [first, ...more] };
  }
}

/** T3 rows from single-image captions of the training words. */
export function temporalRows(
  seed: string,
  count: number,
  families: readonly string[] = TEMPORAL_FAMILIES,
): Generator<T3Row> {
  const rng = new Rng(`captions/${seed}`);
  const known = new Map<string, Glimpse>();
  const captions = Array.from({ length: 3000 }, (_, i): Caption => {
    const [glimpse] = episode(rng, trainWords, { things: 1, frames: 1 }) as [Glimpse];
    const text = captionOf(glimpse, randomWording(rng));
    known.set(text, glimpse);
    return { id: `caption-${i}`, text, source: `image-${i}` };
  });
  const keyPhrases: KeyPhrases = ({ text }) => {
    const glimpse = known.get(text);
    if (!glimpse) return { phrases: [], attributes: [] };
    const subject = thingOf(glimpse);
    const light = glimpse.brightness;
    return {
      phrases: [subject],
      attributes: [
        { kind: "size", value: glimpse.size, subject, alternatives: ["small", "medium", "large"] },
        ...(light === "normal" ? [] : [{ kind: "brightness", value: light, subject, alternatives: ["dim", "bright"] }]),
      ],
    };
  };
  const unknown = families.find((name) => !T3_FAMILIES.includes(name));
  if (unknown) throw new RangeError(`Expected families out of ${T3_FAMILIES.join(", ")}, got ${unknown}.`);
  return synthesiseT3(captions, {
    seed,
    families,
    padding: [1, 1, 2],
    rows: count,
    split: "train",
    validation: 0,
    keyPhrases,
  });
}

/** One probing question as it is asked of a text, for the vocabulary. */
export function temporalTurn(rng: Rng): Turn {
  return probingTurn(rng.pick(temporalTasks), rng) as Turn;
}

function rowLesson(row: T3Row, rng: Rng): Lesson {
  const held = row.padding === 1 && rng.chance(0.6) ? holdLines(row, rng) : row;
  const { human, gpt } = serialiseT3(held);
  return { turns: [{ ask: human, answer: gpt }] };
}

/** Each caption repeated for a run of lines: order, places and neighbours stay what they were. */
function holdLines(row: T3Row, rng: Rng): T3Row {
  const spare = maxLines - row.captions.length;
  if (spare <= 0) return row;
  const extra = rng.integer(1, spare);
  const runs = row.captions.map(() => 1);
  for (let i = 0; i < extra; i++) {
    const line = rng.below(runs.length);
    runs[line] = (runs[line] as number) + 1;
  }
  const repeat = <T>(items: readonly T[]) => items.flatMap((item, i) => new Array<T>(runs[i] as number).fill(item));
  return { ...row, captions: repeat(row.captions), sourceIds: repeat(row.sourceIds) };
}

/** Probing questions about one text: the first as a T3 row, more of them in either layout. */
function probingLesson(rng: Rng): Lesson {
  const three = rng.chance(0.62);
  const task = three
    ? rng.pick(temporalTasks.slice(1, 6))
    : rng.pick(["order of two", "brightness", "growth"] as const);
  const { glimpses, captions } = readingFor(task, rng);
  const draft = probingDraft(task, glimpses, rng);
  const choice = shuffled(draft, rng);
  const [prefix, suffix] = [rng.pick(PREFIXES), rng.pick(SUFFIXES)];
  const row = { ...emptyRow, prefix, suffix, question: choice.stem, options: choice.options, captions };
  const { human } = serialiseT3({ ...row, answer: rightLine(choice) });
  const turns: Turn[] = [{ ask: human, answer: rightLine(choice) }];
  while (turns.length < (three ? turnsPerLesson : 2)) {
    const next = three ? rng.pick(temporalTasks.slice(1, 6)) : task;
    turns.push(probingTurn(next, rng, glimpses));
  }
  return { turns };
}

function probingTurn(task: TemporalTask, rng: Rng, glimpses = readingFor(task, rng).glimpses): Turn {
  const choice = shuffled(probingDraft(task, glimpses, rng), rng);
  const ask = rng.chance(0.6) ? probingText(choice, rng.pick(closings)) : rowText(choice, rng);
  return { ask, answer: rightLine(choice) };
}

function readingFor(task: TemporalTask, rng: Rng): Reading {
  const things = thingsNeeded[task];
  const frames = rng.chance(0.4) ? maxLines : rng.integer(Math.max(2, things), maxLines);
  const what = task === "growth" ? "size" : task === "brightness" ? "brightness" : undefined;
  const glimpses = what ? ramp(rng, trainWords, frames, what) : episode(rng, trainWords, { things, frames });
  return reading(glimpses, randomWording(rng));
}

function randomReading(rng: Rng): Reading {
  const things = rng.integer(1, 3);
  const glimpses = episode(rng, wholeWords, { things, frames: rng.integer(Math.max(2, things), maxLines) });
  return reading(glimpses, randomWording(rng));
}

function reading(glimpses: readonly Glimpse[], wording: Wording): Reading {
  return { glimpses, captions: glimpses.map((glimpse) => captionOf(glimpse, wording)), wording };
}

const emptyRow: T3Row = {
  id: "probing",
  split: "train",
  family: "probing",
  level: "text",
  padding: 1,
  prefix: "",
  suffix: "",
  question: "",
  options: [],
  answerIndex: 0,
  answer: "",
  captions: [],
  sourceIds: [],
  slots: [],
};
