/**
 * Which questions to show: drawn by seed, not by hand.
 */
import { Rng } from "../core/math/index.ts";
import type { Answer, Arm, TransferRun } from "../evals/index.ts";
import { staticTasks, temporalTasks } from "../tasks/index.ts";

/** One question with the answers of the three arms. */
export type AnswerTriple = Readonly<Record<Arm, Answer>>;

export type PickedExamples = Readonly<{
  /** For every temporal task, and every static one with such a case, a question that T3 got right and the baseline wrong. */
  learnt: readonly AnswerTriple[];
  /** Temporal questions that T3 still gets wrong, of different tasks as long as there are. */
  stillWrong: readonly AnswerTriple[];
}>;

/** Draw from one run. A temporal task without a question of the first sort is shown with any of its questions. */
export function pickExamples(
  run: TransferRun,
  { seed = 0, stillWrong = 4 }: Readonly<{ seed?: number; stillWrong?: number }> = {},
): PickedExamples {
  const rng = new Rng(`examples/${seed}`);
  const triples = rng.shuffle(joinArms(run));
  const learnt = ({ baseline, t3 }: AnswerTriple) => t3.correct && !baseline.correct;
  const ofTask = (task: string) => triples.filter(({ t3 }) => t3.sample.task === task);
  const shown = [
    ...temporalTasks.flatMap((task) => ofTask(task).find(learnt) ?? ofTask(task)[0] ?? []),
    ...staticTasks.flatMap((task) => ofTask(task).find(learnt) ?? []),
  ];
  const chosen = new Set(shown);
  const wrong = temporalTasks.map((task) => ofTask(task).filter((triple) => !triple.t3.correct && !chosen.has(triple)));
  const rounds = Math.max(0, ...wrong.map((list) => list.length));
  const turns = Array.from({ length: rounds }, (_, round) => rng.shuffle(wrong.flatMap((list) => list[round] ?? [])));
  return { learnt: shown, stillWrong: turns.flat().slice(0, stillWrong) };
}

function joinArms({ baseline, control, t3 }: TransferRun): AnswerTriple[] {
  const index = (answers: readonly Answer[]) => new Map(answers.map((answer) => [answer.sample.id, answer]));
  const [before, other] = [index(baseline), index(control)];
  return t3.flatMap((answer) => {
    const [b, c] = [before.get(answer.sample.id), other.get(answer.sample.id)];
    return b && c ? [{ baseline: b, control: c, t3: answer }] : [];
  });
}
