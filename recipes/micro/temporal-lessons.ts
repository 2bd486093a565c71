/**
 * T3's fine-tuning text: temporal questions about captions, and no picture anywhere.
 *
 * A tenth of the lessons are rows of synthesiseT3; the others ask the probing suite's questions of a text (its third arm), a
 * few different ones about the same captions. They form a curriculum: few options before many, short texts before long ones, and
 * more of what is learnt last towards the end. What each of these gave, and what did not help, is in docs/log.md.
 */
import { Rng } from "../../src/core/math/index.ts";
import { PREFIXES } from "../../src/synthesis/index.ts";
import {
  closings,
  type Draft,
  probingDraft,
  probingText,
  rightLine,
  shuffled,
  type TemporalTask,
  temporalTasks,
  thingsNeeded,
} from "../../src/tasks/index.ts";
import { captionOf, randomWording } from "./captions.ts";
import { episode, ramp } from "./episode.ts";
import type { Turn } from "./lesson.ts";
import { rowText } from "./static-lessons.ts";
import { maxLines, rowTurn, temporalRows } from "./temporal-rows.ts";
import { trainWords } from "./words.ts";

export type Lesson = Readonly<{ turns: readonly Turn[] }>;

/** What each family of the paper's mixtures is made of: probing questions, and families of synthesiseT3. */
const mixture = {
  order: { tasks: ["order of two"], rows: ["order"] },
  "order template": { tasks: ["order of three"], rows: ["order-template"] },
  attribute: { tasks: ["brightness", "growth"], rows: ["attribute"] },
  referring: { tasks: ["referring begin", "referring middle", "referring end"], rows: ["referring", "anchor"] },
  grounding: { tasks: ["grounding"], rows: ["grounding"] },
} as const satisfies Record<string, { tasks: readonly TemporalTask[]; rows: readonly string[] }>;

export type LessonFamily = keyof typeof mixture;
export const lessonFamilies = Object.keys(mixture) as LessonFamily[];

export type LessonOptions = Readonly<{
  /** Lessons that will be drawn: the curriculum is laid over them. Default: drawn as at the end of the curriculum. */
  count?: number;
  /** Default: all. */
  families?: readonly LessonFamily[];
  /**
   * Lines of a text for each thing in it, or the numbers that one is drawn from, by the family of a lesson's first question.
   * Default: drawn, up to eight lines in all.
   */
  padding?: number | Readonly<Partial<Record<LessonFamily, readonly number[]>>>;
}>;

const rowShare = 0.1;
/** Share of turns that are answered in words instead of an option. */
const freeShare = 0.1;
const turnsPerLesson = 3;

/** A seeded supply of temporal lessons; endless, also behind `count`. */
export function* temporalLessons(seed: number | string, options: LessonOptions = {}): Generator<Lesson, never> {
  const { count = 0, families = lessonFamilies } = options;
  const rng = new Rng(`temporal-lessons/${seed}`);
  const tasks = temporalTasks.filter((task) => families.some((name) => asks(name).includes(task)));
  const rowFamilies = families.flatMap((name) => mixture[name].rows);
  let drawn = 0;
  for (let part = 0; ; part++) {
    for (const row of temporalRows(`${seed}/${part}`, 4000, rowFamilies)) {
      while (!rng.chance(rowShare)) {
        const progress = drawn < count ? drawn / count : 1;
        drawn++;
        yield probingLesson(rng, { tasks, progress, ...options });
      }
      drawn++;
      yield { turns: [rowTurn(row, rng)] };
    }
  }
}

function asks(family: LessonFamily): readonly TemporalTask[] {
  return mixture[family].tasks;
}

/** One probing question as it is asked of a text, for the vocabulary. */
export function temporalTurn(rng: Rng): Turn {
  const task = rng.pick(temporalTasks);
  return optionTurn(probingDraft(task, readingFor(task, rng, {}), rng), rng);
}

type Moment = Readonly<{ tasks: readonly TemporalTask[]; progress: number }> & Pick<LessonOptions, "padding">;

/** What the curriculum asks at a moment of it: questions about three things take longest to learn. */
function currentTasks({ tasks, progress }: Moment, rng: Rng): readonly TemporalTask[] {
  const [easy, three] = [
    tasks.filter((task) => thingsNeeded[task] < 3),
    tasks.filter((task) => thingsNeeded[task] === 3),
  ];
  if (three.length === 0 || (easy.length > 0 && !rng.chance(progress < 0.25 ? 0.7 : 0.9))) return easy;
  const slow = three.filter((task) => task !== "referring begin" && task !== "referring end");
  return slow.length > 0 && progress > 0.5 && rng.chance(0.3) ? slow : three;
}

/**
 * Different questions about one text. None is asked twice: the answer would stand in the turn before, and copying it from there
 * is learnt instead of reading the captions.
 */
function probingLesson(rng: Rng, moment: Moment): Lesson {
  const tasks = currentTasks(moment, rng);
  const first = rng.pick(tasks);
  const short = rng.chance(Math.max(0, 1 - 2 * moment.progress));
  const padding = paddingOf(first, moment, rng);
  const glimpses = readingFor(first, rng, { short, ...(padding !== undefined && { padding }) });
  const wording = randomWording(rng);
  const captions = glimpses.map((glimpse) => `${captionOf(glimpse, wording)}\n`).join("");
  const opening = rng.chance(0.5) ? `${rng.pick(PREFIXES)}\n\nCaptions:\n${captions}` : captions;
  const alike = tasks.filter((task) => thingsNeeded[task] === thingsNeeded[first] && thingsNeeded[task] === 3);
  const asked = new Set<string>();
  const turns: Turn[] = [];
  for (let tries = 0; tries < 4 * turnsPerLesson && turns.length < turnsPerLesson; tries++) {
    const draft = probingDraft(turns.length === 0 || alike.length === 0 ? first : rng.pick(alike), glimpses, rng);
    if (asked.has(draft.stem)) continue;
    asked.add(draft.stem);
    const { ask, answer } = turnOf(draft, moment.progress, rng);
    turns.push({ ask: turns.length === 0 ? `${opening}${ask}` : ask, answer });
  }
  return { turns };
}

function paddingOf(task: TemporalTask, { padding }: Moment, rng: Rng): number | undefined {
  if (typeof padding !== "object") return padding;
  const numbers = padding[lessonFamilies.find((name) => asks(name).includes(task)) as LessonFamily];
  return numbers && rng.pick(numbers);
}

/** Early in the curriculum options are few; now and then there are none. */
function turnOf(draft: Draft, progress: number, rng: Rng): Turn {
  if (rng.chance(freeShare)) return { ask: `${draft.stem} `, answer: draft.right };
  const few = draft.wrong.length > 1 && rng.chance(1 - progress);
  const wrong = few ? rng.sample(draft.wrong, rng.integer(1, Math.min(4, draft.wrong.length))) : draft.wrong;
  return optionTurn({ ...draft, wrong }, rng);
}

function optionTurn(draft: Draft, rng: Rng): Turn {
  const choice = shuffled(draft, rng);
  const ask = rng.chance(0.6) ? probingText(choice, rng.pick(closings)) : rowText(choice, rng);
  return { ask, answer: rightLine(choice) };
}

/** Lines that suit a task; short ones have a line for each thing. */
function readingFor(task: TemporalTask, rng: Rng, { short, padding }: { short?: boolean; padding?: number }) {
  const things = thingsNeeded[task];
  const least = Math.max(2, things);
  const drawn = () => (rng.chance(0.4) ? maxLines : rng.integer(least, maxLines));
  const frames = padding !== undefined ? least * padding : short ? least : drawn();
  const what = task === "growth" ? "size" : task === "brightness" ? "brightness" : undefined;
  return what ? ramp(rng, trainWords, frames, what) : episode(rng, trainWords, { things, frames });
}
