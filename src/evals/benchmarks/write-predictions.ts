/** Replies of a run as TempCompass's prediction files, which its own scripts and `zoetrope score` read. */
import { join } from "node:path";
import { writeAtomically } from "../../core/files/index.ts";
import { questionId, type TempCompassQuestion, tempCompassTasks } from "./tempcompass-data.ts";

type Row = Readonly<{ question: string; answer: string; prediction: string }>;

/** Write {task}.json for every task with replies (by question id) into a folder. */
export function writePredictions(
  folder: string,
  questions: readonly TempCompassQuestion[],
  replies: ReadonlyMap<string, string>,
): void {
  for (const task of tempCompassTasks) {
    const file: Record<string, Record<string, Row[]>> = {};
    for (const each of questions) {
      const prediction = replies.get(questionId(each));
      if (each.task !== task || prediction === undefined) continue;
      file[each.video] ??= {};
      const aspects = file[each.video] as Record<string, Row[]>;
      aspects[each.aspect] ??= [];
      aspects[each.aspect]?.push({ question: each.question, answer: each.answer, prediction });
    }
    if (Object.keys(file).length > 0) writeAtomically(join(folder, `${task}.json`), [JSON.stringify(file, null, 2)]);
  }
}
