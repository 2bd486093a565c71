/** A few questions for the report: one for each of the paper's tasks, with what the arms said. */
import { Rng } from "../core/math/index.ts";
import { optionLine } from "../core/text/index.ts";
import { paperTaskOf, paperTasks } from "../synthesis/index.ts";
import type { ProbingVideo } from "./probing-data.ts";
import type { ProbeMode } from "./settings.ts";
import { questionOf, type TextOutcome } from "./text-arms.ts";

export type PickedQuestion = Readonly<{
  task: string;
  path: string;
  question: string;
  /** The right option with its letter. */
  right: string;
  captions: readonly string[];
  /** Replies; null where the arm was not run. */
  full: string | null;
  decoder: string | null;
}>;

export type Picking = Readonly<{
  items: readonly ProbingVideo[];
  mode: ProbeMode;
  seed: number;
  full: readonly TextOutcome[];
  decoder: readonly TextOutcome[];
}>;

/** The same questions for the same seed. */
export function pickQuestions({ items, mode, seed, full, decoder }: Picking): PickedQuestion[] {
  const rng = new Rng(`probe-examples/${seed}`);
  const replyOf = (outcomes: readonly TextOutcome[], id: string) =>
    outcomes.find((each) => each.id === id)?.reply ?? null;
  return paperTasks.flatMap((task) => {
    const own = items.filter(({ aspect }) => paperTaskOf[aspect.task] === task);
    if (own.length === 0) return [];
    const item = rng.fork(task).pick(own);
    const { text, options, answerIndex } = questionOf(item, mode, seed);
    return [
      {
        ...{ task: `${task}: ${item.aspect.id}`, path: item.path, question: text, captions: item.captions ?? [] },
        right: optionLine(answerIndex, options[answerIndex] as string),
        full: replyOf(full, item.id),
        decoder: replyOf(decoder, item.id),
      },
    ];
  });
}
